// One page in each style, by hand: to the byte and to the nanosecond.
#include "models/api/page.hpp"
#include "scenarios/run.hpp"
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace archsim;
using namespace archsim::models;
using doctest::Approx;

namespace {

/// A user, ten posts under one address, and the ten authors whom the posts name. As JSON 34 000
/// bytes, of which the page shows 5000.
const std::string page = R"("page": [
    {"name": "user", "needed": "1000B", "whole": "4000B"},
    {"name": "posts", "count": 10, "listed": true, "needed": "300B", "whole": "2000B"},
    {"name": "authors", "count": 10, "after": "posts", "needed": "100B", "whole": "1000B"}])";

/// Round numbers: a byte takes a microsecond to write and another on the way, which is 10 ms long.
const std::string numbers =
    R"("request_head": "1000B", "response_head": "500B", "encode_rate": "8Mbps")";

std::string design(const std::string& style, const std::string& more = "") {
    return R"("duration": "1500ms", "nodes": {
        "users": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "1/s"},
                  "calls": ["app"]},
        "app": {"kind": "api", "servers": 100, "delay": "10ms", "bandwidth": "8Mbps",
                "style": )" +
           style + ", " + page + "}" + more + "}";
}

std::string styled(const std::string& kind, const std::string& more = "") {
    return R"({"kind": ")" + kind + R"(", )" + numbers + more + "}";
}

std::vector<PagePart> parts_of_page() {
    std::vector<PagePart> parts(3);
    parts[0] = {"user", 1, sim::Bytes{1000}, sim::Bytes{4000}, false, std::nullopt, std::nullopt};
    parts[1] = {"posts", 10, sim::Bytes{300}, sim::Bytes{2000}, true, std::nullopt, std::nullopt};
    parts[2] = {"authors", 10, sim::Bytes{100}, sim::Bytes{1000}, false, "posts", std::nullopt};
    return parts;
}

}  // namespace

TEST_SUITE("api") {
    TEST_CASE("REST: a call for each thing, six at a time, everything whole") {
        // The posts take 1 + 10 ms to the server, 20 ms to write, 20.5 + 10 ms back: 61.5 ms, the
        // user beside them less. Then ten authors of 1 + 10 + 1 + 1.5 + 10 = 23.5 ms, six and four.
        const auto found = tests::run_text(design(styled("rest")));
        CHECK(found["users/latency/max"] == Approx(0.1085).epsilon(1e-9));
        CHECK(found["app/calls_per_page"] == 12.0);
        CHECK(found["app/bytes_sent"] == 4500.0 + 20'500.0 + 10 * 1500.0);
        CHECK(found["app/bytes_received"] == 12'000.0);
        CHECK(found["app/over_fetch"] == Approx(29.0 / 34.0));
    }

    TEST_CASE("gRPC: a call for each part, whole but small, all at a time") {
        // Posts: 1 + 10 + 20 + 10.5 + 10 = 51.5 ms; authors: 1 + 10 + 10 + 5.5 + 10 = 36.5 ms.
        const auto found = tests::run_text(design(styled("grpc", R"(, "size_ratio": 0.5)")));
        CHECK(found["users/latency/max"] == Approx(0.088).epsilon(1e-9));
        CHECK(found["app/calls_per_page"] == 3.0);
        CHECK(found["app/bytes_sent"] == 2500.0 + 10'500.0 + 5500.0);
        CHECK(found["app/bytes_received"] == 3000.0);
        CHECK(found["app/over_fetch"] == Approx(29.0 / 34.0));
    }

    TEST_CASE("GraphQL: one call for the page, with what it shows") {
        // 1.6 + 10 ms with the query, 5 ms of writing, 5.5 + 10 ms back.
        const auto found = tests::run_text(design(styled("graphql", R"(, "query": "600B")")));
        CHECK(found["users/latency/max"] == Approx(0.0321).epsilon(1e-9));
        CHECK(found["app/calls_per_page"] == 1.0);
        CHECK(found["app/bytes_sent"] == 5500.0);
        CHECK(found["app/bytes_received"] == 1600.0);
        CHECK(found["app/over_fetch"] == 0.0);
    }

    TEST_CASE("a connection that is not kept costs its round trips") {
        // Twice 20 ms before 32.1 ms - 0.6 ms without the query's text.
        const auto found =
            tests::run_text(design(styled("graphql", R"(, "reuse": false, "handshake": 2)")));
        CHECK(found["users/latency/max"] == Approx(0.0715).epsilon(1e-9));
        CHECK(found["app/calls_per_page"] == 1.0);
    }

    TEST_CASE("the profiles weigh what their sources say") {
        const auto weight_of = [](const StyleChoice& style) {
            const ApiPlan plan = plan_of(parts_of_page(), rules_of(style));
            sim::Bytes sent;
            for (const auto& stage : plan.stages) {
                for (const std::size_t call : stage) sent += plan.calls[call].response;
            }
            return sent.count();
        };
        CHECK(weight_of(RestStyle{}) == 12 * 303 + 34'000);
        // 4000, 20 000 and 10 000 bytes x 53 / 152, each rounded up.
        CHECK(weight_of(GrpcStyle{}) == 3 * 126 + 1395 + 6974 + 3487);
        CHECK(weight_of(GraphQlStyle{}) == 303 + 5000);
        const ApiPlan rest = plan_of(parts_of_page(), rules_of(RestStyle{}));
        REQUIRE(rest.stages.size() == 2);
        CHECK(rest.stages[0].size() == 2);
        CHECK(rest.stages[1].size() == 10);
        CHECK(rest.calls[0].request == sim::Bytes{750});
        // 4000 bytes at 562 Mbit/s.
        CHECK(rest.calls[0].work == sim::Duration::nanoseconds(56'940));
    }

    TEST_CASE("the server asks its services once a call, side by side within a stage") {
        const auto with_sources = [](const std::string& style) {
            return R"("duration": "1500ms", "nodes": {
                "users": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "1/s"},
                          "calls": ["app"]},
                "app": {"kind": "api", "servers": 100, "delay": "10ms", "style": ")" +
                   style + R"(", "page": [
                    {"name": "posts", "count": 10, "listed": true, "needed": "0B", "whole": "0B",
                     "call": "posts"},
                    {"name": "tags", "needed": "0B", "whole": "0B", "call": "tags"},
                    {"name": "authors", "count": 10, "after": "posts", "needed": "0B",
                     "whole": "0B", "call": "authors"}]},
                "posts": {"kind": "service", "servers": 100, "service_time": "5ms"},
                "tags": {"kind": "service", "servers": 100, "service_time": "3ms"},
                "authors": {"kind": "service", "servers": 100, "service_time": "2ms"}})";
        };
        const auto rest = tests::run_text(with_sources("rest"));
        CHECK(rest["authors/arrivals"] == Approx(10 / 1.5));
        // 10 + 5 + 10 ms, then two times 10 + 2 + 10 ms.
        CHECK(rest["users/latency/max"] == Approx(0.069).epsilon(1e-9));
        const auto grpc = tests::run_text(with_sources("grpc"));
        CHECK(grpc["authors/arrivals"] == Approx(1 / 1.5));
        CHECK(grpc["users/latency/max"] == Approx(0.047).epsilon(1e-9));
        const auto graphql = tests::run_text(with_sources("graphql"));
        CHECK(graphql["authors/arrivals"] == Approx(1 / 1.5));
        CHECK(graphql["posts/arrivals"] == Approx(1 / 1.5));
        CHECK(graphql["users/latency/max"] == Approx(0.027).epsilon(1e-9));
    }

    TEST_CASE("the client's side is where the caller is, and the server pays for each call") {
        const auto scenario = tests::read_text(R"("duration": "100050ms", "warm_up": "50ms",
            "regions": ["home", "cloud"], "network": {"between": [["home", "cloud", "40ms"]]},
            "nodes": {
            "users": {"kind": "open_loop", "region": "home", "calls": ["app"],
                      "arrivals": {"kind": "constant", "rate": "10/s"}},
            "app": {"kind": "api", "region": "cloud", "servers": 100, "style": {"kind": "rest", )" +
                                               numbers + R"(},
                    "price": {"instance": "$1/month", "request": "$1/1M", "sent": "$1/GB"}, )" +
                                               page + "}}");
        const tests::Measured found{
            scenarios::run_replication(scenario, 0, scenario.warm_up.length, {})};
        // 40 + 20 + 40 ms for the posts, two times 40 + 1 + 40 ms for authors.
        CHECK(found["users/latency/max"] == Approx(0.262).epsilon(1e-9));
        CHECK(found["cost/app/instances"] == Approx(1.0));
        CHECK(found["cost/app/requests"] == Approx(12 * 26.28).epsilon(2e-3));
        CHECK(found["cost/app/sent"] == Approx(40'000.0 * 26.28e6 / 1e9).epsilon(2e-3));
    }

    TEST_CASE("behind a load balancer the page is put together at the server") {
        const auto found = tests::run_text(R"("duration": "1500ms", "nodes": {
            "users": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "1/s"},
                      "calls": ["lb"]},
            "lb": {"kind": "load_balancer", "policy": "round_robin", "calls": ["app"]},
            "app": {"kind": "api", "servers": 100, "style": )" +
                                           styled("graphql") + ", " + page + "}}");
        CHECK(found["users/latency/max"] == Approx(0.005).epsilon(1e-9));
        CHECK(found["app/calls_per_page"] == 1.0);
    }

    TEST_CASE("a page is degraded if a part of it is, and says which data it shows") {
        // Of ten pages five come when the store is down and its fallback answers.
        const auto found = tests::run_text(R"("duration": "10500ms", "nodes": {
            "users": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "1/s"},
                      "keys": {"kind": "sequential", "count": 3}, "calls": ["app"]},
            "app": {"kind": "api", "style": "rest", "page": [
                {"name": "user", "needed": "1B", "whole": "1B",
                 "call": {"to": "db", "fallback": {"size": "1B"}}}]},
            "db": {"kind": "store"}},
            "faults": [{"kind": "crash", "node": "db", "at": "5500ms"}])");
        CHECK(found["users/availability"] == 1.0);
        CHECK(found["users/degraded"] == 0.5);
        CHECK(found["consistency/stale_reads"] == 0.0);  // of the other five
    }

    TEST_CASE("a page whose call fails has failed, and a server that is down answers nobody") {
        const auto found = tests::run_text(R"("duration": "10500ms", "nodes": {
            "users": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "1/s"},
                      "calls": ["app"]},
            "app": {"kind": "api", "style": "rest", )" +
                                           page + R"(}},
            "faults": [{"kind": "crash", "node": "app", "at": "5500ms"}])");
        CHECK(found["users/availability"] == 0.5);
        CHECK(found["users/outcome/unreachable"] == 0.5);
    }
}

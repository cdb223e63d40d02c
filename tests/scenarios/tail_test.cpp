// Where slow requests spend their time, on timelines worked out by hand, and the same requests as
// trace viewers read them.
#include "reports/exports.hpp"
#include "reports/span_tree.hpp"
#include "scenarios/detail.hpp"
#include "scenarios/experiment.hpp"
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <map>
#include <string>
#include <variant>

using namespace archsim;
using doctest::Approx;

namespace {

/// Requests at 100, 200, ... ms to `calls`, looked at in detail.
scenarios::Result looked_at(const std::string& calls, const std::string& more) {
    const auto scenario = tests::read_text(
        R"("duration": "1s", "nodes": {"users": {"kind": "open_loop",
           "arrivals": {"kind": "constant", "rate": "10/s"}, "calls": [)" +
        calls + "]}, " + more + "}");
    scenarios::ExperimentOptions options;
    options.in_detail = true;
    return scenarios::run_experiment(scenario, options);
}

/// The shares of the tail's time by "where what".
std::map<std::string, double> shares_of(const scenarios::Result& result) {
    std::map<std::string, double> shares;
    const auto* const section = scenarios::find_section(result.sections, "tail");
    if (section == nullptr) return shares;
    for (const auto& row : section->tables.front().rows) {
        shares[std::get<std::string>(row[1]) + " " + std::get<std::string>(row[2])] =
            std::get<double>(row[4]);
    }
    return shares;
}

}  // namespace

TEST_SUITE("tail") {
    TEST_CASE("a chain of calls divides into messages and work") {
        const auto result = looked_at(R"({"to": "web", "delay": "3ms"})", R"(
            "web": {"kind": "service", "service_time": "10ms",
                    "calls": [{"to": "db", "delay": "1ms"}]},
            "db": {"kind": "store", "read_time": "5ms", "write_time": "5ms"})");
        const auto shares = shares_of(result);
        CHECK(shares.size() == 4);
        CHECK(shares.at("users->web network") == Approx(6.0 / 23.0));
        CHECK(shares.at("web service") == Approx(10.0 / 23.0));
        CHECK(shares.at("web->db network") == Approx(2.0 / 23.0));
        CHECK(shares.at("db service") == Approx(5.0 / 23.0));
    }

    TEST_CASE("the slowest of a growing queue mostly waits") {
        // The request of 100 ms k waits 50 ms (k - 1); six are served within the second, and only
        // the sixth, which waited 250 ms, is as slow as the 99th percentile.
        const auto result =
            looked_at(R"("web")", R"("web": {"kind": "service", "service_time": "150ms"})");
        const auto shares = shares_of(result);
        CHECK(shares.at("web queue") == Approx(250.0 / 400.0));
        CHECK(shares.at("web service") == Approx(150.0 / 400.0));
        CHECK(shares.size() == 2);
    }

    TEST_CASE("a try that was given up and the pause after it are told apart from the last try") {
        const auto result = looked_at(
            R"({"to": "lb", "timeout": "5ms", "retry": {"attempts": 2, "backoff": "2ms",
                                                       "jitter": false}})",
            R"("lb": {"kind": "load_balancer", "policy": "round_robin", "calls": ["a", "b"]},
               "a": {"kind": "service", "service_time": "10ms"},
               "b": {"kind": "service", "service_time": "1ms"})");
        const auto shares = shares_of(result);
        CHECK(shares.at("users->lb lost_try") == Approx(5.0 / 8.0));
        CHECK(shares.at("users->lb pause") == Approx(2.0 / 8.0));
        CHECK(shares.at("b service") == Approx(1.0 / 8.0));
        CHECK(shares.size() == 3);
    }

    TEST_CASE("of parallel calls the one that ends last counts, and a publication does not") {
        const auto result = looked_at(R"("web")", R"(
            "web": {"kind": "service", "routes": {"request": [
                {"publish": "log"}, {"parallel": [{"call": "a"}, {"call": "b"}]}]}},
            "log": {"kind": "service", "service_time": "6ms"},
            "a": {"kind": "service", "service_time": "10ms"},
            "b": {"kind": "service", "service_time": "4ms"})");
        const auto shares = shares_of(result);
        CHECK(shares.at("a service") == Approx(1.0));
        CHECK(shares.size() == 1);
    }

    TEST_CASE("spans for viewers lie within their parents, and the exports hold them all") {
        const auto result = looked_at(R"({"to": "web", "delay": "3ms"})", R"(
            "web": {"kind": "service", "service_time": "10ms",
                    "calls": [{"to": "db", "delay": "1ms"}]},
            "db": {"kind": "store", "read_time": "5ms", "write_time": "5ms"})");
        const auto spans = reports::span_tree(result);
        // Nine requests end; each is itself, two calls, two stays and two pieces of work.
        REQUIRE(spans.size() == 9 * 7);
        for (const auto& span : spans) {
            if (span.parent == reports::TreeSpan::no_parent) continue;
            const auto& parent = spans[span.parent];
            CAPTURE(span.name);
            CHECK(parent.request == span.request);
            CHECK(parent.begin <= span.begin);
            CHECK(parent.end >= span.end);
        }
        CHECK(spans[0].end - spans[0].begin == 23'000'000);
        const std::string otlp = reports::write_otlp(result);
        const std::string perfetto = reports::write_perfetto(result);
        const auto count = [](const std::string& text, const std::string& part) {
            std::size_t found = 0;
            for (std::size_t at = text.find(part); at != std::string::npos;
                 at = text.find(part, at + 1)) {
                ++found;
            }
            return found;
        };
        CHECK(count(otlp, "\"spanId\"") == spans.size());
        CHECK(count(otlp, "\"parentSpanId\"") == spans.size() - 9);
        CHECK(count(perfetto, "\"ph\": \"X\"") == spans.size());
        CHECK(count(perfetto, "process_name") == 9);
        CHECK(perfetto.find("\"dur\": 23000.000") != std::string::npos);
    }

    TEST_CASE("without a closer look there is nothing to export") {
        const scenarios::Result result;
        CHECK(reports::span_tree(result).empty());
        CHECK(reports::write_otlp(result) == "{\"resourceSpans\": []}\n");
    }
}

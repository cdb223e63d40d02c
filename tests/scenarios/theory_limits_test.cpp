// Where a formula does not hold, nothing is predicted: one case for each assumption.
#include "scenarios/theory.hpp"
#include "tests/support/scenario_text.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

using namespace archsim;
using namespace archsim::scenarios;
using tests::scenario_of;
using tests::service;
using tests::users;

namespace {

std::set<std::string> predicted_metrics(const std::string& nodes, const std::string& rest = "") {
    const Scenario scenario = scenario_of(nodes, rest);
    const World world{scenario, 0};
    std::set<std::string> metrics;
    for (const Prediction& prediction : predict(scenario, world)) metrics.insert(prediction.metric);
    return metrics;
}

/// Whether any metric of this node is predicted.
bool speaks_of(const std::set<std::string>& metrics, const std::string& node) {
    const auto first = metrics.lower_bound(node + "/");
    return first != metrics.end() && first->starts_with(node + "/");
}

/// A source with its own words for when requests come, before one M/M/1 station.
std::set<std::string> arriving(const std::string& source) {
    return predicted_metrics(R"("users": {"calls": ["web"], )" + source + "}, " +
                             service("web", "exponential 1s"));
}

const std::string db = service("db", "exponential 1s");

}  // namespace

TEST_SUITE("theory column") {
    TEST_CASE("arrivals that are no stationary Poisson process predict nothing") {
        CHECK(speaks_of(arriving(R"("kind": "open_loop", "arrivals": "0.5/s")"), "web"));
        for (const std::string source :
             {R"("kind": "open_loop", "arrivals": {"kind": "constant", "rate": "0.5/s"})",
              R"("kind": "open_loop", "arrivals": {"kind": "mmpp", "states": [
                   {"rate": "0.2/s", "mean_stay": "1s"}, {"rate": "0.6/s", "mean_stay": "1s"}]})",
              R"("kind": "open_loop", "arrivals": {"kind": "spike", "base": "0.2/s",
                   "peak": "0.5/s", "at": "1s", "for": "1s"})",
              R"("kind": "closed_loop", "users": 1, "think_time": "1s")"}) {
            CAPTURE(source);
            CHECK(arriving(source).empty());
        }
    }

    TEST_CASE(
        "a second source of unknown law spoils the stations that it reaches, not the others") {
        const auto found = predicted_metrics(
            users("0.5/s", R"(["web", "db"])") + ", " + service("web", "exponential 1s") + ", " +
            db + R"(, "robots": {"kind": "closed_loop", "users": 1, "calls": ["db"]})");
        CHECK(found.contains("web/waiting_time/mean"));
        CHECK_FALSE(speaks_of(found, "db"));
        CHECK_FALSE(found.contains("users/latency/mean"));
    }

    TEST_CASE("a scenario with faults predicts nothing") {
        CHECK(predicted_metrics(
                  users("0.5/s") + ", " + service("web", "exponential 1s"),
                  R"("faults": [{"kind": "crash", "node": "web", "at": "1s", "for": "1s"}])")
                  .empty());
    }

    TEST_CASE("a station with as much work as it can do predicts nothing, nor those behind it") {
        const auto found =
            predicted_metrics(users("1/s", R"(["web"])") + ", " +
                              service("web", "exponential 1s", R"("calls": ["db"])") + ", " +
                              service("db", "exponential 100ms"));
        CHECK(found.empty());
    }

    TEST_CASE("calls with timeout, retry, hedge or loss predict nothing behind them") {
        for (const std::string policy :
             {R"("timeout": "1s")", R"("retry": {"attempts": 2})", R"("hedge": {"after": "1s"})",
              R"("timeout": "1s", "loss": "1%")"}) {
            CAPTURE(policy);
            const std::string call = R"([{"to": "web", )" + policy + "}]";
            CHECK(predicted_metrics(users("0.5/s", call) + ", " + service("web", "exponential 1s"))
                      .empty());
        }
    }

    TEST_CASE("behind a finite queue nothing is predicted") {
        const auto found = predicted_metrics(
            users("0.5/s", R"(["web"])") + ", " +
            service("web", "exponential 1s", R"("queue": 3, "calls": ["db"])") + ", " + db);
        CHECK(found.contains("web/rejected"));
        CHECK_FALSE(speaks_of(found, "db"));
        CHECK_FALSE(speaks_of(found, "users"));
    }

    TEST_CASE("behind work that is not exponential only the utilisation is known") {
        const auto behind = [](const std::string& front) {
            return predicted_metrics(users("0.5/s", R"(["front"])") + ", " + front + ", " + db);
        };
        for (const std::string& front :
             {service("front", "1s", R"("calls": ["db"])"),
              service("front", "exponential 1s", R"("instances": 2, "calls": ["db"])"),
              service("front", "1s", R"("servers": 2, "calls": ["db"])"),
              service("front", "exponential 1s", R"("routes": {"*": [
                  {"work": {"kind": "exponential", "mean": "10ms"}}, {"work": "1ms"},
                  {"call": "db"}]})")}) {
            CAPTURE(front);
            const auto found = behind(front);
            CHECK(found.contains("db/utilisation"));
            CHECK_FALSE(found.contains("db/waiting_time/mean"));
            CHECK_FALSE(found.contains("users/latency/mean"));
            CHECK(found.contains("users/throughput"));
        }
        CHECK(
            behind(service("front", "1s", R"("discipline": "processor_sharing", "calls": ["db"])"))
                .contains("db/waiting_time/mean"));
    }

    TEST_CASE("requests that come twice, one after another or side by side, keep no law") {
        const auto through = [](const std::string& steps) {
            return predicted_metrics(users("0.2/s", R"(["front"])") +
                                     R"(, "front": {"kind": "service", "routes": {"*": [)" + steps +
                                     "]}}, " + service("db", "exponential 1s") + ", " +
                                     service("store", "exponential 1s"));
        };
        for (const std::string steps :
             {R"({"call": "db", "times": 2})", R"({"call": "db"}, {"call": "db"})",
              R"({"parallel": [{"call": "db"}, {"call": "db"}]})",
              R"({"publish": "db"}, {"call": "db"})"}) {
            CAPTURE(steps);
            const auto found = through(steps);
            CHECK(found.contains("db/utilisation"));
            CHECK_FALSE(found.contains("db/waiting_time/mean"));
            CHECK_FALSE(found.contains("users/latency/mean"));
        }
        const auto fork = through(R"({"parallel": [{"call": "db"}, {"call": "store"}]})");
        CHECK(fork.contains("db/waiting_time/mean"));
        CHECK(fork.contains("store/waiting_time/mean"));
        CHECK_FALSE(fork.contains("users/latency/mean"));
        const auto after = through(R"({"parallel": [{"call": "store"}]}, {"call": "db"})");
        CHECK_FALSE(after.contains("db/waiting_time/mean"));
        const auto aside = through(R"({"publish": "store"}, {"call": "db"})");
        CHECK(aside.contains("users/latency/mean"));
        CHECK(aside.contains("store/waiting_time/mean"));
    }

    TEST_CASE("several rotations over the same instances are no Erlang stream") {
        const auto found = predicted_metrics(
            users("0.5/s", R"(["lb"])") +
            R"(, "lb": {"kind": "load_balancer", "policy": "random", "calls": ["web"]}, )" +
            service("web", "exponential 1s", R"("instances": 2, "calls": ["db"])") + ", " +
            service("db", "exponential 1s", R"("instances": 2)"));
        CHECK(found.contains("web/waiting_time/mean"));
        CHECK(found.contains("db/utilisation"));
        CHECK_FALSE(found.contains("db/waiting_time/mean"));
    }

    TEST_CASE("a random delay mixes up turns, a constant one does not") {
        const auto with = [](const std::string& delay) {
            return predicted_metrics(users("0.5/s", R"([{"to": "web", "delay": )" + delay + "}]") +
                                     ", " + service("web", "exponential 1s", R"("instances": 2)"));
        };
        CHECK(with(R"("1s")").contains("web/waiting_time/mean"));
        CHECK_FALSE(
            with(R"({"kind": "exponential", "mean": "1s"})").contains("web/waiting_time/mean"));
    }

    TEST_CASE("turns need exponential work and one server") {
        const auto with = [](const std::string& work, const std::string& more) {
            return predicted_metrics(users("0.5/s") + ", " +
                                     service("web", work, R"("instances": 2)" + more));
        };
        CHECK_FALSE(with("1s", "").contains("web/waiting_time/mean"));
        CHECK_FALSE(with("exponential 1s", R"(, "servers": 2)").contains("web/waiting_time/mean"));
        CHECK_FALSE(with("exponential 1s", R"(, "discipline": "processor_sharing")")
                        .contains("web/sojourn_time/mean"));
    }

    TEST_CASE("several servers need exponential work of one mean") {
        const auto constant =
            predicted_metrics(users("0.5/s") + ", " + service("web", "1s", R"("servers": 2)"));
        CHECK(constant == std::set<std::string>{"users/throughput", "web/utilisation"});
    }

    TEST_CASE("last in first out has the means of first in first out, not its percentiles") {
        const auto found = predicted_metrics(
            users("0.5/s") + ", " + service("web", "exponential 1s", R"("discipline": "lifo")"));
        CHECK(found.contains("web/waiting_time/mean"));
        CHECK(found.contains("users/latency/mean"));
        CHECK_FALSE(found.contains("web/sojourn_time/p99"));
        CHECK_FALSE(found.contains("users/latency/p99"));
    }

    TEST_CASE("work of infinite variance has no mean waiting") {
        const auto found = predicted_metrics(users("0.5/s") + R"(, "web": {"kind": "service",
            "service_time": {"kind": "pareto", "minimum": "100ms", "alpha": 1.5}})");
        CHECK(found.contains("web/utilisation"));
        CHECK_FALSE(found.contains("web/waiting_time/mean"));
    }

    TEST_CASE("what a database does that tells nothing of itself is not taken for no time at all") {
        for (const std::string database :
             {"primary_replica", "multi_primary", "consensus", "quorum", "relational"}) {
            CAPTURE(database);
            const auto found =
                predicted_metrics(users("0.5/s", R"(["db", "web"])") + R"(, "db": {"kind": ")" +
                                  database + R"("}, )" + service("web", "exponential 1s"));
            CHECK_FALSE(speaks_of(found, "users"));
            CHECK_FALSE(speaks_of(found, "web"));
        }
    }

    TEST_CASE("where some requests log in, the work that is known is not all that there is") {
        const auto found = predicted_metrics(users("0.5/s") + ", " +
                                             service("web", "1s", R"("sessions": {"kind": "local",
                                         "login": "1s"})"));
        CHECK(found.empty());
    }

    TEST_CASE(
        "probes that may take longer than their timeout predict nothing behind the balancer") {
        const auto with = [](const std::string& delay) {
            return predicted_metrics(users("0.5/s", R"(["lb"])") +
                                     R"(, "lb": {"kind": "load_balancer", "policy": "random",
                   "health_check": {"interval": "1s", "timeout": "100ms"},
                   "calls": [{"to": "web", "delay": )" +
                                     delay + "}]}, " + service("web", "exponential 1s"));
        };
        CHECK(with(R"("50ms")").contains("web/waiting_time/mean"));
        CHECK_FALSE(speaks_of(with(R"("51ms")"), "web"));
    }
}

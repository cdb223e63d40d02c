// Availability beside its closed forms in whole runs with failures by chance.
#include "models/theory/reliability.hpp"
#include "scenarios/experiment.hpp"
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

using namespace archsim;
using namespace archsim::scenarios;
using doctest::Approx;

namespace {

/// A fault: nodes that run `up` on average and are then repaired in `down`.
std::string crashes(const std::string& nodes, const std::string& up, const std::string& down) {
    return R"({"kind": "random_crashes", "at": "0s", "nodes": )" + nodes +
           R"(, "time_to_failure": {"kind": "exponential", "mean": ")" + up +
           R"("}, "time_to_repair": {"kind": "exponential", "mean": ")" + down + R"("}})";
}

/// `users` at an even rate, and the nodes they call.
Result run(const std::string& nodes, const std::string& faults) {
    return run_experiment(tests::read_text(R"("duration": "2050s", "warm_up": "50s",
        "replications": 10, "seed": 4, "nodes": {
        "users": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "2/s"},
                  "calls": ["entry"]}, )" + nodes +
                                           R"(}, "faults": [)" + faults + "]"),
                          {});
}

const TheoryResult& of_users(const Result& result) {
    const auto found =
        std::ranges::find(result.theory, "users/availability", &TheoryResult::metric);
    REQUIRE(found != result.theory.end());
    return *found;
}

/// Within 3 standard errors of what the column says, which is this.
void check(const Result& result, double truth, const std::string& formula) {
    const TheoryResult& theory = of_users(result);
    CHECK(theory.value == Approx(truth).epsilon(1e-12));
    CHECK(theory.formula == formula);
    REQUIRE(theory.deviation_sigmas);
    CHECK(std::abs(*theory.deviation_sigmas) < 3.0);
}

const std::string web = R"("kind": "service", "service_time": "0s")";

}  // namespace

TEST_SUITE("theory column: availability") {
    TEST_CASE("series: one after the other, each has to be up") {
        const Result result =
            run(R"("entry": {)" + web + R"(, "calls": ["db"]}, "db": {)" + web + "}",
                crashes(R"(["entry"])", "9s", "1s") + ", " + crashes(R"(["db"])", "19s", "1s"));
        check(result, 0.9 * 0.95, "availability: series");
    }

    TEST_CASE("instances called in turn are as good as one") {
        const Result result = run(R"("entry": {)" + web + R"(, "instances": 3})",
                                  crashes(R"(["entry"])", "9s", "1s"));
        check(result, 0.9, "availability: series");
    }

    TEST_CASE("parallel: one of two sites, found out at once") {
        // Probes every 10 ms cost 5 ms of the 100 s between two failures of the active site.
        const Result result = run(R"("entry": {"kind": "active_passive", "calls": ["a", "b"],
                             "detection": {"interval": "10ms"}}, "a": {)" +
                                      web + R"(}, "b": {)" + web + "}",
                                  crashes(R"(["a", "b"])", "90s", "10s"));
        check(result, 0.99, "availability: parallel");
    }

    TEST_CASE("parallel and series: instances behind a balancer, and one database behind them") {
        const Result result = run(
            R"("entry": {"kind": "load_balancer", "policy": "round_robin", "calls": ["web"],
                         "health_check": {"interval": "100ms", "timeout": "100ms",
                                          "fall": 1, "rise": 1}},
               "web": {)" +
                web + R"(, "instances": 3, "calls": ["db"]}, "db": {)" + web + "}",
            crashes(R"(["web"])", "80s", "20s") + ", " + crashes(R"(["db"])", "95s", "5s"));
        check(result, (1.0 - 0.2 * 0.2 * 0.2) * 0.95, "availability: parallel, series");
    }

    TEST_CASE("k of n: a quorum of replicas") {
        const Result result = run(R"("entry": {"kind": "quorum", "coordinators": 1})",
                                  crashes(R"(["entry/0", "entry/1", "entry/2"])", "9s", "1s"));
        check(result, 3.0 * 0.9 * 0.9 * 0.1 + 0.9 * 0.9 * 0.9, "availability: k of n");
    }

    TEST_CASE("a late detection shows as a deviation") {
        // Of each failure of the active site, once in 100 s, users lose half a second to a probe
        // and 4 s to the activation: the closed form says nothing of that.
        const Result result = run(R"("entry": {"kind": "active_passive", "calls": ["a", "b"],
                             "standby": {"kind": "hot", "activation": "4s"}}, "a": {)" +
                                      web + R"(}, "b": {)" + web + "}",
                                  crashes(R"(["a", "b"])", "90s", "10s"));
        CHECK(of_users(result).value == Approx(0.99));
        CHECK(*of_users(result).deviation_sigmas < -3.0);
    }

    TEST_CASE("what depends on one node in two ways has no product form") {
        const auto column = [](const std::string& nodes, const std::string& faults) {
            return run(nodes, faults).theory;
        };
        // The same database twice; a retry; another fault beside.
        const std::string fails = crashes(R"(["db"])", "9s", "1s");
        CHECK(column(R"("entry": {)" + web + R"(, "calls": ["a", "b"]}, "a": {)" + web +
                         R"(, "calls": ["db"]}, "b": {)" + web + R"(, "calls": ["db"]}, "db": {)" +
                         web + "}",
                     fails)
                  .empty());
        CHECK(column(R"("entry": {)" + web +
                         R"(, "calls": [{"to": "db", "retry": {"attempts": 2}}]}, "db": {)" + web +
                         "}",
                     fails)
                  .empty());
        CHECK(column(R"("entry": {)" + web + R"(, "calls": ["db"]}, "db": {)" + web + "}",
                     fails + R"(, {"kind": "slow", "node": "db", "at": "5s", "factor": 2})")
                  .empty());
    }
}

TEST_SUITE("theory: k of n") {
    TEST_CASE("units that differ: all ways by hand, and equal units as before") {
        using models::theory::k_of_n_availability;
        const std::array<double, 3> units = {0.9, 0.8, 0.7};
        const double all = 0.9 * 0.8 * 0.7;
        const double two = 0.9 * 0.8 * 0.3 + 0.9 * 0.2 * 0.7 + 0.1 * 0.8 * 0.7;
        CHECK(k_of_n_availability(3, units) == Approx(all));
        CHECK(k_of_n_availability(2, units) == Approx(all + two));
        CHECK(k_of_n_availability(1, units) == Approx(1.0 - 0.1 * 0.2 * 0.3));
        const std::vector<double> equal(7, 0.95);
        CHECK(k_of_n_availability(5, equal) == Approx(k_of_n_availability(5, 7, 0.95)));
        CHECK(k_of_n_availability(4, units) == 0.0);
    }
}

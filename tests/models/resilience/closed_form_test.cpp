// Hedging and retries against closed forms computed independently (tests/theory/truth.json).
#include "tests/support/checkout.hpp"
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <fstream>
#include <string>
#include <vector>

using namespace archsim;

namespace {

double truth(const std::string& id) {
    std::ifstream file{tests::checkout() + "/tests/theory/truth.json"};
    const nlohmann::json entries = nlohmann::json::parse(file);
    for (const auto& entry : entries) {
        if (entry["id"] == id) return entry["value"];
    }
    FAIL("no entry ", id);
    return 0.0;
}

void check(const std::vector<scenarios::Replication>& found, const std::string& metric,
           double expected) {
    CAPTURE(metric);
    CAPTURE(expected);
    const tests::Estimate estimate = tests::estimate_of(found, metric);
    CAPTURE(estimate.mean);
    CAPTURE(estimate.standard_error);
    CHECK(estimate.sigmas_from(expected) < 3.5);
    CHECK(estimate.standard_error < 0.05 * expected);
}

/// Exponential work and no queue.
std::vector<scenarios::Replication> hedged(const std::string& after,
                                           const std::string& mean = "1s") {
    return tests::replicate(tests::read_text(R"("duration": "80s", "warm_up": "20s", "nodes": {
        "users": {"kind": "open_loop", "arrivals": "100/s",
                  "calls": [{"to": "web", "hedge": {)" +
                                             after + R"(}}]},
        "web": {"kind": "service", "servers": 100000,
                "service_time": {"kind": "exponential", "mean": ")" +
                                             mean + R"("}}})"),
                            8);
}

std::string after_quantile_of_exponential(double q) {
    return fmt::format(R"("after": "{:.9f}s")", -std::log1p(-q));
}

/// Each try fails with probability p, on its way there or back.
std::vector<scenarios::Replication> lossy(double p) {
    return tests::replicate(tests::read_text(fmt::format(
                                R"("duration": "100s", "nodes": {{
                "users": {{"kind": "open_loop", "arrivals": "50/s", "calls": [{{"to": "web",
                    "loss": "{:.12f}%", "timeout": "1ms", "retry": {{"attempts": 4}}}}]}},
                "web": {{"kind": "service"}}}})",
                                100.0 * (1.0 - std::sqrt(1.0 - p)))),
                            8);
}

}  // namespace

TEST_SUITE("resilience: closed forms") {
    TEST_CASE("hedging after a set time") {
        for (const auto& [q, name] : {std::pair{0.5, "p50"}, std::pair{0.95, "p95"}}) {
            CAPTURE(q);
            const auto found = hedged(after_quantile_of_exponential(q));
            check(found, "users/latency/mean", truth(std::string("hedge_mean_") + name));
            // Additional tries are 1 - q of the calls, so (1 - q) / (2 - q) of all tries.
            check(found, "users->web/hedges", (1.0 - q) / (2.0 - q));
        }
        check(hedged(after_quantile_of_exponential(0.5)), "users/latency/p99",
              truth("hedge_p99_p50"));
        check(hedged(after_quantile_of_exponential(0.9)), "users/latency/p99",
              truth("hedge_p99_p90"));
    }

    TEST_CASE("hedging after a quantile that the caller finds out by itself") {
        // Long answers come late, so that at a time t about mean / t of them are not known yet and
        // the estimate is as much too low: short work makes that small.
        const auto found = hedged(R"("after_quantile": 0.5)", "20ms");
        check(found, "users/latency/mean", 0.020 * truth("hedge_mean_p50"));
        check(found, "users/latency/p99", 0.020 * truth("hedge_p99_p50"));
        check(found, "users->web/hedges", 0.5 / 1.5);
    }

    TEST_CASE("retries of tries that fail independently") {
        for (const double p : {0.5, 0.9}) {
            CAPTURE(p);
            const auto found = lossy(p);
            const double tries = truth(fmt::format("retry_{}_3", p));
            check(found, "users->web/retries", 1.0 - 1.0 / tries);
            const double fails = p == 0.9 ? truth("retry_fail_0.9_3") : std::pow(p, 4);
            check(found, "users/outcome/timed_out", fails);
        }
    }

    TEST_CASE("three layers of four tries each make 64 of one") {
        const std::string four = R"("retry": {"attempts": 4})";
        const auto found = tests::run_text(R"("duration": "10s", "nodes": {
            "users": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "10/s"},
                      "calls": [{"to": "a", )" +
                                           four + R"(}]},
            "a": {"kind": "service", "calls": [{"to": "b", )" +
                                           four +
                                           R"(}]},
            "b": {"kind": "service", "calls": [{"to": "c", )" +
                                           four +
                                           R"(}]},
            "c": {"kind": "service"}},
            "faults": [{"kind": "crash", "node": "c", "at": "0s"}])");
        CHECK(found["b->c/calls"] / found["users/offered"] ==
              doctest::Approx(truth("retry_layers")));
        CHECK(found["users/outcome/unreachable"] == truth("retry_fail_1_3"));
    }
}

// Two servers behind a balancer, against theory: random is two M/M/1 queues, round robin two
// E2/M/1 queues, and least connections the shortest-queue chain, which is solved here numerically.
#include "models/theory/queueing.hpp"
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

using namespace archsim;

namespace {

/// Two queues with exponential service of rate 1 each, arrivals at rate 1 to the shorter one, ties
/// at random: the probability that an arrival finds `index` requests in the queue that it joins.
std::vector<double> found_by_an_arrival() {
    constexpr std::size_t cut = 40;  // 2^-40 of the arrivals see as many
    std::vector<double> p(cut * cut, 1.0 / (cut * cut));
    const auto at = [&p](std::size_t a, std::size_t b) -> double& { return p[a * cut + b]; };
    for (int sweep = 0; sweep < 1500; ++sweep) {
        for (std::size_t a = 0; a < cut; ++a) {
            for (std::size_t b = 0; b <= a; ++b) {
                double in = 0.0;  // into (a, b) from its neighbours, by symmetry a >= b will do
                if (a + 1 < cut) in += at(a + 1, b);
                if (b + 1 < cut) in += at(a, b + 1);
                if (a > 0 && a - 1 <= b) in += at(a - 1, b) * (a - 1 == b ? 0.5 : 1.0);
                if (b > 0 && b - 1 <= a) in += at(a, b - 1) * (b - 1 == a ? 0.5 : 1.0);
                const bool full = a + 1 == cut && b + 1 == cut;
                const double out = (full ? 0.0 : 1.0) + (a > 0 ? 1.0 : 0.0) + (b > 0 ? 1.0 : 0.0);
                at(a, b) = at(b, a) = in / out;
            }
        }
    }
    double sum = 0.0;
    for (const double value : p) sum += value;
    std::vector<double> found(cut, 0.0);
    for (std::size_t a = 0; a < cut; ++a) {
        for (std::size_t b = 0; b < cut; ++b) found[std::min(a, b)] += at(a, b) / sum;
    }
    return found;
}

/// Who finds k waits for k + 1 services: mean and 99th percentile of that mixture of Erlangs.
double shortest_queue_mean() {
    const std::vector<double> found = found_by_an_arrival();
    double mean = 0.0;
    for (std::size_t k = 0; k < found.size(); ++k) mean += found[k] * static_cast<double>(k + 1);
    return mean;
}
double shortest_queue_p99() {
    const std::vector<double> found = found_by_an_arrival();
    double low = 0.0;
    double high = 50.0;
    for (int halving = 0; halving < 60; ++halving) {
        const double t = 0.5 * (low + high);
        double exceeds = 0.0;
        double poisson_sum = 0.0;
        double term = std::exp(-t);
        for (std::size_t k = 0; k < found.size(); ++k) {
            poisson_sum += term;  // an Erlang-(k+1) exceeds t if at most k services end by t
            term *= t / static_cast<double>(k + 1);
            exceeds += found[k] * poisson_sum;
        }
        (exceeds > 0.01 ? low : high) = t;
    }
    return high;
}

void check_policy(const std::string& policy, double mean, double p99) {
    CAPTURE(policy);
    const scenarios::Scenario scenario = tests::read_text(R"(
        "duration": "505s", "warm_up": "5s", "seed": 20, "nodes": {
          "users": {"kind": "open_loop", "arrivals": "100/s", "calls": ["balancer"]},
          "balancer": {"kind": "load_balancer", "policy": ")" +
                                                          policy + R"(", "calls": ["web"]},
          "web": {"kind": "service", "instances": 2,
                  "service_time": {"kind": "exponential", "mean": "10ms"}}})");
    const auto replications = tests::replicate(scenario, 10);  // half a million requests
    const tests::Estimate found_mean = tests::estimate_of(replications, "users/latency/mean");
    const tests::Estimate found_p99 = tests::estimate_of(replications, "users/latency/p99");
    CAPTURE(found_mean.mean);
    CAPTURE(found_p99.mean);
    CHECK(found_mean.sigmas_from(mean) < 3.0);
    CHECK(found_p99.sigmas_from(p99) < 3.0);
    // The bounds must be tight enough to tell the policies apart.
    CHECK(found_mean.standard_error < 0.006 * mean);
    CHECK(found_p99.standard_error < 0.01 * p99);
}

}  // namespace

TEST_SUITE("two servers") {
    TEST_CASE("the shortest-queue chain has the published mean and its percentile") {
        CHECK(shortest_queue_mean() == doctest::Approx(1.426321).epsilon(1e-6));
        CHECK(shortest_queue_p99() == doctest::Approx(6.43).epsilon(2e-3));
    }
    TEST_CASE("a random choice gives two M/M/1 queues") {
        check_policy("random", 0.020, std::log(100.0) / 50.0);
    }
    TEST_CASE("round robin gives two E2/M/1 queues") {
        const models::theory::Renewal arrivals = models::theory::erlang_arrivals(50.0, 2);
        check_policy("round_robin", 0.0161803398875,
                     models::theory::gim1_sojourn_quantile(arrivals, 100.0, 0.99));
    }
    TEST_CASE("least connections with random ties is the shortest-queue chain") {
        check_policy("least_connections", 0.01 * shortest_queue_mean(),
                     0.01 * shortest_queue_p99());
    }
}

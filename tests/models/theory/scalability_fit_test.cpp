// The universal scalability law fitted to curves whose coefficients are known.
#include "models/theory/scalability_fit.hpp"

#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <vector>

using namespace archsim;
using namespace archsim::models::theory;
using doctest::Approx;

namespace {

std::vector<LoadPoint> curve(double single, const ScalabilityLaw& law, int most) {
    std::vector<LoadPoint> points;
    for (int n = 1; n <= most; ++n) points.push_back({1.0 * n, single * relative_capacity(law, n)});
    return points;
}

/// Requests a second of one instance whose servers are all busy all the time, with work that
/// varies.
double saturated(int servers) {
    const auto found = tests::run_text(fmt::format(
        R"("duration": "100s", "nodes": {{
            "users": {{"kind": "closed_loop", "users": {}, "think_time": "0s", "calls": ["web"]}},
            "web": {{"kind": "service", "servers": {}, "contention": 0.05, "coherency": 0.005,
                     "service_time": {{"kind": "gamma", "mean": "10ms", "shape": 11}}}}}})",
        servers, servers));
    return found["users/throughput"];
}

}  // namespace

TEST_SUITE("theory: scalability fit") {
    TEST_CASE("a curve without noise gives its coefficients back") {
        for (const ScalabilityLaw law : {ScalabilityLaw{0.05, 0.001}, ScalabilityLaw{0.02, 0.0005},
                                         ScalabilityLaw{0.1, 0.0}, ScalabilityLaw{0.0, 0.01}}) {
            const auto fit = fit_scalability(curve(120.0, law, 32));
            REQUIRE(fit);
            CHECK(fit->single == Approx(120.0).epsilon(1e-9));
            CHECK(fit->law.contention == Approx(law.contention).epsilon(1e-7));
            CHECK(fit->law.coherency == Approx(law.coherency).epsilon(1e-7));
            CHECK(fit->error < 1e-9);
        }
    }

    TEST_CASE("neither coefficient gets negative: the other takes the best value that is left") {
        // Throughput that grows faster than in proportion is as good as no contention at all.
        std::vector<LoadPoint> points;
        for (int n = 1; n <= 8; ++n) points.push_back({1.0 * n, 10.0 * std::pow(n, 1.1)});
        const auto fit = fit_scalability(points);
        REQUIRE(fit);
        CHECK(fit->law.contention == 0.0);
        CHECK(fit->law.coherency == 0.0);
        // By hand for both 0: the least sum of (X/n / lambda - 1)^2 is at sum(x^2) / sum(x).
        double sum = 0.0;
        double squares = 0.0;
        for (const LoadPoint& point : points) {
            sum += point.throughput / point.size;
            squares += std::pow(point.throughput / point.size, 2);
        }
        CHECK(fit->single == Approx(squares / sum).epsilon(1e-9));
    }

    TEST_CASE("three sizes are the fewest") {
        CHECK_FALSE(fit_scalability(curve(1.0, {0.1, 0.01}, 2)));
        CHECK(fit_scalability(curve(1.0, {0.1, 0.01}, 3)));
        const std::vector<LoadPoint> same = {{2.0, 1.0}, {2.0, 1.1}, {3.0, 1.5}};
        CHECK_FALSE(fit_scalability(same));
        const std::vector<LoadPoint> still = {{1.0, 1.0}, {2.0, 0.0}, {3.0, 1.5}};
        CHECK_FALSE(fit_scalability(still));
    }

    TEST_CASE("servers that slow each other down have the law that they were given") {
        std::vector<LoadPoint> points;
        for (const int n : {1, 2, 3, 4, 6, 8, 10, 12, 14, 16, 20, 24}) {
            points.push_back({1.0 * n, saturated(n)});
        }
        const auto fit = fit_scalability(points);
        REQUIRE(fit);
        CHECK(fit->law.contention == Approx(0.05).epsilon(0.02));
        CHECK(fit->law.coherency == Approx(0.005).epsilon(0.02));
        CHECK(best_size(fit->law) == Approx(std::sqrt(0.95 / 0.005)).epsilon(0.02));
    }
}

TEST_SUITE("theory: contended queue") {
    TEST_CASE("without contention it is M/M/c") {
        const Station station{.arrival_rate = 2.5, .service_rate = 1.0, .servers = 4};
        const ContendedQueue queue = contended_queue(station, {});
        CHECK(queue.in_system == Approx(mean_in_system(station)).epsilon(1e-12));
        CHECK(queue.in_queue == Approx(2.5 * mean_waiting(station)).epsilon(1e-12));
        CHECK(queue.busy == Approx(2.5).epsilon(1e-12));
    }

    TEST_CASE("wholly serial work is done as by one server, whoever holds it") {
        // rho = 1/2: P(n) = 1/2^(n+1), L = 1; two servers: busy = P(1) + 2 P(2 or more) = 3/4.
        const ContendedQueue queue =
            contended_queue({.arrival_rate = 0.5, .service_rate = 1.0, .servers = 2}, {1.0, 0.0});
        CHECK(queue.in_system == Approx(1.0));
        CHECK(queue.busy == Approx(0.75));
        CHECK(queue.in_queue == Approx(0.25));
        CHECK(std::isinf(contended_queue({1.0, 1.0, 2}, {1.0, 0.0}).in_system));
    }
}

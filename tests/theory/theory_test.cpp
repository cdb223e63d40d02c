// Properties of the closed forms that the table of truths does not hold: values worked out by hand
// and formulas that must agree where one model is a special case of another.
#include "models/theory/caching.hpp"
#include "models/theory/networks.hpp"
#include "models/theory/queueing.hpp"
#include "models/theory/reliability.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

using namespace archsim::models::theory;
using archsim::sim::Duration;
using doctest::Approx;

TEST_SUITE("theory") {
    TEST_CASE("one server is the special case of many") {
        const Station single = {0.8, 1.0, 1};
        CHECK(erlang_c(single) == Approx(0.8));
        CHECK(waiting_quantile(single, 0.95) == Approx(std::log(0.8 / 0.05) / 0.2));
        CHECK(waiting_quantile(single, 0.1) == 0.0);
    }

    TEST_CASE("an overloaded station has no finite mean") {
        CHECK(std::isinf(mean_waiting({2.0, 1.0, 2})));
        CHECK(std::isinf(mg1_mean_waiting(1.0, {1.0, 0.0})));
        CHECK(std::isinf(gim1_mean_sojourn(constant_arrivals(1.0), 1.0)));
        const std::vector<PriorityClass> classes = {{0.5, {1.0, 1.0}}, {0.6, {1.0, 1.0}}};
        const auto waiting = priority_waiting(classes);
        CHECK(std::isfinite(waiting[0]));
        CHECK(std::isinf(waiting[1]));
    }

    TEST_CASE("the quantile of the time in system inverts its distribution") {
        // Two servers, mu = 1, lambda = 1.2: C = 0.45, spare rate 0.8, so
        // P(W > t) = e^-t (1 + C (1 - e^{0.2 t}) / -0.2).
        const Station station = {1.2, 1.0, 2};
        CHECK(erlang_c(station) == Approx(0.45));
        const double t = sojourn_quantile(station, 0.99);
        const double exceeds = std::exp(-t) * (1.0 + 0.45 * (std::exp(0.2 * t) - 1.0) / 0.2);
        CHECK(exceeds == Approx(0.01).epsilon(1e-9));
        // lambda = 1 makes both rates equal: P(W > t) = e^-t (1 + t / 3).
        const double equal = sojourn_quantile({1.0, 1.0, 2}, 0.9);
        CHECK(std::exp(-equal) * (1.0 + equal / 3.0) == Approx(0.1).epsilon(1e-9));
    }

    TEST_CASE("round robin over two servers at half load waits by the golden ratio") {
        const Renewal arrivals = erlang_arrivals(50.0, 2);
        CHECK(gim1_mean_sojourn(arrivals, 100.0) == Approx(0.01618033988749895));
        CHECK(gim1_sojourn_quantile(arrivals, 100.0, 0.99) == Approx(0.0745131).epsilon(1e-5));
    }

    TEST_CASE("Erlang-1 arrivals are Poisson arrivals even close to saturation") {
        for (const double rate : {0.1, 0.9, 0.999, 0.999999})
            CHECK(gim1_sigma(erlang_arrivals(rate, 1), 1.0) == Approx(rate).epsilon(1e-9));
    }

    TEST_CASE("a finite queue without places to wait is Erlang B") {
        const Station station = {8.0, 1.0, 10};
        CHECK(finite_queue(station, 10).loss == Approx(erlang_b(station)));
        CHECK(finite_queue(station, 10).mean_waiting == 0.0);
        CHECK(finite_queue(station, 4000).mean_waiting == Approx(mean_waiting(station)));
    }

    TEST_CASE("a large and overloaded finite queue neither overflows nor loses precision") {
        const LossyStation queue = finite_queue({3.0, 1.0, 2}, 5000);
        CHECK(queue.loss == Approx(1.0 / 3.0));
        CHECK(queue.throughput == Approx(2.0));
        CHECK(queue.mean_in_system == Approx(4998.0));  // K - 1 / (rho - 1) for rho 1.5.
    }

    TEST_CASE("a closed loop on one server equals exact mean value analysis") {
        for (const int users : {1, 3, 20, 200}) {
            const std::vector<double> demands = {0.1};
            const ClosedNetwork network = mean_value_analysis(demands, 2.0, users);
            const LossyStation station = closed_loop(users, 0.5, 10.0);
            CHECK(station.throughput == Approx(network.throughput));
            CHECK(station.mean_sojourn == Approx(network.response));
        }
    }

    TEST_CASE("a closed loop with a server for every user never waits") {
        const LossyStation station = closed_loop(7, 0.5, 2.0, 7);
        CHECK(station.mean_waiting == Approx(0.0));
        CHECK(station.throughput == Approx(7.0 / 2.5));
    }

    TEST_CASE("non-preemptive priorities conserve the total work waiting") {
        // Kleinrock's conservation law: sum of rho_i Wq_i = rho Wq of first come first served.
        const std::vector<PriorityClass> classes = {
            {0.2, {1.0, 1.0}}, {0.1, {2.0, 0.0}}, {0.3, {0.5, 4.0}}};
        const auto waiting = priority_waiting(classes);
        const double work = 0.2 * waiting[0] + 0.2 * waiting[1] + 0.15 * waiting[2];
        // Residual work: 0.2 * 2 / 2 + 0.1 * 4 / 2 + 0.3 * 0.25 * 5 / 2 = 0.5875; load 0.55.
        CHECK(work == Approx(0.55 * 0.5875 / 0.45));
        CHECK(waiting[0] == Approx(0.5875 / 0.8));
    }

    TEST_CASE("availability of a repaired pair depends on the number of crews") {
        const double one_crew = repairable_availability({1, 2, 0.001, 0.1, 1});
        const double two_crews = repairable_availability({1, 2, 0.001, 0.1, 2});
        CHECK(one_crew == Approx(0.99980396).epsilon(1e-8));
        CHECK(two_crews == Approx(k_of_n_availability(1, 2, 0.1 / 0.101)).epsilon(1e-12));
        CHECK(repairable_time_to_failure({1, 2, 0.001, 0.1, 1}) == Approx(51'500.0));
        CHECK(repairable_time_to_failure({2, 3, 0.001, 0.1, 0}) ==
              Approx(time_to_failure(2, 3, 0.001)));
    }

    TEST_CASE("k of n covers series and parallel and stays exact for many units") {
        const std::vector<double> three = {0.9, 0.9, 0.9};
        CHECK(k_of_n_availability(3, 3, 0.9) == Approx(series_availability(three)));
        CHECK(k_of_n_availability(1, 3, 0.9) == Approx(parallel_availability(three)));
        CHECK(k_of_n_availability(1, 5, 0.0) == 0.0);
        CHECK(k_of_n_availability(501, 1001, 0.5) == Approx(0.5).epsilon(1e-9));
    }

    TEST_CASE("hedging at the 95th percentile cuts the tail for one request in twenty") {
        CHECK(hedged_quantile(0.95, 0.99) == Approx(3.800451).epsilon(1e-6));
        CHECK(hedged_quantile(0.95, 0.5) == Approx(std::log(2.0)));
        CHECK(mean_attempts(1.0, 3) == 4.0);
    }

    TEST_CASE("exact cache ratios agree with the estimates where those are good") {
        const std::vector<double> popularity = zipf_popularity(18, 0.8);
        for (const int capacity : {3, 8, 15}) {
            CHECK(lru_exact(popularity, capacity) ==
                  Approx(lru_estimate(popularity, capacity).hit_ratio).epsilon(0.02));
            CHECK(fifo_exact(popularity, capacity) ==
                  Approx(fifo_estimate(popularity, capacity).hit_ratio).epsilon(0.02));
        }
    }

    TEST_CASE("two equally popular keys hit half the time in any cache for one") {
        const std::vector<double> popularity = {0.5, 0.5};
        CHECK(lru_exact(popularity, 1) == Approx(0.5));
        CHECK(fifo_exact(popularity, 1) == Approx(0.5));
        CHECK(lru_estimate(popularity, 1).hit_ratio == Approx(0.5));
        CHECK(lru_estimate(popularity, 2).hit_ratio == 1.0);
        CHECK(lru_estimate(popularity, 0).hit_ratio == 0.0);
    }

    TEST_CASE("two branches of a fork are the exact case") {
        CHECK(fork_join_sojourn({0.8, 1.0, 1}, 1) == Approx(5.0));
        CHECK(fork_join_sojourn({0.8, 1.0, 1}, 2) == Approx(7.0));
        CHECK(power_of_choices_sojourn({0.8, 1.0, 1}, 1) == Approx(5.0));
    }
}

// The generator against published numbers, and streams that have nothing to do with each other.
#include "sim/rng.hpp"

#include "tests/support/goodness_of_fit.hpp"

#include <boost/random/normal_distribution.hpp>
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace archsim::sim;
using archsim::tests::chi_square;
using archsim::tests::chi_square_critical;

static_assert(std::uniform_random_bit_generator<Rng>);

namespace {

/// Pearson's correlation of n draws each; about 1 / sqrt(n) between independent streams.
double correlation(Rng one, Rng two, int n, int lag = 0) {
    for (int i = 0; i < lag; ++i) static_cast<void>(two());
    double sum = 0.0;
    for (int i = 0; i < n; ++i) sum += (one.uniform() - 0.5) * (two.uniform() - 0.5);
    return sum / (n / 12.0);
}

}  // namespace

TEST_SUITE("random streams") {
    TEST_CASE("the engine gives the published numbers of xoshiro256++") {
        // From state 1, 2, 3, 4, as the authors' C code prints them.
        constexpr std::uint64_t published[] = {41943041,
                                               58720359,
                                               3588806011781223,
                                               3591011842654386,
                                               9228616714210784205U,
                                               9973669472204895162U,
                                               14011001112246962877U,
                                               12406186145184390807U,
                                               15849039046786891736U,
                                               10450023813501588000U};
        Rng rng{1, 2, 3, 4};
        for (const std::uint64_t number : published) CHECK(rng() == number);
    }

    TEST_CASE("seeding gives the published numbers of SplitMix64") {
        std::uint64_t state = 1234567;
        for (const std::uint64_t number :
             {6457827717110365317U, 3203168211198807973U, 9817491932198370423U,
              4593380528125082431U, 16408922859458223821U})
            CHECK(splitmix64(state) == number);
        state = 1234567;
        const std::uint64_t a = splitmix64(state);
        const std::uint64_t b = splitmix64(state);
        const std::uint64_t c = splitmix64(state);
        const std::uint64_t d = splitmix64(state);
        Rng by_state{a, b, c, d};
        Rng by_seed{1234567};
        CHECK(by_state() == by_seed());
    }

    TEST_CASE("uniform numbers are the upper 53 bits") {
        Rng bits{9};
        Rng numbers{9};
        for (int i = 0; i < 100; ++i) {
            const double expected = std::ldexp(static_cast<double>(bits() >> 11), -53);
            const double number = numbers.uniform();
            CHECK(number == expected);
            CHECK(number < 1.0);
        }
    }

    TEST_CASE("a bounded number has no favourites") {
        // Without rejection, every third number below 3 x 2^62 would come twice as often.
        constexpr std::uint64_t bound = std::uint64_t{3} << 62;
        Rng rng{4};
        std::array<std::uint64_t, 3> observed{};
        for (int i = 0; i < 9'000; ++i) {
            const std::uint64_t number = rng.below(bound);
            CHECK_UNARY(number < bound);
            ++observed[number % 3];
        }
        const std::array<double, 3> expected = {3'000.0, 3'000.0, 3'000.0};
        CHECK(chi_square(observed, expected) < chi_square_critical(2));
        std::array<std::uint64_t, 7> sevenths{};
        for (int i = 0; i < 7'000; ++i) ++sevenths[rng.below(7)];
        CHECK(chi_square(sevenths, std::vector<double>(7, 1'000.0)) < chi_square_critical(6));
        CHECK(rng.below(1) == 0);
    }

    TEST_CASE("a chance draws one number even when it is certain") {
        Rng rng{6};
        Rng twin{6};
        CHECK(rng.chance(1.0));
        CHECK_FALSE(rng.chance(0.0));
        static_cast<void>(twin());
        static_cast<void>(twin());
        CHECK(rng() == twin());
        int hits = 0;
        for (int i = 0; i < 10'000; ++i) hits += rng.chance(0.3) ? 1 : 0;
        CHECK(std::abs(hits - 3'000) < 4.0 * std::sqrt(10'000 * 0.3 * 0.7));
    }

    TEST_CASE("the same names give the same stream and others give another") {
        Rng stream = Rng::named(1, "web/2", "service");
        Rng again = Rng::named(1, "web/2", "service");
        const std::uint64_t first = stream();
        CHECK(again() == first);
        CHECK(Rng::named(2, "web/2", "service")() != first);
        CHECK(Rng::named(1, "web/3", "service")() != first);
        CHECK(Rng::named(1, "web/2", "arrivals")() != first);
        // The border between path and purpose counts.
        CHECK(Rng::named(1, "web/2s", "ervice")() != first);
        CHECK(Rng::named(1, "service", "web/2")() != first);
    }

    TEST_CASE("first numbers of streams with similar names are spread evenly") {
        std::vector<std::uint64_t> by_path(64);
        std::vector<std::uint64_t> by_seed(64);
        std::vector<std::uint64_t> by_replication(64);
        for (std::uint64_t i = 0; i < 6'400; ++i) {
            ++by_path[Rng::named(1, "web/" + std::to_string(i), "service")() >> 58];
            ++by_seed[Rng::named(i, "web", "service")() >> 58];
            ++by_replication[Rng::named(replication_seed(1, i), "web", "service")() >> 58];
        }
        const std::vector<double> expected(64, 100.0);
        CHECK(chi_square(by_path, expected) < chi_square_critical(63));
        CHECK(chi_square(by_seed, expected) < chi_square_critical(63));
        CHECK(chi_square(by_replication, expected) < chi_square_critical(63));
    }

    TEST_CASE("streams of neighbours do not move together") {
        // n times a squared correlation is a chi-square of one degree of freedom.
        constexpr int n = 4'000;
        constexpr std::uint64_t seeds = 20;
        double neighbour = 0.0;
        double purpose = 0.0;
        double seed = 0.0;
        double shifted = 0.0;
        for (std::uint64_t i = 0; i < seeds; ++i) {
            const Rng one = Rng::named(i, "web/1", "service");
            const auto scaled = [&](const Rng& other, int lag) {
                const double r = correlation(one, other, n, lag);
                return n * r * r;
            };
            neighbour += scaled(Rng::named(i, "web/2", "service"), 0);
            purpose += scaled(Rng::named(i, "web/1", "arrivals"), 0);
            seed += scaled(Rng::named(i + 1, "web/1", "service"), 0);
            shifted += scaled(one, 1);
        }
        for (const double sum : {neighbour, purpose, seed, shifted})
            CHECK(sum < chi_square_critical(seeds));
        const Rng same = Rng::named(1, "web/1", "service");
        CHECK(correlation(same, same, n) > 0.9);
    }

    TEST_CASE("pairs of numbers from two streams fill the square evenly") {
        Rng one = Rng::named(1, "a", "service");
        Rng two = Rng::named(1, "b", "service");
        std::vector<std::uint64_t> cells(64);
        for (int i = 0; i < 6'400; ++i) ++cells[(one() >> 61) * 8 + (two() >> 61)];
        CHECK(chi_square(cells, std::vector<double>(64, 100.0)) < chi_square_critical(63));
    }

    TEST_CASE("replications have seeds of their own") {
        std::set<std::uint64_t> seeds;
        for (std::uint64_t seed = 0; seed < 50; ++seed)
            for (std::uint64_t i = 0; i < 50; ++i) seeds.insert(replication_seed(seed, i));
        CHECK(seeds.size() == 2'500);
    }

    TEST_CASE("Boost's distributions draw from it") {
        Rng rng{12};
        boost::random::normal_distribution<double> normal{3.0, 2.0};
        std::vector<double> values;
        for (int i = 0; i < 5'000; ++i) values.push_back(normal(rng));
        const auto seen = archsim::tests::moments_of(values);
        CHECK(std::abs(seen.mean - 3.0) < 4.0 * seen.mean_error);
        CHECK(std::abs(seen.variance - 4.0) < 4.0 * seen.variance_error);
    }
}

// Policies that draw: their probabilities against combinatorics, and their draws against those.
#include "tests/models/load_balancer/sequence.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace archsim;
using namespace archsim::models;
using archsim::tests::proxied_fleet;
using archsim::tests::Sequence;

namespace {

constexpr int draws = 20'000;

/// Pearson's statistic of a policy's draws against the given probabilities (all above 0).
double chi_square(const Fleet& fleet, const BalancingConfig& config,
                  const std::vector<double>& probabilities) {
    Sequence sequence{fleet, config, 42};
    std::vector<double> count(probabilities.size(), 0.0);
    for (int i = 0; i < draws; ++i) ++count[static_cast<std::size_t>(sequence.pick() - '1')];
    double sum = 0.0;
    for (std::size_t i = 0; i < count.size(); ++i) {
        const double expected = draws * probabilities[i];
        sum += (count[i] - expected) * (count[i] - expected) / expected;
    }
    return sum;
}

std::vector<double> chances(const Fleet& fleet, const BalancingConfig& config) {
    AnyBalancingPolicy policy{config};
    return policy.chances({}, fleet.candidates({}));
}

void check_equal(const std::vector<double>& found, const std::vector<double>& expected) {
    REQUIRE(found.size() == expected.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
        CHECK(found[i] == doctest::Approx(expected[i]).epsilon(1e-12));
    }
}

// The 99.9 % points of chi-square with 2 and 3 degrees of freedom.
constexpr double limit2 = 13.816;
constexpr double limit3 = 16.266;

}  // namespace

TEST_SUITE("balancing by draw") {
    TEST_CASE("random draws in proportion to the weights") {
        const Fleet equal = proxied_fleet({1, 1, 1, 1});
        check_equal(chances(equal, RandomChoice::Config{}), {0.25, 0.25, 0.25, 0.25});
        CHECK(chi_square(equal, RandomChoice::Config{}, {0.25, 0.25, 0.25, 0.25}) < limit3);

        const Fleet weighted = proxied_fleet({1, 2, 3, 4});
        check_equal(chances(weighted, RandomChoice::Config{}), {0.1, 0.2, 0.3, 0.4});
        CHECK(chi_square(weighted, RandomChoice::Config{}, {0.1, 0.2, 0.3, 0.4}) < limit3);
    }

    TEST_CASE("random leaves out what is not usable and shares its part") {
        Fleet fleet = proxied_fleet({1, 1, 1, 1});
        fleet.set_usable(2, false);
        check_equal(chances(fleet, RandomChoice::Config{}), {1 / 3.0, 1 / 3.0, 0, 1 / 3.0});
    }

    TEST_CASE("two distinct choices never take the busiest and take the idlest half the time") {
        Fleet fleet = proxied_fleet({1, 1, 1, 1});
        for (std::uint32_t i = 0; i < 4; ++i) fleet.set_in_flight(i, i);
        PowerOfChoices::Config config;
        // Of the 6 pairs, 3 contain the idlest, 2 more the next, 1 more the third.
        check_equal(chances(fleet, config), {3 / 6.0, 2 / 6.0, 1 / 6.0, 0.0});
        Sequence sequence{fleet, config, 5};
        for (int i = 0; i < 2'000; ++i) REQUIRE(sequence.pick() != '4');

        // With replacement there are 16 ordered pairs: 7, 5, 3 and 1 of them.
        config.replacement = true;
        const std::vector<double> with = {7 / 16.0, 5 / 16.0, 3 / 16.0, 1 / 16.0};
        check_equal(chances(fleet, config), with);
        CHECK(chi_square(fleet, config, with) < limit3);

        config.choices = 3;  // 37, 19, 7 and 1 of 64
        const std::vector<double> three = {37 / 64.0, 19 / 64.0, 7 / 64.0, 1 / 64.0};
        check_equal(chances(fleet, config), three);
        CHECK(chi_square(fleet, config, three) < limit3);
    }

    TEST_CASE("idle servers are equally likely whatever the number of choices") {
        const Fleet fleet = proxied_fleet({1, 1, 1, 1});
        for (const std::int64_t choices : {1, 2, 3, 4, 9}) {
            PowerOfChoices::Config config;
            config.choices = choices;
            CHECK(chi_square(fleet, config, {0.25, 0.25, 0.25, 0.25}) < limit3);
        }
    }

    TEST_CASE("choices without replacement follow the weights draw by draw") {
        Fleet fleet = proxied_fleet({1, 2, 5});
        fleet.set_in_flight(0, 0);
        fleet.set_in_flight(1, 20);
        fleet.set_in_flight(2, 100);
        // s1 wins whenever drawn: 1/8 first, or second after s2 (2/8 * 1/6) or s3 (5/8 * 1/3).
        const double first = 1 / 8.0 + 2 / 8.0 / 6 + 5 / 8.0 / 3;
        // s2 wins when s1 is left out (10 against 20 per weight): both orders of s2 and s3.
        const double second = 2 / 8.0 * 5 / 6 + 5 / 8.0 * 2 / 3;
        check_equal(chances(fleet, PowerOfChoices::Config{}), {first, second, 0.0});
        Sequence sequence{fleet, PowerOfChoices::Config{}, 11};
        int ones = 0;
        for (int i = 0; i < draws; ++i) ones += sequence.pick() == '1' ? 1 : 0;
        CHECK(std::abs(ones - draws * first) < 4 * std::sqrt(draws * first * (1 - first)));
    }

    TEST_CASE("looking at all servers is least connections") {
        Fleet fleet = proxied_fleet({1, 1, 1, 1});
        for (std::uint32_t i = 0; i < 4; ++i) fleet.set_in_flight(i, 9 - i);
        PowerOfChoices::Config config;
        config.choices = 4;
        check_equal(chances(fleet, config), {0, 0, 0, 1});
    }

    TEST_CASE("least connections and least loaded draw among the tied ones only") {
        Fleet fleet = proxied_fleet({1, 1, 1, 1});
        fleet.set_in_flight(2, 1);
        fleet.set_load(0, 0.5);
        check_equal(chances(fleet, LeastConnections::Config{}), {1 / 3.0, 1 / 3.0, 0, 1 / 3.0});
        check_equal(chances(fleet, LeastLoaded::Config{}), {0, 1 / 3.0, 1 / 3.0, 1 / 3.0});
        CHECK(chances(fleet, LeastConnections::Config{TieBreak::first}).empty());

        Fleet three = proxied_fleet({1, 1, 1});
        const std::vector<double> thirds = {1 / 3.0, 1 / 3.0, 1 / 3.0};
        CHECK(chi_square(three, LeastConnections::Config{}, thirds) < limit2);
        CHECK(chi_square(three, LeastResponseTime::Config{}, thirds) < limit2);
    }

    TEST_CASE("policies that do not draw have no chances") {
        const Fleet fleet = proxied_fleet({1, 1});
        CHECK(chances(fleet, RoundRobin::Config{}).empty());
        CHECK(chances(fleet, ConsistentHash::Config{}).empty());
    }
}

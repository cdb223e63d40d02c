// What every balancing policy must do, whatever its idea of a good backend.
#include "models/load_balancer/policies.hpp"

#include "tests/models/load_balancer/sequence.hpp"

#include <doctest/doctest.h>

using namespace archsim;
using namespace archsim::models;
using archsim::tests::proxied_fleet;

namespace {

std::vector<BalancingConfig> default_configs() {
    std::vector<BalancingConfig> configs;
    BalancingPolicies::for_each(
        [&]<class Policy>() { configs.push_back(typename Policy::Config{}); });
    return configs;
}

Request random_request(sim::Rng& rng) {
    Request request;
    request.session = rng.below(30);
    request.key = rng.below(1000);
    request.address = static_cast<std::uint32_t>(rng());
    return request;
}

/// A fleet that changes at random: load, health, weights, newcomers.
void disturb(Fleet& fleet, sim::Rng& rng) {
    const auto index = static_cast<std::uint32_t>(rng.below(fleet.size()));
    switch (rng.below(8)) {
        case 0:
            fleet.set_usable(index, rng.chance(0.6));
            break;
        case 1:
            fleet.set_weight(index, 0.25 + rng.uniform() * 3);
            break;
        case 2:
            if (fleet.size() < 12) fleet.add(fmt::format("late/{}", fleet.size()));
            break;
        case 3:
            fleet.set_load(index, rng.uniform());
            break;
        case 4:
            fleet.set_response_time(
                index, sim::Duration::microseconds(static_cast<std::int64_t>(rng.below(9000))));
            break;
        default:
            fleet.set_in_flight(index, static_cast<std::uint32_t>(rng.below(6)));
            break;
    }
}

/// The choices of a policy over a fixed random history; "-1" stands for none.
std::vector<int> history(const BalancingConfig& config, std::uint64_t seed, bool traced,
                         bool check = false) {
    AnyBalancingPolicy policy{config};
    Trace trace{Language::english};
    Fleet fleet = proxied_fleet({1, 2, 1, 0.5});
    sim::Rng disturbance{99};
    sim::Rng draws{seed};
    std::vector<int> choices;
    for (int step = 0; step < 120; ++step) {
        disturb(fleet, disturbance);
        const Request request = random_request(disturbance);
        const auto now = sim::Instant::at(sim::Duration::seconds(step));
        const Candidates candidates = fleet.candidates(now);
        const auto chosen = policy.pick(request, candidates, draws, traced ? &trace : nullptr);
        choices.push_back(chosen ? static_cast<int>(*chosen) : -1);
        if (!check) continue;
        CHECK(chosen.has_value() == !candidates.usable.empty());
        if (chosen) CHECK(fleet.at(*chosen).usable);
    }
    if (traced) CHECK(trace.lines().size() >= 100);
    return choices;
}

}  // namespace

TEST_SUITE("every balancing policy") {
    TEST_CASE("picks a usable backend whenever there is one and nothing otherwise") {
        for (const BalancingConfig& config : default_configs()) {
            CAPTURE(AnyBalancingPolicy{config}.name());
            history(config, 1, false, true);
        }
    }

    TEST_CASE("gives nothing without backends") {
        const Fleet empty;
        for (const BalancingConfig& config : default_configs()) {
            AnyBalancingPolicy policy{config};
            sim::Rng rng{1};
            CAPTURE(policy.name());
            CHECK_FALSE(policy.pick({}, empty.candidates({}), rng, nullptr));
            CHECK_FALSE(policy.pick_identity("a", empty.candidates({}), nullptr));
        }
    }

    TEST_CASE("repeats itself for the same seed and is not changed by a trace") {
        for (const BalancingConfig& config : default_configs()) {
            CAPTURE(AnyBalancingPolicy{config}.name());
            const auto choices = history(config, 7, false);
            CHECK(history(config, 7, false) == choices);
            CHECK(history(config, 7, true) == choices);
        }
    }

    TEST_CASE("a copy continues as the original would") {
        for (const BalancingConfig& config : default_configs()) {
            AnyBalancingPolicy original{config};
            Fleet fleet = proxied_fleet({1, 2, 1, 3});
            sim::Rng requests{3};
            sim::Rng rng{8};
            for (int i = 0; i < 20; ++i) {
                original.pick(random_request(requests), fleet.candidates({}), rng, nullptr);
            }
            AnyBalancingPolicy copy = original;
            sim::Rng copied = rng;
            fleet.set_usable(1, false);
            CAPTURE(original.name());
            for (int i = 0; i < 20; ++i) {
                const Request request = random_request(requests);
                CHECK(original.pick(request, fleet.candidates({}), rng, nullptr) ==
                      copy.pick(request, fleet.candidates({}), copied, nullptr));
            }
        }
    }

    TEST_CASE("probabilities sum to one and are zero for what is not usable") {
        Fleet fleet = proxied_fleet({1, 2, 1, 3, 1});
        fleet.set_usable(3, false);
        fleet.set_in_flight(0, 2);
        for (const BalancingConfig& config : default_configs()) {
            AnyBalancingPolicy policy{config};
            const auto chances = policy.chances({}, fleet.candidates({}));
            if (chances.empty()) continue;
            CAPTURE(policy.name());
            REQUIRE(chances.size() == 5);
            CHECK(chances[3] == 0.0);
            double sum = 0.0;
            for (const double chance : chances) sum += chance;
            CHECK(sum == doctest::Approx(1.0));
        }
    }
}

// Drives a policy through short sequences and writes the backends chosen as digits from 1.
#pragma once

#include "models/load_balancer/fleet.hpp"
#include "models/load_balancer/policies.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <vector>

namespace archsim::tests {

/// Backends called as in the runs of the real balancers: 127.0.0.11:9100 and following.
inline models::Fleet proxied_fleet(const std::vector<double>& weights) {
    models::Fleet fleet;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        fleet.add(fmt::format("127.0.0.{}:9100", 11 + i), weights[i]);
    }
    return fleet;
}

/// A policy with its fleet and random stream.
class Sequence {
public:
    Sequence(models::Fleet backends, const models::BalancingConfig& config, std::uint64_t seed = 1)
        : fleet{std::move(backends)}, policy_{config}, rng_{seed} {}

    /// One choice as a digit, '-' for none; the request ends before the next one.
    char pick(const models::Request& request = {}, sim::Instant now = {}) {
        const auto chosen = policy_.pick(request, fleet.candidates(now), rng_, nullptr);
        return chosen ? static_cast<char>('1' + *chosen) : '-';
    }
    /// The same for a session.
    char pick_session(std::uint64_t session, sim::Instant now = {}) {
        models::Request request;
        request.session = session;
        return pick(request, now);
    }
    /// A choice whose request stays open.
    char open() {
        const char digit = pick();
        const auto index = static_cast<std::uint32_t>(digit - '1');
        fleet.set_in_flight(index, fleet.at(index).in_flight + 1);
        return digit;
    }
    /// Ends all requests at a backend, given by its digit.
    void close_all(char digit) { fleet.set_in_flight(static_cast<std::uint32_t>(digit - '1'), 0); }
    /// Takes a backend out, given by its digit.
    void down(char digit) { fleet.set_usable(static_cast<std::uint32_t>(digit - '1'), false); }
    /// Adds the next backend of the same weight.
    void join() { fleet.add(fmt::format("127.0.0.{}:9100", 11 + fleet.size())); }
    /// Several choices in a row.
    std::string picks(int count) {
        std::string digits;
        for (int i = 0; i < count; ++i) digits += pick();
        return digits;
    }

    models::Fleet fleet;

private:
    models::AnyBalancingPolicy policy_;
    sim::Rng rng_;
};

}  // namespace archsim::tests

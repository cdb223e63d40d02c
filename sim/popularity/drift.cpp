// Moving ranks over keys.
#include "sim/popularity/drift.hpp"

#include "sim/check.hpp"
#include "sim/rng.hpp"

#include <bit>
#include <cmath>

namespace archsim::sim {

namespace {

std::uint64_t mixed(std::uint64_t key, std::uint64_t round, std::uint64_t half) {
    std::uint64_t state = key;
    state = splitmix64(state) ^ round;
    state = splitmix64(state) ^ half;
    return splitmix64(state);
}

}  // namespace

std::uint64_t permuted(std::uint64_t index, std::uint64_t count, std::uint64_t key) {
    ARCHSIM_CHECK(index < count, "there is no index {} among {}", index, count);
    if (count == 1) return 0;
    const int bits = (static_cast<int>(std::bit_width(count - 1)) + 1) / 2;
    const std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
    std::uint64_t place = index;
    do {
        std::uint64_t left = place >> bits;
        std::uint64_t right = place & mask;
        for (std::uint64_t round = 0; round < 4; ++round) {
            const std::uint64_t next = left ^ (mixed(key, round, right) & mask);
            left = right;
            right = next;
        }
        place = left << bits | right;
    } while (place >= count);
    return place;
}

Drift::Drift(Rate keys, std::optional<Duration> shuffle_every)
    : keys_{keys}, shuffle_every_{shuffle_every} {
    ARCHSIM_CHECK(!shuffle_every || *shuffle_every > Duration{}, "a period must have a length");
}

std::uint64_t Drift::key_of(std::uint64_t rank, std::uint64_t count, Instant now) const {
    const double moved = std::floor(keys_.per_second() * now.since_start().in_seconds());
    const double shift = std::fmod(moved, static_cast<double>(count));
    const std::uint64_t key = (rank + static_cast<std::uint64_t>(shift)) % count;
    if (!shuffle_every_) return key;
    const auto period = static_cast<std::uint64_t>(now.count() / shuffle_every_->count());
    return period == 0 ? key : permuted(key, count, period);
}

}  // namespace archsim::sim

// Random streams. A stream belongs to one component and one purpose, so that a change in one place
// never shifts the numbers of another.
#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

namespace archsim::sim {

/// The next state and output of SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom
/// number generators", 2014). Used to seed and to mix, not to draw.
[[nodiscard]] constexpr std::uint64_t splitmix64(std::uint64_t& state) {
    state += 0x9e3779b97f4a7c15u;
    std::uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/// xoshiro256++ 1.0 (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2019):
/// 32 bytes of state, period 2^256 - 1. A UniformRandomBitGenerator, so Boost.Random's
/// distributions draw from it. A value: copies continue independently from the same point.
class Rng {
public:
    using result_type = std::uint64_t;

    /// State from SplitMix64, as the authors advise.
    explicit constexpr Rng(std::uint64_t seed) {
        for (std::uint64_t& word : state_) word = splitmix64(seed);
    }
    /// State as given; for published vectors. Requires: not all zero.
    constexpr Rng(std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t d)
        : state_{a, b, c, d} {}
    /// The stream of `purpose` at the node `path` in the run `seed`. Same arguments, same numbers.
    [[nodiscard]] static Rng named(std::uint64_t seed, std::string_view path,
                                   std::string_view purpose);

    [[nodiscard]] static constexpr result_type min() { return 0; }
    [[nodiscard]] static constexpr result_type max() {
        return std::numeric_limits<result_type>::max();
    }
    constexpr result_type operator()() {
        const std::uint64_t result = rotate(state_[0] + state_[3], 23) + state_[0];
        const std::uint64_t t = state_[1] << 17;
        state_[2] ^= state_[0];
        state_[3] ^= state_[1];
        state_[1] ^= state_[2];
        state_[0] ^= state_[3];
        state_[2] ^= t;
        state_[3] = rotate(state_[3], 45);
        return result;
    }

    /// Uniform in [0, 1): a multiple of 2^-53.
    [[nodiscard]] constexpr double uniform() {
        return static_cast<double>((*this)() >> 11) * 0x1.0p-53;
    }
    /// Uniform in 0 .. n-1, unbiased (Lemire, "Fast random integer generation in an interval",
    /// 2019). Requires n > 0.
    [[nodiscard]] constexpr std::uint64_t below(std::uint64_t n) {
        __extension__ using Wide = unsigned __int128;
        Wide product = static_cast<Wide>((*this)()) * n;
        if (static_cast<std::uint64_t>(product) < n) {
            const std::uint64_t threshold = (0 - n) % n;
            while (static_cast<std::uint64_t>(product) < threshold) {
                product = static_cast<Wide>((*this)()) * n;
            }
        }
        return static_cast<std::uint64_t>(product >> 64);
    }
    /// True with probability p; draws even when p is 0 or 1, so that streams stay in step.
    [[nodiscard]] constexpr bool chance(double p) { return uniform() < p; }

private:
    [[nodiscard]] static constexpr std::uint64_t rotate(std::uint64_t x, int by) {
        return (x << by) | (x >> (64 - by));
    }
    std::uint64_t state_[4] = {};
};

/// The seed of one replication of a scenario.
[[nodiscard]] std::uint64_t replication_seed(std::uint64_t seed, std::uint64_t replication);

}  // namespace archsim::sim

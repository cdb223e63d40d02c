// The recipes of trace_generator.hpp, and the SHA-256 that proves them.
#include "tests/support/trace_generator.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <initializer_list>
#include <stdexcept>

namespace archsim::tests {

namespace {

constexpr std::uint64_t golden = 0x9E3779B97F4A7C15ULL;
constexpr std::uint64_t two53 = std::uint64_t{1} << 53;

class SplitMix64 {
public:
    explicit SplitMix64(std::uint64_t seed) : state_{seed} {}
    std::uint64_t u53() {
        state_ += golden;
        std::uint64_t z = (state_ ^ (state_ >> 30)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
        return (z ^ (z >> 31)) >> 11;
    }
    /// u53() * n >> 53 without a 128-bit product. Requires: n < 2^32.
    std::uint64_t below(std::uint64_t n) {
        const std::uint64_t u = u53();
        const std::uint64_t high = u >> 32;
        const std::uint64_t low = u & 0xFFFFFFFFULL;
        return (high * n + ((low * n) >> 32)) >> 21;
    }

private:
    std::uint64_t state_;
};

/// The compression function of SHA-256 over a growing message.
class Sha256 {
public:
    void add(std::string_view text) {
        length_ += text.size();
        while (!text.empty()) {
            const std::size_t taken = std::min(text.size(), block_.size() - filled_);
            std::memcpy(block_.data() + filled_, text.data(), taken);
            text.remove_prefix(taken);
            filled_ += taken;
            if (filled_ == block_.size()) compress();
        }
    }
    std::string finish() {
        const std::uint64_t bits = length_ * 8;
        add(std::string_view{"\x80", 1});
        while (filled_ != 56) add(std::string_view{"\0", 1});
        for (int shift = 56; shift >= 0; shift -= 8) {
            const char byte = static_cast<char>(static_cast<std::uint8_t>(bits >> shift));
            add(std::string_view{&byte, 1});
        }
        std::string text;
        for (const std::uint32_t word : state_) {
            for (int shift = 28; shift >= 0; shift -= 4) {
                text += "0123456789abcdef"[word >> shift & 15U];
            }
        }
        return text;
    }

private:
    using Words = std::array<std::uint32_t, 64>;

    /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes, by
    /// integer search, as the standard defines them.
    static Words make_constants() {
        Words constants{};
        std::size_t found = 0;
        for (std::uint64_t n = 2; found < constants.size(); ++n) {
            bool is_prime = true;
            for (std::uint64_t d = 2; d * d <= n; ++d) is_prime = is_prime && n % d != 0;
            if (!is_prime) continue;
            const long double root = std::cbrt(static_cast<long double>(n));
            const long double fraction = root - std::floor(root);
            constants[found++] = static_cast<std::uint32_t>(fraction * 4294967296.0L);
        }
        return constants;
    }

    /// Plain arrays and written-out rotations: this is most of the cost of a test without
    /// optimisation.
    void compress() {
        static const Words constants = make_constants();
        std::uint32_t w[64];
        const std::uint8_t* const bytes = block_.data();
        for (int i = 0; i < 16; ++i) {
            w[i] = static_cast<std::uint32_t>(bytes[4 * i] << 24 | bytes[4 * i + 1] << 16 |
                                              bytes[4 * i + 2] << 8 | bytes[4 * i + 3]);
        }
        for (int i = 16; i < 64; ++i) {
            const std::uint32_t x = w[i - 15];
            const std::uint32_t y = w[i - 2];
            w[i] = w[i - 16] + ((x >> 7 | x << 25) ^ (x >> 18 | x << 14) ^ x >> 3) + w[i - 7] +
                   ((y >> 17 | y << 15) ^ (y >> 19 | y << 13) ^ y >> 10);
        }
        auto [a, b, c, d, e, f, g, h] = state_;
        const std::uint32_t* const k = constants.data();
        for (int i = 0; i < 64; ++i) {
            const std::uint32_t one =
                h + ((e >> 6 | e << 26) ^ (e >> 11 | e << 21) ^ (e >> 25 | e << 7)) +
                ((e & f) ^ (~e & g)) + k[i] + w[i];
            const std::uint32_t two =
                ((a >> 2 | a << 30) ^ (a >> 13 | a << 19) ^ (a >> 22 | a << 10)) +
                ((a & b) ^ (a & c) ^ (b & c));
            h = g, g = f, f = e, e = d + one;
            d = c, c = b, b = a, a = one + two;
        }
        const std::array<std::uint32_t, 8> worked{a, b, c, d, e, f, g, h};
        for (std::size_t i = 0; i < 8; ++i) state_[i] += worked[i];
        filled_ = 0;
    }

    std::array<std::uint32_t, 8> state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                        0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    std::array<std::uint8_t, 64> block_{};
    std::size_t filled_ = 0;
    std::uint64_t length_ = 0;
};

Trace of_keys(std::initializer_list<std::uint64_t> keys) {
    Trace trace;
    for (const std::uint64_t key : keys) trace.push_back({key});
    return trace;
}

}  // namespace

Trace zipf_trace(std::uint64_t count, std::uint64_t keys, double alpha, std::uint64_t seed) {
    std::vector<double> sums;
    double total = 0.0;
    for (std::uint64_t rank = 1; rank <= keys; ++rank) {
        const auto x = static_cast<double>(rank);
        total += alpha == 1.0 ? 1.0 / x : std::pow(x, -alpha);
        sums.push_back(total);
    }
    std::vector<std::uint64_t> thresholds;
    for (const double sum : sums) {
        thresholds.push_back(static_cast<std::uint64_t>(sum / total * static_cast<double>(two53)));
    }
    thresholds.back() = two53;
    SplitMix64 numbers{seed};
    Trace trace(count);
    const std::uint64_t* const first = thresholds.data();
    for (TraceRequest& request : trace) {
        request.key = static_cast<std::uint64_t>(
            std::upper_bound(first, first + keys, numbers.u53()) - first);
    }
    return trace;
}

Trace uniform_trace(std::uint64_t count, std::uint64_t keys, std::uint64_t seed) {
    SplitMix64 numbers{seed};
    Trace trace(count);
    for (TraceRequest& request : trace) request.key = numbers.below(keys);
    return trace;
}

Trace scan_trace(std::uint64_t count, std::uint64_t keys) {
    Trace trace(count);
    for (std::uint64_t i = 0; i < count; ++i) trace[i].key = i % keys;
    return trace;
}

void give_sizes(Trace& trace, std::uint64_t low, std::uint64_t high, std::uint64_t seed) {
    const auto steps = static_cast<std::uint64_t>(std::bit_width(high / low));
    for (TraceRequest& request : trace) {
        SplitMix64 numbers{seed ^ 0x512EULL ^ request.key * golden};
        request.size = low << numbers.below(steps);
    }
}

Trace named_trace(std::string_view name) {
    if (name == "belady") return of_keys({1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5});
    if (name == "tanenbaum") {
        return of_keys({7, 0, 1, 2, 0, 3, 0, 4, 2, 3, 0, 3, 2, 1, 2, 0, 1, 7, 0, 1});
    }
    if (name == "zipf10") return zipf_trace(1'000'000, 100'000, 1.0, 1);
    if (name == "zipf12") return zipf_trace(1'000'000, 100'000, 1.2, 3);
    if (name == "zipfS") return zipf_trace(100'000, 10'000, 1.0, 4);
    if (name == "uniform") return uniform_trace(200'000, 10'000, 5);
    if (name == "scan") return scan_trace(100'000, 1'000);
    if (name == "zipfsz") {
        Trace trace = zipf_trace(200'000, 20'000, 0.9, 9);
        give_sizes(trace, 64, 65'536, 9);
        return trace;
    }
    throw std::invalid_argument("no trace of this name");
}

std::string digest(const Trace& trace) {
    Sha256 hash;
    hash.add("time,key,size,op\n");
    for (std::size_t time = 0; time < trace.size(); ++time) {
        char line[80];
        char* at = std::to_chars(line, line + 20, time).ptr;
        *at++ = ',';
        at = std::to_chars(at, at + 20, trace[time].key).ptr;
        *at++ = ',';
        at = std::to_chars(at, at + 20, trace[time].size).ptr;
        at = std::copy_n(",get\n", 5, at);
        hash.add(std::string_view{line, static_cast<std::size_t>(at - line)});
    }
    return hash.finish();
}

}  // namespace archsim::tests

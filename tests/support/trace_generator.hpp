// Request traces that are the same in every language, so that counts measured by one program can be
// compared to the last request with those of another.
// Numbers are SplitMix64: u53() = next() >> 11 and below(n) = u53() * n >> 53. Zipf is an inversion
// over integer thresholds floor(C_i / C_N * 2^53), C_i the sum of 1/i^alpha in doubles in rank
// order.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace archsim::tests {

/// One read of a key.
struct TraceRequest {
    std::uint64_t key = 0;
    std::uint64_t size = 1;  ///< of the object in bytes, the same at every read
};
using Trace = std::vector<TraceRequest>;

/// `count` independent draws of keys 0..keys-1, key k with weight (k + 1)^-alpha.
[[nodiscard]] Trace zipf_trace(std::uint64_t count, std::uint64_t keys, double alpha,
                               std::uint64_t seed);
/// `count` independent draws of keys 0..keys-1, all alike.
[[nodiscard]] Trace uniform_trace(std::uint64_t count, std::uint64_t keys, std::uint64_t seed);
/// 0, 1, ..., keys-1, over and over.
[[nodiscard]] Trace scan_trace(std::uint64_t count, std::uint64_t keys);
/// Gives every key its size: low * 2^k, k uniform over 0..floor(log2(high / low)), by key and seed.
void give_sizes(Trace& trace, std::uint64_t low, std::uint64_t high, std::uint64_t seed);

/// One of the traces that counts are published for: belady, tanenbaum, zipf10, zipf12, zipfS,
/// uniform, scan, zipfsz. Requires: one of these.
[[nodiscard]] Trace named_trace(std::string_view name);

/// SHA-256, in hexadecimal, of the trace as a file: "time,key,size,op" and then one line for each
/// request, the op always "get" (FIPS 180-4).
[[nodiscard]] std::string digest(const Trace& trace);

}  // namespace archsim::tests

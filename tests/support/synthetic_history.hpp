// Histories of simple systems whose metrics have closed forms, produced without the engine.
#pragma once

#include "models/consistency/recorded_history.hpp"
#include "models/history.hpp"

#include <cstdint>

namespace archsim::tests {

/// One key, Poisson writes acknowledged at once, and a read every `read_every_s` seconds at a
/// replica that applies each write exactly `lag_s` seconds late.
[[nodiscard]] models::RecordedHistory constant_lag(std::uint64_t seed, double writes_per_s,
                                                   double lag_s, double read_every_s, int reads);

/// Independent keys: a write acknowledged at once that w of n replicas have at that instant and
/// the others after an exponential time of mean 1 s each, then a read of r random replicas
/// `after_s` seconds later that returns the newest value.
struct QuorumTrial {
    int n = 3;
    int r = 1;
    int w = 1;
    double after_s = 0.0;
};
[[nodiscard]] models::RecordedHistory instant_quorum(std::uint64_t seed, QuorumTrial trial,
                                                     int keys);

/// A partition of `seconds` between side 1 and side 2 over `keys` keys. Each side reads and writes
/// its own copy at once (Poisson, rates per key); afterwards the latest write wins everywhere.
/// With `majority_only`, side 2 is refused instead.
struct PartitionTrial {
    int keys = 1000;
    double seconds = 60.0;
    double writes_a = 0.06;
    double writes_b = 0.04;
    double reads_a = 0.54;
    double reads_b = 0.36;
    bool majority_only = false;
};
[[nodiscard]] models::RecordedHistory partitioned(std::uint64_t seed, const PartitionTrial& trial);

}  // namespace archsim::tests

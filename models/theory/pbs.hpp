// Probabilistically bounded staleness of partial quorums: how soon after a write reads are fresh,
// from the delays of the four messages alone (the WARS model). By Monte Carlo, exact in the curve.
#pragma once

#include "sim/distribution.hpp"
#include "sim/statistics.hpp"
#include "sim/units.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace archsim::models::theory {

/// How many replicas there are and how many answers a read and a write wait for.
struct Quorum {
    int replicas = 3;
    int reads = 1;
    int writes = 1;
};

/// The delays of the WARS model, drawn independently per replica.
struct WarsDelays {
    sim::Distribution write;     ///< W: the write reaches a replica and is applied.
    sim::Distribution ack;       ///< A: its acknowledgement returns.
    sim::Distribution read;      ///< R: a read reaches a replica and is served.
    sim::Distribution response;  ///< S: its answer returns.
    /// Added to all four at every replica but one; which one is near is drawn independently for
    /// the write and for the read.
    sim::Duration remote{};
};

/// What many trials of a write followed by a read came to. Every vector is sorted, in seconds.
class PbsCurve {
public:
    /// Requires: at least one trial, and as many values in each vector.
    PbsCurve(std::vector<double> fresh_after, std::vector<double> read_latencies,
             std::vector<double> write_latencies);

    [[nodiscard]] std::size_t trials() const { return fresh_after_.size(); }
    /// P(a read sent `after` the write was acknowledged is fresh). O(log trials).
    [[nodiscard]] double fresh(sim::Duration after) const;
    /// The least time in seconds after which a share `share` of the reads is fresh.
    /// Requires: 0 < share < 1.
    [[nodiscard]] double seconds_until_fresh(double share) const;
    /// An interval of that time, by order statistics, at z standard errors to either side.
    [[nodiscard]] sim::Interval seconds_until_fresh_interval(double share, double z) const;
    /// Quantile in seconds of the latency of a read, and its interval. Requires: 0 < share < 1.
    [[nodiscard]] double read_latency(double share) const;
    [[nodiscard]] sim::Interval read_latency_interval(double share, double z) const;
    /// Likewise of a write.
    [[nodiscard]] double write_latency(double share) const;
    [[nodiscard]] sim::Interval write_latency_interval(double share, double z) const;

private:
    std::vector<double> fresh_after_;
    std::vector<double> read_latencies_;
    std::vector<double> write_latencies_;
};

/// Runs `trials` trials. A write commits when `writes` acknowledgements are back. A read sent t
/// later is fresh iff one of the first `reads` replicas to answer had the write when the read got
/// there. So each trial has a time from which on its read is fresh, and the distribution of that
/// time is the whole curve: no time is tried out, and no crossing is met too early by chance.
/// Model: Bailis, Venkataraman, Franklin, Hellerstein and Stoica, "Probabilistically Bounded
/// Staleness for Practical Partial Quorums", 2012. No read repair, so it is the worst case.
/// Requires: 1 <= reads, writes <= replicas; trials >= 1. O(trials replicas log replicas).
[[nodiscard]] PbsCurve pbs(const Quorum& quorum, const WarsDelays& delays, std::size_t trials,
                           std::uint64_t seed);

/// P(a read returns one of the newest k versions) when acknowledged writes spread no further:
/// 1 - (C(N - W, R) / C(N, R))^k, from the same paper. O(replicas). Requires: k >= 1.
[[nodiscard]] double fresh_within_versions(const Quorum& quorum, int k);

}  // namespace archsim::models::theory

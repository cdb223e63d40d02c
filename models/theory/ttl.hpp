// Closed forms for a copy that is used for a fixed time after it was fetched, with Poisson reads of
// it and Poisson writes of its original: the price of a time to live, in load and in outdatedness.
#pragma once

namespace archsim::models::theory {

/// What a time to live comes to.
struct TtlTradeOff {
    double hit_ratio = 0.0;    ///< Of reads.
    double fetch_rate = 0.0;   ///< Of the original, 1/s.
    double stale_ratio = 0.0;  ///< Of reads, those answered with an outdated copy.
    double staleness = 0.0;  ///< Mean time in seconds since the first write that such a copy lacks.
};

/// The trade-off for one object.
///
/// A cycle begins with the read that fetches, at age 0, and has r T further reads at uniform ages
/// up to T. A copy of age a lacks a write with probability 1 - exp(-w a) and is then behind by
/// a - X, where X is exponential: E(a - X)+ = a - (1 - exp(-w a)) / w. Hit ratio and fetch rate are
/// those of Jung, Berger and Balakrishnan, "Modeling TTL-based Internet Caches", 2003; the rest
/// follows by integrating over a. Fetches take no time.
/// Requires: reads > 0, writes > 0 (both 1/s), ttl > 0 (seconds).
[[nodiscard]] TtlTradeOff ttl_trade_off(double reads, double writes, double ttl);

}  // namespace archsim::models::theory

// Integrals over the age of a copy.
#include "models/theory/ttl.hpp"

#include "models/theory/caching.hpp"

#include <cmath>

namespace archsim::models::theory {

TtlTradeOff ttl_trade_off(double reads, double writes, double ttl) {
    const double cycle = 1.0 + reads * ttl;  // reads, the one that fetches included
    // Integral over the ages up to the ttl of the probability of being outdated, and of how long.
    const double outdated = ttl + std::expm1(-writes * ttl) / writes;
    const double behind = ttl * ttl / 2.0 - outdated / writes;
    TtlTradeOff result;
    result.hit_ratio = ttl_hit_ratio(reads * ttl);
    result.fetch_rate = reads / cycle;
    result.stale_ratio = reads * outdated / cycle;
    result.staleness = behind / outdated;
    return result;
}

}  // namespace archsim::models::theory

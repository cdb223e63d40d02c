// Closed forms for caches under the independent reference model, where each request draws its key
// from one popularity vector, and for the shares and moves of keys among servers.
#pragma once

#include <span>
#include <vector>

namespace archsim::models::theory {

/// Popularities proportional to 1 / rank^skew, most popular first, with sum 1. O(count).
/// Requires: count >= 1, skew >= 0.
[[nodiscard]] std::vector<double> zipf_popularity(int count, double skew);

/// What an approximation says about a cache.
struct CacheEstimate {
    double hit_ratio = 0.0;
    double characteristic_time = 0.0;  ///< In requests: how long an unused key stays; may be +inf.
};

/// LRU with `capacity` keys: sum(1 - exp(-p T)) = C. O(keys) times about 60 steps of bisection.
/// Source: Che, Tung and Wang, "Hierarchical Web Caching Systems", 2002.
/// Requires: popularity sums to 1, capacity >= 0. A cache that holds all keys hits always.
[[nodiscard]] CacheEstimate lru_estimate(std::span<const double> popularity, int capacity);

/// FIFO or RANDOM (equal in the long run: Gelenbe 1973): sum(p T / (1 + p T)) = C.
/// Source: Martina, Garetto and Leonardi 2014. Cost and requirements as for LRU.
[[nodiscard]] CacheEstimate fifo_estimate(std::span<const double> popularity, int capacity);

/// Exact hit ratio of LRU, for small catalogues. O(keys * 2^keys).
/// Source: King 1971, summed over subsets. Requires: at most 20 keys, all with popularity > 0.
[[nodiscard]] double lru_exact(std::span<const double> popularity, int capacity);

/// Exact hit ratio of FIFO and RANDOM. O(keys * capacity).
/// Source: Gelenbe 1973: a set is cached with weight product(p); here the sums over all sets are
/// taken as a Poisson-binomial distribution, which stays in range for any size.
[[nodiscard]] double fifo_exact(std::span<const double> popularity, int capacity);

/// Hit ratio of a key whose copy lives for a fixed time from its fetch, where `requests` is the
/// mean number of Poisson requests in that time: n / (1 + n). Source: Jung, Berger and
/// Balakrishnan 2003.
[[nodiscard]] double ttl_hit_ratio(double requests);

/// The same where each hit starts the time anew: 1 - exp(-n).
[[nodiscard]] double sliding_ttl_hit_ratio(double requests);

/// Coefficient of variation of a server's share on a ring with random points, whose share is
/// Beta(V, (n - 1) V). Requires: servers >= 1, points >= 1 per server.
[[nodiscard]] double ring_share_cv(int servers, int points);

/// The least share of keys that can move when one server joins `servers`: 1 / (n + 1).
[[nodiscard]] double moved_by_joining(int servers);

/// The least share of keys that can move when one of `servers` leaves: 1 / n.
[[nodiscard]] double moved_by_leaving(int servers);

}  // namespace archsim::models::theory

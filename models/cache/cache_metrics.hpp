// What a cache measures, all its instances together.
#pragma once

#include "models/catalog.hpp"
#include "sim/metrics.hpp"
#include "sim/time_weighted.hpp"

#include <cstdint>

namespace archsim::models::cache {

/// The probes of one cache. Ratios are of its reads.
struct CacheMetrics {
    /// Publishes under the name of the component.
    explicit CacheMetrics(const BuildContext& context);
    CacheMetrics(const CacheMetrics&) = delete;
    CacheMetrics& operator=(const CacheMetrics&) = delete;

    /// Every read is a hit or a miss, and every buffered write was replaced, saved, lost or is
    /// still dirty. A violation stops the process.
    void check_end(const std::string& name) const;

    sim::Counter& reads;
    sim::Counter& hits;
    sim::Counter& misses;
    sim::Counter& coalesced;      ///< Misses that waited for somebody else's fetch.
    sim::Counter& negative_hits;  ///< Hits on an answer that says "failed".
    sim::Counter& expired;        ///< Reads that found a copy past its time to live.
    sim::Counter& stale;          ///< Reads answered with a version that the store had replaced.
    sim::Timing& staleness;       ///< Since when, of those reads.
    sim::Counter& evictions;
    sim::Counter& invalidations;
    sim::Counter& refreshes;     ///< Fetches that no read waits for.
    sim::Counter& origin_calls;  ///< Fetches and writes, whatever their cause.
    sim::Counter& buffered;      ///< Writes answered before the origin had them.
    sim::Counter& replaced;      ///< Of them, those that a newer one replaced.
    sim::Counter& saved;         ///< Of them, those that the origin took.
    sim::Counter& dirty_lost;    ///< Of them, those lost in a crash.
    sim::Counter& blocked;       ///< Writes that had to wait for room among the dirty entries.
    sim::Level dirty;
};

}  // namespace archsim::models::cache

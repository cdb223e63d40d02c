// Names of the numbers, and what must add up.
#include "models/cache/cache_metrics.hpp"

#include "sim/check.hpp"

namespace archsim::models::cache {

CacheMetrics::CacheMetrics(const BuildContext& context)
    : reads{context.metrics.counter()},
      hits{context.metrics.counter()},
      misses{context.metrics.counter()},
      coalesced{context.metrics.counter()},
      negative_hits{context.metrics.counter()},
      expired{context.metrics.counter()},
      stale{context.metrics.counter()},
      staleness{context.metrics.timing()},
      evictions{context.metrics.counter()},
      invalidations{context.metrics.counter()},
      refreshes{context.metrics.counter()},
      origin_calls{context.metrics.counter()},
      buffered{context.metrics.counter()},
      replaced{context.metrics.counter()},
      saved{context.metrics.counter()},
      dirty_lost{context.metrics.counter()},
      blocked{context.metrics.counter()} {
    sim::Metrics& metrics = context.metrics;
    metrics.publish_rate(context.path("reads"), reads);
    metrics.publish_ratio(context.path("hit_ratio"), hits, {&reads});
    metrics.publish_count(context.path("misses"), misses);
    metrics.publish_ratio(context.path("coalesced"), coalesced, {&reads});
    metrics.publish_ratio(context.path("negative_hits"), negative_hits, {&reads});
    metrics.publish_count(context.path("expired"), expired);
    metrics.publish_ratio(context.path("stale_served"), stale, {&reads});
    metrics.publish_timing(context.path("staleness"), staleness);
    metrics.publish_count(context.path("evictions"), evictions);
    metrics.publish_count(context.path("invalidations"), invalidations);
    metrics.publish_count(context.path("refreshes"), refreshes);
    metrics.publish_rate(context.path("origin_load"), origin_calls);
    metrics.publish_level(context.path("dirty"), metrics.watch(dirty));
    metrics.publish_count(context.path("dirty_lost"), dirty_lost);
    metrics.publish_count(context.path("absorbed_writes"), replaced);
    metrics.publish_count(context.path("blocked_writes"), blocked);
}

void CacheMetrics::check_end(const std::string& name) const {
    ARCHSIM_CHECK_AT(name, reads.ever() == hits.ever() + misses.ever(),
                     "reads do not add up: {} reads, {} hits, {} misses", reads.ever(), hits.ever(),
                     misses.ever());
    const auto still = static_cast<std::uint64_t>(dirty.value());
    ARCHSIM_CHECK_AT(name,
                     buffered.ever() == replaced.ever() + saved.ever() + dirty_lost.ever() + still,
                     "writes do not add up: {} buffered, {} replaced, {} saved, {} lost, {} dirty",
                     buffered.ever(), replaced.ever(), saved.ever(), dirty_lost.ever(), still);
}

}  // namespace archsim::models::cache

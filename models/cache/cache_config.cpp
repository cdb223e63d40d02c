// Names, ranges and relations of a cache's parameters, its metrics and assumptions.
#include "models/cache/cache_config.hpp"

namespace archsim::models::cache {

namespace {

void need_ttl(const Place& place, std::string_view key, std::string_view what) {
    place.fail(key, {.code = Code::bad_value,
                     .message = std::string(what) + " needs a time to live",
                     .hint = R"(add "ttl", such as "ttl": "30s")"});
}

void check_config(const CacheConfig& config, const Place& place) {
    if (config.calls.size() != 1) {
        place.fail("calls", {.code = Code::bad_value,
                             .message = "a cache stands before exactly one node",
                             .hint = R"(write one, such as "calls": ["db"])"});
    }
    if (config.ttl) return;
    if (place.has("ttl_jitter")) need_ttl(place, "ttl_jitter", "'ttl_jitter'");
    if (config.stale_while_revalidate) {
        need_ttl(place, "stale_while_revalidate", "'stale_while_revalidate'");
    }
    if (config.writes<RefreshAhead>() != nullptr) need_ttl(place, "write", "'refresh_ahead'");
}

auto with_parameters(Spec<CacheConfig>&& spec) {
    return std::move(spec)
        .required("capacity", &CacheConfig::capacity,
                  "What each instance holds: a number of entries, or bytes by the sizes of the "
                  "objects.")
        .otherwise_called({"size", "max_entries", "entries"})
        .optional("eviction", &CacheConfig::eviction, "Which entry leaves when it is full.")
        .otherwise_called({"policy"})
        .optional("hit_time", &CacheConfig::hit_time,
                  "Time of a look-up, hit or miss, and of taking a write.")
        .optional("write", &CacheConfig::write, "What a write does.")
        .otherwise_called({"mode", "write_mode", "write_policy"})
        .optional("ttl", &CacheConfig::ttl,
                  "Time to live of a copy, from when it was kept; without it, for ever.")
        .more_than(sim::Duration{})
        .otherwise_called({"expiry", "max_age", "time_to_live"})
        .optional("ttl_jitter", &CacheConfig::ttl_jitter,
                  "Each copy lives up to this share longer or shorter, uniformly, so that what "
                  "came together does not expire together.")
        .optional("stale_while_revalidate", &CacheConfig::stale_while_revalidate,
                  "For so long after its time to live a copy still answers reads, and the first "
                  "of them starts a fetch (RFC 5861): `ttl` is then the soft limit.")
        .more_than(sim::Duration{})
        .otherwise_called({"soft_ttl", "grace"})
        .optional("negative_ttl", &CacheConfig::negative_ttl,
                  "How long an answer `failed` of the origin is kept and given to readers; "
                  "without it, not at all.")
        .more_than(sim::Duration{})
        .optional("single_flight", &CacheConfig::single_flight,
                  "Whether reads of a key that is being fetched wait for that fetch instead of "
                  "starting their own.")
        .otherwise_called({"coalescing", "request_coalescing"})
        .optional("invalidate_on", &CacheConfig::invalidate_on,
                  "Operations that are messages to the cache: they drop the copy of their key, "
                  "and the origin never sees them. Let whoever writes past the cache publish one.")
        .optional("instances", &CacheConfig::instances,
                  "Independent caches, each with its own contents; put a load balancer that "
                  "looks at the key before them.")
        .at_least(1)
        .at_most(100'000)
        .required("calls", &CacheConfig::calls, "The origin: the node behind the cache.");
}

auto with_metrics(Spec<CacheConfig>&& spec) {
    return std::move(spec)
        .metric("reads", "1/s", "Reads that came.")
        .metric("hit_ratio", "ratio", "Reads answered without waiting for the origin.")
        .metric("misses", "count", "Reads that had to wait for the origin.")
        .metric("coalesced", "ratio", "Reads that waited for the fetch of another one.")
        .metric("negative_hits", "ratio", "Reads answered with a kept `failed`.")
        .metric("expired", "count", "Reads that found a copy past its time to live.")
        .metric("stale_served", "ratio",
                "Reads whose version the store had already replaced when they were answered.")
        .metric("staleness", "s", "How long before, of those reads.")
        .metric("evictions", "count", "Copies that left for want of room.")
        .metric("invalidations", "count", "Copies dropped by a write or a message.")
        .metric("refreshes", "count", "Fetches that no read waited for.")
        .metric("origin_load", "1/s", "Calls to the origin: fetches and writes.")
        .metric("dirty", "count", "Entries that the origin does not have yet.")
        .metric("dirty_lost", "count", "Entries that were dirty in a crash.")
        .metric("absorbed_writes", "count", "Writes that another one replaced while dirty.")
        .metric("blocked_writes", "count", "Writes that waited for room among dirty entries.");
}

}  // namespace

const Spec<CacheConfig>& CacheConfig::spec() {
    static const auto declared =
        with_metrics(
            with_parameters(Spec<CacheConfig>{"cache",
                                              "Keeps copies of what was read or written, to "
                                              "answer instead of the origin."}
                                .guide("Principais Componentes, 2. Caching"))
                .check(check_config))
            .assume("A cache has no limit on look-ups at a time; each takes `hit_time`.")
            .assume(
                "A miss keeps a copy of every answer `ok`, whatever its size or popularity, "
                "unless it is larger than the whole cache.")
            .assume(
                "An object has the size of the origin's answer, or of the request where the "
                "answer has none; where both have none it takes one byte.")
            .assume("Time to live is checked when a copy is read; until then it takes room.")
            .assume(
                "Staleness is measured against what the store has committed; a version that "
                "never reached the store makes nothing outdated.")
            .assume("A crash loses all contents.")
            .assume(
                "Before a run nobody knows the hit ratio: static analysis takes the "
                "approximation of Che where its assumptions hold, and else that every request "
                "reaches the origin at most once, which warns of nothing.");
    return declared;
}

}  // namespace archsim::models::cache

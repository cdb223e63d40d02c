// Runs a trace through a store the way the published counts were made.
#pragma once

#include "models/cache/evictions.hpp"
#include "models/cache/store.hpp"
#include "tests/support/trace_generator.hpp"

#include <cstdint>
#include <stdexcept>
#include <string_view>

namespace archsim::tests {

/// Misses of a policy when every miss inserts its key.
template <typename Policy>
[[nodiscard]] std::int64_t replay(const Trace& trace, models::cache::Capacity capacity,
                                  const typename Policy::Config& config) {
    models::cache::Store<Policy, char> store{
        capacity, Policy{config, models::cache::Setting{capacity.amount, 1}}};
    std::int64_t misses = 0;
    for (const TraceRequest& request : trace) {
        if (store.find(request.key) != nullptr) continue;
        ++misses;
        store.put(request.key, request.size, 0);
    }
    return misses;
}

/// The same by the name of a column of miss_counts.hpp. Requires: one of these names.
[[nodiscard]] inline std::int64_t replay(const Trace& trace, models::cache::Capacity capacity,
                                         std::string_view policy) {
    namespace cache = models::cache;
    if (policy == "lru") return replay<cache::Lru>(trace, capacity, {});
    if (policy == "fifo") return replay<cache::Fifo>(trace, capacity, {});
    if (policy == "lfu") return replay<cache::Lfu>(trace, capacity, {});
    if (policy == "clock") return replay<cache::Clock>(trace, capacity, {});
    if (policy == "clock_2_bits") return replay<cache::Clock>(trace, capacity, {.bits = 2});
    if (policy == "clock_marked")
        return replay<cache::Clock>(trace, capacity, {.mark_on_insert = true});
    if (policy == "sieve") return replay<cache::Sieve>(trace, capacity, {});
    if (policy == "s3_fifo") return replay<cache::S3Fifo>(trace, capacity, {});
    if (policy == "arc") return replay<cache::Arc>(trace, capacity, {});
    if (policy == "two_q") return replay<cache::TwoQ>(trace, capacity, {});
    if (policy == "w_tinylfu") return replay<cache::WTinyLfu>(trace, capacity, {});
    throw std::invalid_argument("no counts for this policy");
}

}  // namespace archsim::tests

// Where the slow requests lose their time: the critical paths of a run's tail, summed by place and
// kind, and the slowest requests span by span.
#pragma once

#include "models/catalog.hpp"
#include "models/critical_path.hpp"
#include "models/span_log.hpp"
#include "scenarios/result.hpp"
#include "sim/units.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace archsim::scenarios {

/// Slowest requests that are kept span by span.
inline constexpr std::size_t slowest_kept = 20;

/// Listens to a log of spans. Counts a request towards the tail if it took at least as long as the
/// threshold of its source, and keeps the slowest requests. O(spans^2) for a request of the tail,
/// O(1) for another.
class TailObserver {
public:
    /// By name of the load source: the latency from which on a request belongs to the tail. A
    /// source without one has no tail.
    using Thresholds = std::map<std::string, sim::Duration, std::less<>>;

    /// Requests issued before `from` are not counted.
    TailObserver(Thresholds thresholds, sim::Instant from)
        : thresholds_{std::move(thresholds)}, from_{from} {}

    void ended(const models::Journey& journey);

    /// "tail": for each source, how the time of its slow requests divides. No rows if nothing was
    /// slow.
    [[nodiscard]] Section breakdown() const;
    /// "slowest", for drawing: one row a request and one row a span. Times are simulated seconds.
    [[nodiscard]] Section slowest(const models::OperationNames& operations) const;

private:
    struct Sum {
        std::int64_t requests = 0;
        sim::Duration time;
        std::map<std::pair<std::string, models::Spent>, sim::Duration> parts;  // by place and kind
    };

    void keep(const models::Journey& journey, const std::string& source);

    Thresholds thresholds_;
    sim::Instant from_;
    std::map<std::string, Sum> sums_;
    std::vector<std::pair<std::string, models::Journey>> slowest_;  // a heap, the fastest on top
};

}  // namespace archsim::scenarios

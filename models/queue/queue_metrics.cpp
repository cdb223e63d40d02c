// Names of the metrics of queues.
#include "models/queue/queue_metrics.hpp"

namespace archsim::models {

QueueMetrics::QueueMetrics(sim::Metrics& metrics, const std::string& prefix)
    : age_{metrics.timing()} {
    constexpr std::array<std::string_view, message_event_count> names{
        "published", "delivered", "redelivered",   "processed", "duplicates",
        "acked",     "dropped",   "dead_lettered", "expired",   "lost"};
    for (std::size_t i = 0; i < names.size(); ++i) {
        counters_[i] = &metrics.counter();
        metrics.publish_count(prefix + "/" + std::string{names[i]}, *counters_[i]);
    }
    const auto counter = [this](MessageEvent event) { return counters_[index(event)]; };
    metrics.publish_rate(prefix + "/throughput", *counter(MessageEvent::acked));
    metrics.derive(prefix + "/loss", "ratio",
                   [published = counter(MessageEvent::published),
                    gone = std::array{counter(MessageEvent::dropped),
                                      counter(MessageEvent::expired), counter(MessageEvent::lost)}](
                       const sim::Stretch& s) -> std::optional<double> {
                       const std::uint64_t whole = published->count(s.span);
                       if (whole == 0) return std::nullopt;
                       std::uint64_t sum = 0;
                       for (const sim::Counter* const part : gone) sum += part->count(s.span);
                       return static_cast<double>(sum) / static_cast<double>(whole);
                   });
    metrics.publish_timing(prefix + "/age", age_);
    metrics.publish_level(prefix + "/depth", metrics.watch(depth_));
    metrics.publish_level(prefix + "/in_flight", metrics.watch(in_flight_));
}

}  // namespace archsim::models

// Sums over instances.
#include "models/station_metrics.hpp"

#include <algorithm>

namespace archsim::models {

using sim::Stretch;

StationMetrics::StationMetrics(const BuildContext& context)
    : metrics_{context.metrics},
      arrivals_{context.metrics.counter()},
      rejected_{context.metrics.counter()},
      lost_{context.metrics.counter()},
      dropped_{context.metrics.counter()},
      waiting_{context.metrics.timing()},
      service_{context.metrics.timing()},
      sojourn_{context.metrics.timing()} {
    publish_totals(context);
}

void StationMetrics::publish_totals(const BuildContext& context) {
    metrics_.publish_rate(context.path("arrivals"), arrivals_);
    metrics_.publish_ratio(context.path("rejected"), rejected_, {&arrivals_});
    metrics_.publish_count(context.path("lost_in_crash"), lost_);
    metrics_.publish_timing(context.path("waiting_time"), waiting_);
    metrics_.publish_timing(context.path("service_time"), service_);
    metrics_.publish_timing(context.path("sojourn_time"), sojourn_);
    metrics_.derive(context.path("utilisation"), "ratio",
                    [this](const Stretch& s) -> std::optional<double> {
                        double busy = 0.0;
                        double capacity = 0.0;
                        for (const Instance& instance : instances_) {
                            busy += instance.busy->integral_seconds(s.span, s.now);
                            capacity += instance.capacity->integral_seconds(s.span, s.now);
                        }
                        if (capacity <= 0.0) return std::nullopt;
                        return busy / capacity;
                    });
    metrics_.derive(context.path("queue_length/mean"), "count",
                    [this](const Stretch& s) -> std::optional<double> {
                        if (s.seconds() <= 0.0) return std::nullopt;
                        double sum = 0.0;
                        for (const Instance& instance : instances_) {
                            sum += instance.queue->integral_seconds(s.span, s.now);
                        }
                        return sum / s.seconds();
                    });
    metrics_.derive(context.path("queue_length/max"), "count",
                    [this](const Stretch& s) -> std::optional<double> {
                        std::int64_t most = 0;
                        for (const Instance& instance : instances_) {
                            most = std::max(most, instance.queue->max(s.span, s.now));
                        }
                        return static_cast<double>(most);
                    });
}

void StationMetrics::publish_dropped(const BuildContext& context) {
    metrics_.publish_ratio(context.path("rejected/late"), dropped_, {&arrivals_});
}

StationMetrics::Reading StationMetrics::read(sim::Instant now) const {
    Reading reading;
    reading.arrivals = arrivals_.ever();
    for (const Instance& instance : instances_) {
        reading.busy += instance.station->busy_level().integral(now);
        reading.capacity += instance.station->capacity_level().integral(now);
        reading.present += instance.station->present();
    }
    return reading;
}

StationMetrics::Probe::Probe(StationMetrics& all)
    : all_{all}, own_arrivals_{all.metrics_.counter()} {}

void StationMetrics::add(const std::string& name, sim::Station& station, const Probe& probe) {
    const Instance instance{&metrics_.watch(station.queue_level()),
                            &metrics_.watch(station.busy_level()),
                            &metrics_.watch(station.capacity_level()),
                            &metrics_.watch(station.present_level()), &station};
    instances_.push_back(instance);
    if (instances_.size() > instances_with_metrics) return;
    metrics_.publish_rate(name + "/arrivals", probe.own_arrivals_);
    metrics_.derive(name + "/utilisation", "ratio",
                    [instance](const Stretch& s) -> std::optional<double> {
                        const double capacity = instance.capacity->integral_seconds(s.span, s.now);
                        if (capacity <= 0.0) return std::nullopt;
                        return instance.busy->integral_seconds(s.span, s.now) / capacity;
                    });
}

}  // namespace archsim::models

// Windows, the measured time, and the usual numbers made of probes.
#include "sim/metrics.hpp"

#include "sim/check.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace archsim::sim {

std::optional<double> LevelProbe::mean(Span span, Instant now) const {
    const Level::Sums window = level_.window(now);
    const Duration length =
        (now - window.from) + (span == Span::measured ? closed_length_ : Duration{});
    if (length <= Duration{}) return std::nullopt;
    return integral_seconds(span, now) / length.in_seconds();
}

double LevelProbe::integral_seconds(Span span, Instant now) const {
    __int128_t integral = level_.window(now).integral;
    if (span == Span::measured) integral += closed_integral_;
    return static_cast<double>(integral) / 1e9;
}

std::int64_t LevelProbe::max(Span span, Instant now) const {
    const std::int64_t window = level_.window(now).max;
    return span == Span::window ? window : std::max(window, closed_max_);
}

void LevelProbe::close(Instant now) {
    const Level::Sums window = level_.window(now);
    closed_integral_ += window.integral;
    closed_length_ += now - window.from;
    closed_max_ = std::max(closed_max_, window.max);
    level_.start_window(now);
}

void LevelProbe::forget(Instant now) {
    level_.start_window(now);
    closed_integral_ = 0;
    closed_length_ = Duration{};
    closed_max_ = 0;
}

Counter& Metrics::counter() { return counters_.emplace_back(); }
Timing& Metrics::timing() { return timings_.emplace_back(); }
LevelProbe& Metrics::watch(Level& level) { return levels_.emplace_back(level); }

void Metrics::derive(std::string name, std::string unit, Formula formula) {
    ARCHSIM_CHECK(names_.insert(name).second, "metric {} is published twice", name);
    published_.push_back({std::move(name), std::move(unit), std::move(formula), {}});
}

void Metrics::publish_rate(std::string name, const Counter& counter) {
    derive(std::move(name), "1/s", [&counter](const Stretch& stretch) -> std::optional<double> {
        if (stretch.seconds() <= 0.0) return std::nullopt;
        return static_cast<double>(counter.count(stretch.span)) / stretch.seconds();
    });
}

void Metrics::publish_count(std::string name, const Counter& counter) {
    derive(std::move(name), "count", [&counter](const Stretch& stretch) -> std::optional<double> {
        return static_cast<double>(counter.count(stretch.span));
    });
}

void Metrics::publish_ratio(std::string name, const Counter& part,
                            std::vector<const Counter*> whole) {
    derive(std::move(name), "ratio",
           [&part, whole = std::move(whole)](const Stretch& stretch) -> std::optional<double> {
               std::uint64_t sum = 0;
               for (const Counter* counter : whole) sum += counter->count(stretch.span);
               if (sum == 0) return std::nullopt;
               return static_cast<double>(part.count(stretch.span)) / static_cast<double>(sum);
           });
}

void Metrics::publish_timing(const std::string& name, const Timing& timing) {
    timings_by_name_.emplace_back(name, &timing);
    const auto publish = [&](const char* statistic, auto read) {
        derive(name + "/" + statistic, "s",
               [&timing, read](const Stretch& stretch) -> std::optional<double> {
                   const Histogram& histogram = timing.histogram(stretch.span);
                   if (histogram.count() == 0) return std::nullopt;
                   return read(histogram);
               });
    };
    const auto quantile = [](double q) {
        return [q](const Histogram& h) { return h.quantile(q).in_seconds(); };
    };
    publish("mean", [](const Histogram& h) { return h.mean_seconds(); });
    publish("p50", quantile(0.5));
    publish("p90", quantile(0.9));
    publish("p95", quantile(0.95));
    publish("p99", quantile(0.99));
    publish("p99.9", quantile(0.999));
    publish("max", [](const Histogram& h) { return h.max().in_seconds(); });
}

void Metrics::publish_level(const std::string& name, const LevelProbe& level) {
    derive(name + "/mean", "count",
           [&level](const Stretch& s) { return level.mean(s.span, s.now); });
    derive(name + "/max", "count", [&level](const Stretch& s) -> std::optional<double> {
        return static_cast<double>(level.max(s.span, s.now));
    });
}

std::vector<std::pair<std::string, std::string>> Metrics::units() const {
    std::vector<std::pair<std::string, std::string>> units;
    for (const Published& published : published_)
        units.emplace_back(published.name, published.unit);
    return units;
}

void Metrics::forget(Instant now) {
    for (Counter& counter : counters_) counter.forget();
    for (Timing& timing : timings_) timing.forget();
    for (LevelProbe& level : levels_) level.forget(now);
    for (Published& published : published_) published.windows.clear();
    measured_from_ = window_from_ = now_ = now;
}

void Metrics::close_window(Instant now) {
    const Stretch stretch{Span::window, window_from_, now};
    for (Published& published : published_) {
        published.windows.push_back(published.formula(stretch));
    }
    for (Counter& counter : counters_) counter.close();
    for (Timing& timing : timings_) timing.close();
    for (LevelProbe& level : levels_) level.close(now);
    window_from_ = now_ = now;
}

std::vector<MetricValue> Metrics::collect() {
    std::vector<MetricValue> values;
    const Stretch stretch{Span::measured, measured_from_, now_};
    for (const Published& published : published_) {
        std::optional<double> value = published.formula(stretch);
        if (value.has_value() && !std::isfinite(*value)) value.reset();
        values.push_back({published.name, published.unit, value, published.windows});
    }
    return values;
}

}  // namespace archsim::sim

// The availability of all load sources together, each by the rate at which its requests end, and
// the busiest station.
#include "scenarios/system_metrics.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace archsim::scenarios {

namespace {

/// Availability and throughput of one load source.
struct Source {
    const sim::MetricValue* availability;
    const sim::MetricValue* throughput;
};

/// Ended ok of ended, over one stretch of time.
class Sum {
public:
    void add(const std::optional<double>& availability, const std::optional<double>& throughput) {
        if (!availability || !throughput || *throughput <= 0.0) return;
        ++sources_;
        only_ = *availability;
        good_ += *availability * *throughput;
        all_ += *throughput;
    }
    [[nodiscard]] std::optional<double> value() const {
        if (sources_ == 0) return std::nullopt;
        return sources_ == 1 ? only_ : good_ / all_;  // one alone to the last digit
    }

private:
    int sources_ = 0;
    double only_ = 0.0;
    double good_ = 0.0;
    double all_ = 0.0;
};

std::vector<Source> sources_in(const std::vector<sim::MetricValue>& metrics) {
    constexpr std::string_view ending = "/availability";
    std::vector<Source> sources;
    for (const sim::MetricValue& metric : metrics) {
        if (!metric.name.ends_with(ending)) continue;
        const std::string source = metric.name.substr(0, metric.name.size() - ending.size());
        if (source.find('/') != std::string::npos) continue;  // one of its operations
        const auto throughput =
            std::ranges::find(metrics, source + "/throughput", &sim::MetricValue::name);
        if (throughput != metrics.end()) sources.push_back({&metric, &*throughput});
    }
    return sources;
}

}  // namespace

void add_system_availability(std::vector<sim::MetricValue>& metrics) {
    const std::vector<Source> sources = sources_in(metrics);
    if (sources.empty()) return;
    sim::MetricValue made{
        std::string{system_metrics[0].name}, std::string{system_metrics[0].unit}, std::nullopt, {}};
    Sum whole;
    std::vector<Sum> windows(sources.front().availability->windows.size());
    for (const Source& source : sources) {
        whole.add(source.availability->value, source.throughput->value);
        const auto& shares = source.availability->windows;
        const auto& rates = source.throughput->windows;
        for (std::size_t i = 0; i < std::min({windows.size(), shares.size(), rates.size()}); ++i) {
            windows[i].add(shares[i], rates[i]);
        }
    }
    made.value = whole.value();
    for (const Sum& window : windows) made.windows.push_back(window.value());
    if (!made.value) made.reason = "no request ended";
    metrics.push_back(std::move(made));
}

std::string_view station_of(std::string_view metric) {
    constexpr std::string_view suffix = "/utilisation";
    if (!metric.ends_with(suffix)) return {};
    return metric.substr(0, metric.size() - suffix.size());
}

void add_system_bottleneck(std::vector<sim::MetricValue>& metrics) {
    std::set<std::string, std::less<>> names;
    for (const sim::MetricValue& metric : metrics) {
        if (!station_of(metric.name).empty()) names.insert(metric.name);
    }
    const auto has = [&names](const std::string& name) { return names.contains(name); };
    const sim::MetricValue* busiest = nullptr;
    for (const sim::MetricValue& metric : metrics) {
        const std::string_view station = station_of(metric.name);
        if (station.empty() || !metric.value || is_part_of_station(station, has)) continue;
        if (busiest == nullptr || *metric.value > *busiest->value) busiest = &metric;
    }
    if (busiest == nullptr) return;
    sim::MetricValue made = *busiest;
    made.name = system_metrics[1].name;
    metrics.push_back(std::move(made));
}

}  // namespace archsim::scenarios

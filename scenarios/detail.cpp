// Finer windows over one replication, and the tables made of them.
#include "scenarios/detail.hpp"

#include "scenarios/graph.hpp"
#include "scenarios/tail.hpp"
#include "scenarios/world.hpp"
#include "sim/check.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

namespace archsim::scenarios {

namespace {

/// Metrics that are worth a curve, by how their names end.
constexpr std::array<std::string_view, 16> series_endings = {
    "/offered",      "/goodput",
    "/latency/p50",  "/latency/p99",
    "/availability", "/utilisation",
    "/hit_ratio",    "/queue_length/mean",
    "/depth/mean",   "/in_flight/mean",
    "/stale_served", "/origin_load",
    "/instances",    "/replication_lag/mean",
    "/dropped",      "/blocked_time",
};

constexpr std::size_t most_windows = 50;  // of one fault that repeats

/// Whether a metric belongs to a whole component: edges and single instances would crowd it out.
bool is_worth_a_curve(std::string_view name) {
    if (name.find("->") != std::string_view::npos) return false;
    const auto ending = std::ranges::find_if(
        series_endings, [name](std::string_view e) { return name.ends_with(e); });
    if (ending == series_endings.end()) return false;
    return name.substr(0, name.size() - ending->size()).find('/') == std::string_view::npos;
}

Section for_drawing(std::string name, std::string title) {
    Section section{.name = std::move(name), .title = std::move(title)};
    section.is_for_drawing = true;
    return section;
}

Section topology_of(const Scenario& scenario) {
    const Graph graph = graph_of(scenario);
    Section section = for_drawing("topology", "Topology");
    Table nodes{"nodes", "Nodes", {{"name"}, {"kind"}, {"instances"}}, {}};
    for (const auto& vertex : graph.vertices) {
        nodes.rows.push_back({vertex.name, vertex.kind, static_cast<double>(vertex.instances)});
    }
    Table edges{"edges", "Edges", {{"from"}, {"to"}}, {}};
    for (const auto& [from, to] : graph.edges) edges.rows.push_back({from, to});
    section.tables = {std::move(nodes), std::move(edges)};
    return section;
}

/// The nodes that entry number `index` of "faults" names.
std::string targets_of(const Scenario& scenario, std::size_t index) {
    const std::string prefix = "/faults/" + std::to_string(index) + "/";
    std::string targets;
    for (const models::FoundReference& reference : scenario.references) {
        if (!reference.pointer.starts_with(prefix)) continue;
        targets += (targets.empty() ? "" : ", ") + reference.name;
    }
    return targets;
}

Section faults_of(const Scenario& scenario, const World& world) {
    Section section = for_drawing("faults", "Faults and changes");
    Table table{"windows",
                "When they were in force",
                {{"kind"}, {"target"}, {"from", "s"}, {"to", "s"}},
                {}};
    for (std::size_t i = 0; i < world.faults().size(); ++i) {
        const models::Fault& fault = *world.faults()[i];
        const auto end = sim::Instant::at(scenario.duration);
        for (const models::Fault::Window& window : fault.windows(end, most_windows)) {
            std::vector<Cell> row(4);
            row[0] = std::string(scenario.faults.entries[i].kind.config.spec().name());
            row[1] = targets_of(scenario, i);
            row[2] = window.from.since_start().in_seconds();
            if (window.to) row[3] = window.to->since_start().in_seconds();
            table.rows.push_back(std::move(row));
        }
    }
    section.tables.push_back(std::move(table));
    return section;
}

/// Windows of the run so far as rows of the series table, which have their first cell already.
void add_slices(const std::vector<sim::MetricValue>& metrics, std::size_t first_row, Table& table) {
    for (std::size_t column = 1; column < table.columns.size(); ++column) {
        const auto metric =
            std::ranges::find(metrics, table.columns[column].name, &sim::MetricValue::name);
        for (std::size_t i = 0; i < metric->windows.size(); ++i) {
            if (const auto& value = metric->windows[i]) table.rows[first_row + i][column] = *value;
        }
    }
}

/// Points of a cumulative distribution: at most about 240, and finer towards the tail.
void add_distribution(const std::string& name, const sim::Histogram& histogram, Table& table) {
    if (histogram.count() == 0) return;
    const auto all = static_cast<double>(histogram.count());
    std::uint64_t below = 0;
    double last_share = 0.0;
    table.rows.push_back({name, histogram.min().in_seconds(), 0.0});
    for (const sim::Histogram::Bucket& bucket : histogram.buckets()) {
        below += bucket.count;
        const double share = static_cast<double>(below) / all;
        const double step = std::min(0.01, (1.0 - last_share) * 0.04);
        if (share - last_share < step && below != histogram.count()) continue;
        last_share = share;
        const sim::Duration value = std::min(bucket.high, histogram.max());
        table.rows.push_back({name, value.in_seconds(), share});
    }
}

/// How many values a distribution has, their mean, deviation and maximum. The deviation takes each
/// value for the middle of its bucket, which is less than 1 % away.
void add_totals(const std::string& name, const sim::Histogram& histogram, Table& table) {
    if (histogram.count() == 0) return;
    const auto all = static_cast<double>(histogram.count());
    double squares = 0.0;
    for (const sim::Histogram::Bucket& bucket : histogram.buckets()) {
        const double middle = 0.5 * (bucket.low + bucket.high).in_seconds();
        const double distance = middle - histogram.mean_seconds();
        squares += static_cast<double>(bucket.count) * distance * distance;
    }
    table.rows.push_back({name, all, histogram.mean_seconds(), std::sqrt(squares / all),
                          histogram.max().in_seconds()});
}

/// Runs the world to its end slice by slice and fills the tables.
void run_in_slices(World& world, sim::Duration length, sim::Duration warm_up, Table& series,
                   Section& distributions) {
    std::size_t first_row = 0;
    bool is_warm = warm_up == sim::Duration{};
    sim::Duration from;
    const auto advance = [&](sim::Duration to) {
        const bool going =
            world.simulation().run_until(sim::Instant::at(to)) == sim::RunEnd::deadline;
        world.metrics().close_window(world.simulation().now());
        std::vector<Cell> row(series.columns.size());
        row[0] = (from + (to - from) / 2).in_seconds();
        series.rows.push_back(std::move(row));
        from = to;
        return going;
    };
    for (int slice = 1; slice <= slices_per_run; ++slice) {
        const auto share = static_cast<__int128_t>(length.count()) * slice / slices_per_run;
        const auto to = sim::Duration::nanoseconds(static_cast<std::int64_t>(share));
        if (!is_warm && to >= warm_up) {
            is_warm = true;
            if (warm_up > from && !advance(warm_up)) break;
            add_slices(world.metrics().collect(), first_row, series);
            first_row = series.rows.size();
            world.metrics().forget(world.simulation().now());
            if (to == warm_up) continue;
        }
        if (!advance(to)) break;
    }
    add_slices(world.metrics().collect(), first_row, series);
    for (const auto& [name, timing] : world.metrics().timings_by_name()) {
        if (!is_worth_a_curve(name + "/p99") || !name.ends_with("/latency")) continue;
        const sim::Histogram& histogram = timing->histogram(sim::Span::measured);
        add_distribution(name, histogram, distributions.tables[0]);
        add_totals(name, histogram, distributions.tables[1]);
    }
}

/// The latency of each load source from which on a request is slow: its 99th percentile.
TailObserver::Thresholds slow_from(const Scenario& scenario, const Result& result) {
    TailObserver::Thresholds thresholds;
    for (const NodeEntry& node : scenario.nodes.entries) {
        const MetricResult* const p99 = find_metric(result, node.name + "/latency/p99");
        if (p99 == nullptr || !p99->value) continue;
        thresholds.emplace(node.name, sim::Duration::from_seconds(*p99->value));
    }
    return thresholds;
}

}  // namespace

std::vector<Section> look_closely(const Scenario& scenario, const Result& result,
                                  sim::Duration warm_up, const RunOptions& options) {
    TailObserver tail{slow_from(scenario, result), sim::Instant::at(warm_up)};
    models::SpanLog spans{[&tail](const models::Journey& journey) { tail.ended(journey); }};
    World world{scenario, 0, sim::Limits{.events = options.max_events}, options.interrupt};
    const sim::CheckScope scope{world.simulation(), options.replay};
    Section series = for_drawing("series", "Over time, replication 0");
    Table values{"values", "One row a slice of time", {{"time", "s"}}, {}};
    std::size_t left_out = 0;
    for (const auto& [name, unit] : world.metric_units()) {
        if (!is_worth_a_curve(name)) continue;
        if (values.columns.size() <= most_series) {
            values.columns.push_back({name, unit});
        } else {
            ++left_out;
        }
    }
    series.facts.push_back({"left_out", static_cast<double>(left_out), "count"});
    series.facts.push_back({"warm_up", warm_up.in_seconds(), "s"});
    Section distributions = for_drawing("distributions", "Latency, replication 0");
    distributions.tables = {
        {"points", "Cumulative", {{"metric"}, {"value", "s"}, {"share", "ratio"}}, {}},
        {"totals",
         "All values",
         {{"metric"}, {"count", "count"}, {"mean", "s"}, {"deviation", "s"}, {"max", "s"}},
         {}}};
    Section faults = faults_of(scenario, world);
    world.trace_into(spans);
    world.start();
    run_in_slices(world, scenario.duration, warm_up, values, distributions);
    series.tables.push_back(std::move(values));
    std::vector<Section> sections = {topology_of(scenario), std::move(faults), std::move(series),
                                     std::move(distributions), tail.slowest(world.operations())};
    Section breakdown = tail.breakdown();
    if (!breakdown.tables.front().rows.empty()) sections.push_back(std::move(breakdown));
    return sections;
}

}  // namespace archsim::scenarios

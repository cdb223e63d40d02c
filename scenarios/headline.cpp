// The vocabulary of metrics, sorted by what is good news.
#include "scenarios/headline.hpp"

#include <algorithm>
#include <array>

namespace archsim::scenarios {

namespace {

constexpr std::array lower_is_better{"latency",
                                     "waiting_time",
                                     "sojourn_time",
                                     "queue_length",
                                     "rejected",
                                     "retries",
                                     "timeouts",
                                     "lost_in_crash",
                                     "lost_writes",
                                     "dirty_lost",
                                     "stale_served",
                                     "stale_reads",
                                     "staleness",
                                     "k_staleness",
                                     "conflicts",
                                     "convergence_time",
                                     "cost",
                                     "origin_load",
                                     "egress",
                                     "dropped",
                                     "dead_lettered",
                                     "redelivered",
                                     "blocked_time",
                                     "replication_lag",
                                     "recovery_time",
                                     "failovers",
                                     "imbalance",
                                     "age",
                                     "depth",
                                     "keys_moved",
                                     "no_backend",
                                     "ejections",
                                     "delta",
                                     "read_your_writes_violations",
                                     "monotonic_read_violations"};
constexpr std::array higher_is_better{"throughput", "goodput", "availability", "hit_ratio",
                                      "linearizable"};

/// Calls `visit` with each step of a path until it returns true.
template <class Visit>
bool any_step(std::string_view path, Visit visit) {
    while (!path.empty()) {
        const std::size_t slash = std::min(path.find('/'), path.size());
        if (visit(path.substr(0, slash))) return true;
        path.remove_prefix(std::min(slash + 1, path.size()));
    }
    return false;
}

template <class Words>
bool has_step(std::string_view path, const Words& words) {
    return any_step(
        path, [&](std::string_view step) { return std::ranges::find(words, step) != words.end(); });
}

constexpr std::array headline_endings{"/latency/mean", "/latency/p99", "/availability",
                                      "/throughput"};
constexpr std::array headline_names{"consistency/staleness/p99", "cost/per_month"};

void add_once(std::vector<std::string>& names, std::string name) {
    if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
}

}  // namespace

Better better_of(std::string_view metric) {
    const std::size_t outcome = metric.find("outcome/");
    if (outcome != std::string_view::npos) {
        return metric.substr(outcome) == "outcome/ok" ? Better::higher : Better::lower;
    }
    // The first step is the name of a node, which may be any word.
    const bool has_node = metric.find('/') != std::string_view::npos &&
                          !metric.starts_with("cost/") && !metric.starts_with("consistency/");
    const std::string_view rest = has_node ? metric.substr(metric.find('/') + 1) : metric;
    if (has_step(rest, higher_is_better)) return Better::higher;
    return has_step(rest, lower_is_better) ? Better::lower : Better::unknown;
}

std::vector<std::string> sources_in(const Result& result) {
    constexpr std::string_view ending = "/offered";
    std::vector<std::string> sources;
    for (const MetricResult& metric : result.metrics) {
        if (!metric.name.ends_with(ending)) continue;
        std::string source = metric.name.substr(0, metric.name.size() - ending.size());
        if (source.find('/') == std::string::npos) sources.push_back(std::move(source));
    }
    return sources;
}

std::vector<std::string> headline_metrics(const Result& result) {
    std::vector<std::string> names;
    for (const ExpectResult& expect : result.expect) add_once(names, expect.metric);
    const auto add_if_there = [&](const std::string& name) {
        if (find_metric(result, name) != nullptr) add_once(names, name);
    };
    for (const std::string& source : sources_in(result)) {
        for (const auto* const ending : headline_endings) add_if_there(source + ending);
    }
    for (const auto* const name : headline_names) add_if_there(name);
    return names;
}

}  // namespace archsim::scenarios

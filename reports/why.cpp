// Operational laws over the metrics of a result, worded.
#include "reports/why.hpp"

#include "reports/text.hpp"
#include "scenarios/headline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace archsim::reports {

namespace {

using scenarios::MetricResult;
using scenarios::Result;
using scenarios::Section;
using scenarios::Table;
using scenarios::Verdict;

constexpr double comfortable = 0.7;  // Utilisation that suggestions aim at.

std::optional<double> value_of(const Result& result, const std::string& name) {
    const MetricResult* const metric = find_metric(result, name);
    return metric != nullptr ? metric->value : std::nullopt;
}

std::string share(double value) { return humanised(value, "ratio", 3); }
std::string seconds(double value) { return humanised(value, "s", 3); }

/// Text for a shell: what is not plain is quoted.
std::string set_option(const std::string& node, int instances) {
    const std::string setting = fmt::format("nodes/{}/instances={}", node, instances);
    const bool is_plain = setting.find_first_of(" '\"$`\\&|;<>()*?!#~[]{}") == std::string::npos;
    return is_plain ? "--set " + setting : fmt::format("--set '{}'", setting);
}

/// Instances of a service, told from the metrics that each has of its own; 0 if it is no service.
int instances_of(const Result& result, const std::string& node) {
    const auto known = std::ranges::find(result.nodes, node, &scenarios::NodeResult::name);
    if (known == result.nodes.end() || known->kind != "service") return 0;
    int count = 0;
    while (find_metric(result, fmt::format("{}/{}/utilisation", node, count)) != nullptr) ++count;
    return count;
}

/// What goes on without any one of the members of a component of this kind.
std::string_view remedy_for(std::string_view kind) {
    using Remedy = std::pair<std::string_view, std::string_view>;
    constexpr std::array<Remedy, 4> replicated = {{
        {"primary_replica",
         "with a failover a replica takes over a primary, without fencing the detector is not "
         "needed, and consensus has none"},
        {"multi_primary", "consensus, or a quorum of fewer than all, goes on without one member"},
        {"quorum",
         "quorums of fewer than all replicas, and several coordinators, go on without one"},
        {"consensus", "three replicas or more go on without one"},
    }};
    const auto* const found = std::ranges::find(replicated, kind, &Remedy::first);
    return found != replicated.end()
               ? found->second
               : "a second one, with a dns or active_passive node before both, takes over";
}

class Explanation {
public:
    explicit Explanation(const Result& result) : result_{&result} {}

    Section section() {
        add_bottleneck();
        add_latency();
        for (const auto& expect : result_->expect) add_expectation(expect);
        for (const std::string& source : sources_in(*result_)) add_availability(source);
        for (const auto& spof : result_->spof) add_failure_point(spof);
        add_faults();
        return {.name = "why", .title = "Why", .tables = {std::move(findings_)}};
    }

private:
    void say(std::string about, std::string sentence, std::string option = "") {
        scenarios::Cell suggestion;
        if (!option.empty()) suggestion = std::move(option);
        findings_.rows.push_back({std::move(about), std::move(sentence), std::move(suggestion)});
    }

    void add_bottleneck() {
        const Section* const found = find_section(result_->sections, "bottleneck");
        const auto use = value_of(*result_, "system/bottleneck");
        if (found == nullptr || found->facts.empty() || !use || *use <= 0.0) return;
        const auto* const station = std::get_if<std::string>(&found->facts.front().value);
        if (station == nullptr) return;
        const int instances = instances_of(*result_, *station);
        const auto arrivals = value_of(*result_, *station + "/arrivals");
        std::string sentence =
            fmt::format("{} is the busiest station, {} in use", *station, share(*use));
        if (arrivals) sentence += fmt::format(" at {} arrivals", humanised(*arrivals, "1/s", 3));
        if (*use >= 0.95) {
            sentence += ": it is saturated, and more load only waits or is lost";
        } else {
            sentence += fmt::format(": it bears {} times this load before it is saturated",
                                    significant(1.0 / *use, 3));
        }
        const double needed = instances * *use / comfortable;
        if (instances > 0 && *use > comfortable) {
            const int more = std::max(instances + 1, static_cast<int>(std::ceil(needed)));
            say("bottleneck",
                fmt::format("{}; {} instances instead of {} would be {} in use", sentence, more,
                            instances, share(instances * *use / more)),
                set_option(*station, more));
        } else if (instances > 1 && instances * *use / (instances - 1) <= comfortable) {
            say("bottleneck",
                fmt::format("{}; {} instance{} instead of {} would be {} in use, for less money",
                            sentence, instances - 1, instances == 2 ? "" : "s", instances,
                            share(instances * *use / (instances - 1))),
                set_option(*station, instances - 1));
        } else {
            say("bottleneck", std::move(sentence));
        }
    }

    struct Stay {
        std::string station;
        double visits = 0.0;
        double sojourn = 0.0;
        double waiting = 0.0;
        double service = 0.0;
    };

    /// Stations that measure waiting and service, by the time an average request spends there.
    [[nodiscard]] std::vector<Stay> stays(double offered) const {
        constexpr std::string_view ending = "/waiting_time/mean";
        std::vector<Stay> all;
        for (const MetricResult& metric : result_->metrics) {
            if (!metric.value || !metric.name.ends_with(ending)) continue;
            Stay stay{.station = metric.name.substr(0, metric.name.size() - ending.size())};
            const auto service = value_of(*result_, stay.station + "/service_time/mean");
            const auto sojourn = value_of(*result_, stay.station + "/sojourn_time/mean");
            const auto arrivals = value_of(*result_, stay.station + "/arrivals");
            if (!service || !arrivals) continue;
            stay.visits = *arrivals / offered;
            stay.waiting = *metric.value;
            stay.service = *service;
            stay.sojourn = sojourn.value_or(stay.waiting + stay.service);
            all.push_back(std::move(stay));
        }
        std::ranges::stable_sort(all, std::ranges::greater{},
                                 [](const Stay& s) { return s.visits * s.sojourn; });
        return all;
    }

    void add_latency() {
        double offered = 0.0;
        double latency = 0.0;
        for (const std::string& source : sources_in(*result_)) {
            const double rate = value_of(*result_, source + "/offered").value_or(0.0);
            offered += rate;
            latency += rate * value_of(*result_, source + "/latency/mean").value_or(0.0);
        }
        if (offered <= 0.0) return;
        constexpr std::size_t most_stations = 3;
        const std::vector<Stay> all = stays(offered);
        for (std::size_t i = 0; i < std::min(all.size(), most_stations); ++i) {
            const Stay& stay = all[i];
            if (stay.visits * stay.sojourn <= 0.0) continue;
            const std::string visits = significant(stay.visits, 3);
            std::string sentence = fmt::format(
                "an average request spends {} at {} ({} visit{} of {}: {} waiting, {} service); "
                "its latency is {}",
                seconds(stay.visits * stay.sojourn), stay.station, visits, visits == "1" ? "" : "s",
                seconds(stay.sojourn), seconds(stay.waiting), seconds(stay.service),
                seconds(latency / offered));
            const auto waiting = value_of(*result_, stay.station + "/waiting_time/p99");
            const auto service = value_of(*result_, stay.station + "/service_time/p99");
            if (waiting && service) {
                sentence += fmt::format("; the tail is {}: p99 of waiting {}, of service {}",
                                        *waiting > *service ? "waiting" : "service",
                                        seconds(*waiting), seconds(*service));
            }
            const int instances = instances_of(*result_, stay.station);
            const bool waits = stay.waiting > stay.service && instances > 0;
            say("latency", std::move(sentence),
                waits ? set_option(stay.station, instances + 1) : "");
        }
    }

    void add_expectation(const scenarios::ExpectResult& expect) {
        if (expect.verdict == Verdict::pass) return;
        const MetricResult* const metric = find_metric(*result_, expect.metric);
        if (expect.verdict == Verdict::no_data || !expect.observed || metric == nullptr) {
            say("expectation", fmt::format("\"{}\" was not judged: {}", expect.expr,
                                           !expect.note.empty() ? expect.note
                                           : metric != nullptr && !metric->reason.empty()
                                               ? metric->reason
                                               : std::string{"no such metric was measured"}));
            return;
        }
        const double distance = *expect.observed - expect.bound;
        std::string sentence = fmt::format(
            "\"{}\" {}: {} is {} {} the bound", expect.expr,
            expect.verdict == Verdict::fail ? "does not hold" : "is undecided",
            humanised(*expect.observed, metric->unit),
            humanised(std::abs(distance), metric->unit, 3), distance < 0.0 ? "below" : "above");
        if (expect.bound > 0.0 && *expect.observed > 0.0) {
            sentence +=
                fmt::format(", {} times it", significant(*expect.observed / expect.bound, 3));
        }
        if (expect.verdict == Verdict::undecided && metric->ci95) {
            sentence += fmt::format("; the interval from {} to {} holds the bound",
                                    humanised(metric->ci95->low, metric->unit),
                                    humanised(metric->ci95->high, metric->unit));
        }
        say("expectation", std::move(sentence),
            expect.verdict == Verdict::undecided ? "--until-decided" : "");
    }

    void add_availability(const std::string& source) {
        const auto availability = value_of(*result_, source + "/availability");
        if (!availability || *availability >= 1.0) return;
        std::vector<std::pair<double, std::string>> lost;
        for (const char* outcome : {"rejected", "timed_out", "unreachable", "failed"}) {
            const auto value = value_of(*result_, fmt::format("{}/outcome/{}", source, outcome));
            if (value && *value > 0.0) lost.emplace_back(*value, outcome);
        }
        std::ranges::stable_sort(lost, std::ranges::greater{},
                                 &std::pair<double, std::string>::first);
        std::string sentence =
            fmt::format("{} loses {} of its requests", source, share(1.0 - *availability));
        for (std::size_t i = 0; i < lost.size(); ++i) {
            sentence +=
                fmt::format("{}{} {}", i == 0 ? ": " : ", ", share(lost[i].first), lost[i].second);
        }
        std::string option;
        if (!lost.empty() && lost.front().second == "rejected") {
            const std::string busiest = most_rejecting();
            const int instances = busiest.empty() ? 0 : instances_of(*result_, busiest);
            if (!busiest.empty()) {
                sentence += fmt::format("; {} turns away {} of what reaches it", busiest,
                                        share(*value_of(*result_, busiest + "/rejected")));
            }
            if (instances > 0) option = set_option(busiest, instances + 1);
        }
        if (!lost.empty() && lost.front().second == "unreachable") {
            sentence += "; a retry on the edge or an earlier health check saves some of them";
        }
        say("availability", std::move(sentence), std::move(option));
    }

    /// The component that rejects the largest share, or "".
    [[nodiscard]] std::string most_rejecting() const {
        constexpr std::string_view ending = "/rejected";
        std::string node;
        double most = 0.0;
        for (const MetricResult& metric : result_->metrics) {
            if (!metric.value || *metric.value <= most || !metric.name.ends_with(ending)) continue;
            const std::string owner = metric.name.substr(0, metric.name.size() - ending.size());
            if (owner.find('/') != std::string::npos) continue;
            node = owner;
            most = *metric.value;
        }
        return node;
    }

    void add_failure_point(const scenarios::SpofResult& spof) {
        std::string sentence =
            fmt::format("{} is a single point of failure: {}", spof.node, spof.reason);
        if (spof.lost) {
            sentence += fmt::format("; killed in a run of its own, {} of all answers were lost",
                                    share(*spof.lost));
        }
        const int instances = instances_of(*result_, spof.node);
        if (instances <= 0) {
            const auto node =
                std::ranges::find(result_->nodes, spof.node, &scenarios::NodeResult::name);
            const bool is_known = node != result_->nodes.end();
            sentence += fmt::format("; {}", remedy_for(is_known ? node->kind : std::string{}));
        }
        say("single_point_of_failure", std::move(sentence),
            instances > 0 ? set_option(spof.node, instances + 1) : "");
    }

    void add_faults() {
        const Section* const faults = find_section(result_->sections, "faults");
        const Section* const series = find_section(result_->sections, "series");
        if (faults == nullptr || series == nullptr) return;
        const Table* const windows = find_table(*faults, "windows");
        const Table* const values = find_table(*series, "values");
        if (windows == nullptr || values == nullptr || windows->columns.size() < 4) return;
        constexpr std::size_t most_windows = 5;
        for (std::size_t i = 0; i < std::min(windows->rows.size(), most_windows); ++i) {
            add_fault(windows->rows[i], *values);
        }
    }

    void add_fault(const std::vector<scenarios::Cell>& window, const Table& values) {
        const auto* const kind = std::get_if<std::string>(&window[0]);
        const auto* const target = std::get_if<std::string>(&window[1]);
        const auto* const from = std::get_if<double>(&window[2]);
        const auto* const end = std::get_if<double>(&window[3]);
        if (kind == nullptr || target == nullptr || from == nullptr || end == nullptr) return;
        std::string costs;
        for (std::size_t column = 1; column < values.columns.size(); ++column) {
            const auto& [name, unit] = values.columns[column];
            if (!name.ends_with("/availability") && !name.ends_with("/latency/p99")) continue;
            const auto inside = mean_of(values, column, *from, *end, true);
            const auto outside = mean_of(values, column, *from, *end, false);
            if (!inside || !outside) continue;
            costs += fmt::format("{}{} is {} during it and {} otherwise", costs.empty() ? "" : ", ",
                                 name, humanised(*inside, unit), humanised(*outside, unit));
        }
        if (costs.empty()) return;
        say("fault", fmt::format("{} {} from {} to {}: {}", *kind, *target, seconds(*from),
                                 seconds(*end), costs));
    }

    /// Mean of a column over the slices whose middle lies in the window, or over the others after
    /// the warm-up.
    [[nodiscard]] std::optional<double> mean_of(const Table& values, std::size_t column,
                                                double from, double end, bool is_inside) const {
        double sum = 0.0;
        int count = 0;
        for (const auto& row : values.rows) {
            const auto* const time = std::get_if<double>(row.data());
            const auto* const value = std::get_if<double>(&row[column]);
            if (time == nullptr || value == nullptr) continue;
            if ((*time >= from && *time < end) != is_inside) continue;
            if (!is_inside && *time < result_->warm_up.in_seconds()) continue;
            sum += *value;
            ++count;
        }
        return count > 0 ? std::optional{sum / count} : std::nullopt;
    }

    const Result* result_;
    Table findings_{"findings", "What limits this design", {{"about"}, {"sentence"}, {"try"}}, {}};
};

}  // namespace

Section explain_limits(const Result& result) { return Explanation{result}.section(); }

void add_explanation(Result& result) {
    Section why = explain_limits(result);
    std::erase_if(result.sections, [](const Section& section) { return section.name == "why"; });
    result.sections.insert(result.sections.begin(), std::move(why));
}

}  // namespace archsim::reports

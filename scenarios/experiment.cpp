// Replications into a result, and when to stop making more.
#include "scenarios/experiment.hpp"

#include "scenarios/blast_radius.hpp"
#include "scenarios/detail.hpp"
#include "scenarios/estimates.hpp"
#include "scenarios/prices.hpp"
#include "scenarios/sequential.hpp"
#include "scenarios/theory.hpp"
#include "scenarios/topology.hpp"
#include "scenarios/witness.hpp"
#include "sim/units_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace archsim::scenarios {

namespace {

bool reached(const Result& result, const Precision& precision) {
    const MetricResult* const metric = find_metric(result, precision.metric);
    if (metric == nullptr || !metric->value || !metric->ci95) return false;
    const double half = 0.5 * (metric->ci95->high - metric->ci95->low);
    return half <= precision.relative * std::abs(*metric->value);
}

std::string reason_of(const sim::MetricValue& metric) {
    return metric.reason.empty() ? "nothing to measure" : metric.reason;
}

void add_cap(std::span<const Replication> replications, Result& result) {
    std::vector<const CapObservation*> observations;
    for (const Replication& replication : replications) {
        if (replication.cap) observations.push_back(&*replication.cap);
    }
    if (observations.empty()) return;
    result.sections.push_back(cap_section(observations));
    if (auto witness = witness_section(observations)) {
        result.sections.push_back(*std::move(witness));
    }
}

void add_campaign(std::span<const Replication> replications, Result& result) {
    if (replications.empty() || replications.front().campaign.empty()) return;
    Table table{"faults",
                "What happened in replication 0",
                {{"at", "s"}, {"fault"}, {"node"}, {"lasting", "s"}}};
    for (const models::FaultEvent& event : replications.front().campaign) {
        table.rows.push_back({event.at.since_start().in_seconds(), event.what, event.node,
                              event.length.in_seconds()});
    }
    result.sections.push_back(
        {.name = "chaos", .title = "Random faults", .tables = {std::move(table)}});
}

void add_metastability(std::span<const Replication> replications, Result& result) {
    std::vector<const std::vector<Aftermath>*> all;
    for (const Replication& replication : replications) {
        if (!replication.aftermaths.empty()) all.push_back(&replication.aftermaths);
    }
    if (!all.empty()) result.sections.push_back(metastability_section(all));
}

/// What more replications are needed for, as a sentence; "" if nothing is.
std::string missing_in(const Result& result, const ExperimentOptions& options) {
    for (const Precision& precision : options.until) {
        if (!reached(result, precision)) return "the wanted precision was not reached";
    }
    const bool is_open = std::ranges::any_of(
        result.expect, [](const ExpectResult& e) { return e.verdict == Verdict::undecided; });
    return options.until_decided && is_open ? "not every expectation was decided" : "";
}

void add_ending(std::span<const Replication> replications, Result& result) {
    for (const Replication& replication : replications) {
        if (replication.end == sim::RunEnd::deadline) continue;
        const std::string at = " after " + sim::to_text(replication.simulated) + " of simulation";
        switch (replication.end) {
            case sim::RunEnd::interrupted:
                result.status = Status::interrupted;
                result.status_reason = "interrupted" + at;
                return;
            case sim::RunEnd::stuck:
                result.status_reason = "too many events at one instant" + at;
                break;
            case sim::RunEnd::crowded:
                result.status_reason = "too many events waited at the same time" + at;
                break;
            default:
                result.status_reason = "the limit on events was reached" + at;
        }
        result.status = Status::limit;
    }
}

// Takes over the texts, and warns of numbers that they promise and the run does not have.
void add_texts(const Scenario& scenario, Result& result) {
    result.description = scenario.description;
    result.question = scenario.question;
    result.look_at = scenario.look_at;
    result.pt = scenario.pt;
    result.guide = scenario.guide;
    for (const std::string* const text :
         {&result.description, &result.question, &result.look_at, &result.pt.description,
          &result.pt.question, &result.pt.look_at}) {
        for (const std::string& name : named_metrics(*text)) {
            const MetricResult* const metric = find_metric(result, name);
            if (metric != nullptr && metric->value) continue;
            result.warnings.push_back("a text of the scenario names " + name +
                                      ", which this run has no value for");
        }
    }
}

Result put_together(const Scenario& scenario, std::span<const Replication> replications,
                    sim::Duration warm_up, const StaticFindings& findings) {
    Result result;
    result.scenario = scenario.name;
    result.seed = static_cast<std::uint64_t>(scenario.seed);
    result.replications = static_cast<int>(replications.size());
    result.simulated = scenario.duration;
    result.warm_up = warm_up;
    for (const Replication& replication : replications) {
        result.events += replication.events;
        result.simulated = std::min(result.simulated, replication.simulated);
    }
    result.fingerprint = combined_fingerprint(replications);
    add_ending(replications, result);
    for (const NodeEntry& node : scenario.nodes.entries) {
        result.nodes.push_back({node.name, node.kind.config.spec().name()});
    }
    std::ranges::sort(result.nodes, {}, &NodeResult::name);
    result.metrics = metrics_of(replications);
    sort_by_name(result);
    add_bill(scenario, result);
    add_bottleneck(result);
    add_cap(replications, result);
    add_metastability(replications, result);
    add_campaign(replications, result);
    add_theory(findings.predictions, result);
    std::vector<Expectation> expectations;
    for (const ExpectEntry& entry : scenario.expect.entries) {
        expectations.push_back(entry.expectation);
    }
    judge_all(expectations, result);
    result.spof = findings.spof;
    result.assumptions = findings.assumptions;
    result.warnings = findings.warnings;
    add_texts(scenario, result);
    return result;
}

}  // namespace

std::uint64_t combined_fingerprint(std::span<const Replication> replications) {
    std::uint64_t hash = 0xcbf29ce484222325u;
    for (const Replication& replication : replications) {
        hash = (hash ^ replication.fingerprint) * 0x9e3779b97f4a7c15u;
        hash ^= hash >> 32;
    }
    return hash;
}

std::optional<Precision> parse_precision(const std::string& text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string::npos || colon == 0) return std::nullopt;
    const auto share = sim::parse_quantity<sim::Probability>(text.substr(colon + 1));
    if (!share) return std::nullopt;
    if ((*share).value() <= 0.0 || (*share).value() >= 1.0) return std::nullopt;
    return Precision{text.substr(0, colon), (*share).value()};
}

std::vector<MetricResult> metrics_of(std::span<const Replication> replications) {
    std::vector<MetricResult> results;
    if (replications.empty()) return results;
    if (replications.size() == 1) {
        for (const sim::MetricValue& metric : replications.front().metrics) {
            if (!metric.value) {
                const std::optional<double> nothing;
                results.push_back(
                    over_replications(metric.name, metric.unit, {&nothing, 1}, reason_of(metric)));
                continue;
            }
            std::vector<double> batches;
            for (const auto& window : metric.windows) {
                if (window) batches.push_back(*window);
            }
            results.push_back(over_batches(metric.name, metric.unit, *metric.value, batches));
        }
        return results;
    }
    // Instances added while running may differ between replications, so match by name.
    std::map<std::string, std::vector<std::optional<double>>> values;
    std::map<std::string, std::string> reasons;
    std::vector<std::pair<std::string, std::string>> order;
    for (std::size_t i = 0; i < replications.size(); ++i) {
        for (const sim::MetricValue& metric : replications[i].metrics) {
            auto [place, is_new] = values.try_emplace(metric.name);
            if (is_new) {
                order.emplace_back(metric.name, metric.unit);
                place->second.resize(replications.size());
            }
            place->second[i] = metric.value;
            if (!metric.value) reasons.try_emplace(metric.name, reason_of(metric));
        }
    }
    for (const auto& [name, unit] : order) {
        const auto reason = reasons.find(name);
        results.push_back(over_replications(name, unit, values[name],
                                            reason == reasons.end() ? "" : reason->second));
    }
    return results;
}

namespace {

/// Takes back verdicts that only hold because one looked so often: with an interval at the level of
/// each of `looks` looks they are undecided.
void judge_strictly(const Scenario& scenario, int looks, Result& result) {
    const double confidence = confidence_of_look(looks);
    for (std::size_t i = 0; i < result.expect.size(); ++i) {
        ExpectResult& judged = result.expect[i];
        if (judged.verdict != Verdict::pass && judged.verdict != Verdict::fail) continue;
        const auto interval = interval_at(*find_metric(result, judged.metric), confidence);
        if (!interval) continue;
        const Expectation& expectation = scenario.expect.entries[i].expectation;
        if (judge_interval(*interval, expectation.comparison, expectation.bound) !=
            Verdict::undecided) {
            continue;
        }
        judged.verdict = Verdict::undecided;
        judged.note = fmt::format("at {:.3g} %, the level of each of up to {} looks",
                                  100.0 * confidence, looks);
    }
}

bool is_interrupted(const RunOptions& options) {
    return options.interrupt != nullptr && options.interrupt->load();
}

/// Marks a result whose replications are whole, but not what was to follow them.
void cut_short(std::string_view while_what, Result& result) {
    result.status = Status::interrupted;
    result.status_reason = fmt::format("interrupted while {}", while_what);
}

void add_detail(const Scenario& scenario, sim::Duration warm_up, const RunOptions& options,
                Result& result) {
    std::vector<Section> sections = look_closely(scenario, result, warm_up, options);
    if (is_interrupted(options)) {
        cut_short("replication 0 was run once more for its details", result);
        return;
    }
    std::ranges::move(sections, std::back_inserter(result.sections));
}

bool was_cut(const Replication& replication) { return replication.end == sim::RunEnd::interrupted; }

/// Of an interrupted experiment only whole replications count: one that had just begun would weigh
/// as much as they do. Without a whole one the longest is kept. Returns why the result is partial;
/// "" if it is not, or if what is kept says so itself.
std::string keep_whole(std::vector<Replication>& replications) {
    const auto all = replications.size();
    const auto cut = static_cast<std::size_t>(std::ranges::count_if(replications, was_cut));
    if (cut == 0) return "";
    if (cut == all) {
        auto longest = std::ranges::max_element(replications, {}, &Replication::simulated);
        Replication kept = std::move(*longest);
        replications.clear();
        replications.push_back(std::move(kept));
        return "";
    }
    std::erase_if(replications, was_cut);
    return fmt::format("interrupted after {} of {} replications", all - cut, all);
}

Result run_until_precise(const Scenario& scenario, const ExperimentOptions& options,
                         const StaticFindings& findings, sim::Duration warm_up) {
    std::vector<Replication> replications;
    std::int64_t wanted = scenario.replications;
    const bool adaptive = !options.until.empty() || options.until_decided;
    if (adaptive) wanted = std::min(std::max<std::int64_t>(wanted, 10), options.max_replications);
    const int looks = looks_between(wanted, options.max_replications);
    for (;;) {
        const auto done = static_cast<std::int64_t>(replications.size());
        std::vector<Replication> more =
            run_replications(scenario, done, wanted - done, warm_up, options.run);
        std::move(more.begin(), more.end(), std::back_inserter(replications));
        if (options.progress) options.progress(wanted);
        const std::string why_partial = keep_whole(replications);
        Result result = put_together(scenario, replications, warm_up, findings);
        if (!why_partial.empty()) {
            result.status = Status::interrupted;
            result.status_reason = why_partial;
        }
        if (options.until_decided) judge_strictly(scenario, looks, result);
        const bool is_whole = result.status == Status::complete;
        const std::string missing = is_whole && adaptive ? missing_in(result, options) : "";
        const bool is_open = !missing.empty();
        if (is_open && wanted < options.max_replications) {
            wanted = std::min(2 * wanted, options.max_replications);
            continue;
        }
        if (is_open) {
            result.status = Status::limit;
            result.status_reason = fmt::format("{} with {} replications", missing, wanted);
        }
        if (is_whole && options.in_detail) add_detail(scenario, warm_up, options.run, result);
        return result;
    }
}

}  // namespace

Result run_experiment(const Scenario& scenario, const ExperimentOptions& options) {
    StaticFindings findings = analyse(scenario);
    const sim::Duration warm_up = warm_up_of(scenario, options.run, findings.warnings);
    Result result = run_until_precise(scenario, options, findings, warm_up);
    if (!options.kill_nodes || result.status == Status::interrupted) return result;
    const std::vector<KilledNode> killed = kill_each(scenario, warm_up, options.run);
    if (is_interrupted(options.run)) {
        cut_short("nodes were killed one after the other", result);
    } else {
        add_blast_radius(killed, smallest_cuts(scenario), result);
    }
    return result;
}

}  // namespace archsim::scenarios

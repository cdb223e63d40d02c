// Sequential trials.
#include "scenarios/trial.hpp"

#include "scenarios/experiment.hpp"
#include "scenarios/sequential.hpp"
#include "scenarios/topology.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace archsim::scenarios {

namespace {

/// One goal at one look: undecided means that more replications may tell.
Verdict judge_at(const Expectation& goal, const Result& result, double confidence) {
    const MetricResult* const metric = find_metric(result, goal.metric);
    if (metric == nullptr || !metric->value || metric->n < result.replications)
        return Verdict::no_data;
    const std::optional<Interval> interval = interval_at(*metric, confidence);
    return interval ? judge_interval(*interval, goal.comparison, goal.bound) : Verdict::undecided;
}

/// The worst verdict of all goals; one that fails decides for all.
Verdict judge_goals(std::span<const Expectation> goals, const Result& result, double confidence) {
    Verdict worst = Verdict::pass;
    for (const Expectation& goal : goals) {
        const Verdict verdict = judge_at(goal, result, confidence);
        if (verdict == Verdict::no_data || verdict == Verdict::fail) return verdict;
        if (verdict == Verdict::undecided) worst = verdict;
    }
    return worst;
}

Verdict judge_values(std::span<const Expectation> goals, const Result& result) {
    for (const Expectation& goal : goals) {
        const double value = *find_metric(result, goal.metric)->value;
        if (judge_interval({value, value}, goal.comparison, goal.bound) != Verdict::pass)
            return Verdict::fail;
    }
    return Verdict::pass;
}

Status status_of(std::span<const Replication> replications) {
    Status status = Status::complete;
    for (const Replication& one : replications) {
        if (one.end == sim::RunEnd::interrupted) return Status::interrupted;
        if (one.end != sim::RunEnd::deadline) status = Status::limit;
    }
    return status;
}

}  // namespace

TrialResult run_trial(const Scenario& scenario, std::span<const Expectation> goals,
                      const TrialOptions& options) {
    std::vector<std::string> warnings;
    const sim::Duration warm_up = warm_up_of(scenario, options.run, warnings);
    const double confidence = confidence_of_look(looks_between(options.first, options.most));
    std::vector<Replication> replications;
    std::int64_t wanted = std::min(options.first, options.most);
    for (;;) {
        const auto done = static_cast<std::int64_t>(replications.size());
        for (Replication& one :
             run_replications(scenario, done, wanted - done, warm_up, options.run)) {
            for (sim::MetricValue& metric : one.metrics) metric.windows = {};
            replications.push_back(std::move(one));
        }
        TrialResult trial;
        trial.status = status_of(replications);
        trial.result.scenario = scenario.name;
        trial.result.replications = static_cast<int>(replications.size());
        trial.result.metrics = metrics_of(replications);
        sort_by_name(trial.result);
        add_bottleneck(trial.result);
        trial.verdict = judge_goals(goals, trial.result, confidence);
        trial.decided = trial.verdict != Verdict::undecided;
        if (trial.decided || trial.status != Status::complete) return trial;
        if (wanted >= options.most || options.only_first) {
            trial.verdict = judge_values(goals, trial.result);
            return trial;
        }
        wanted = std::min(2 * wanted, options.most);
    }
}

}  // namespace archsim::scenarios

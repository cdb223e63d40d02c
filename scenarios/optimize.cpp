// Racing designs by cost, and the front of those that no other beats.
#include "scenarios/optimize.hpp"

#include "scenarios/headline.hpp"
#include "scenarios/load.hpp"
#include "scenarios/set.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

namespace archsim::scenarios {

namespace {

using models::Value;

/// The number a term stands for, or nothing if there is none.
std::optional<double> term_value(const CostTerm& term, const Value& document,
                                 const Result& result) {
    const Value* const parameter = document.at("/" + term.name);
    if (parameter != nullptr && parameter->is_number()) {
        const auto number = parameter->as_real();
        return number ? std::optional{term.factor * *number} : std::nullopt;
    }
    const MetricResult* const metric = find_metric(result, term.name);
    if (metric == nullptr || !metric->value) return std::nullopt;
    return term.factor * *metric->value;
}

/// The worst value over all load sources of a metric with this ending.
std::optional<double> worst(const Result& result, const char* ending, bool less_is_better) {
    std::optional<double> found;
    for (const std::string& source : sources_in(result)) {
        const MetricResult* const metric = find_metric(result, source + ending);
        if (metric == nullptr || !metric->value) continue;
        if (!found || (*metric->value > *found) == less_is_better) found = *metric->value;
    }
    return found;
}

std::vector<std::optional<double>> objectives_of(const Result& result, double cost) {
    const MetricResult* const stale = find_metric(result, "consistency/staleness/p99");
    return {cost, worst(result, "/latency/p99", true), worst(result, "/availability", false),
            stale != nullptr ? stale->value : std::nullopt};
}

/// Why a search ended before its end.
std::string reason_of(Status status) {
    return status == Status::interrupted ? "interrupted" : "the limit on events was reached";
}

/// Runs every design once. False ends the whole.
bool first_looks(const OptimizeQuestion& question, OptimizeResult& made) {
    for (std::int64_t variant = 0; variant < question.choices.size(); ++variant) {
        const auto built = design_of(question, variant);
        if (!built) {
            made.reason = fmt::format("variant {} is no valid scenario: {}", variant + 1,
                                      fmt::join(question.choices.settings(variant), " "));
            return false;
        }
        TrialOptions look = question.trial;
        look.only_first = true;
        const TrialResult trial = run_trial(built->scenario, built->goals, look);
        Candidate candidate{.variant = variant, .settings = question.choices.settings(variant)};
        for (const CostTerm& term : question.cost) {
            const auto value = term_value(term, built->document, trial.result);
            if (!value) {
                made.reason = fmt::format(
                    "{} is neither a metric that was measured nor a number in the scenario{}",
                    term.name,
                    term.name == "cost/per_month"
                        ? ": no node has a \"price\"; --minimise names another cost"
                        : "");
                return false;
            }
            candidate.cost += *value;
            if (const auto* metric = find_metric(trial.result, term.name))
                made.cost_unit = metric->unit;
        }
        candidate.verdict = trial.verdict;
        candidate.decided = trial.decided;
        candidate.replications = trial.result.replications;
        candidate.objectives = objectives_of(trial.result, candidate.cost);
        made.candidates.push_back(std::move(candidate));
        if (trial.status != Status::complete) {
            made.status = trial.status;
            made.reason = reason_of(trial.status);
            return false;
        }
    }
    return true;
}

bool at_least_as_good(const Objective& objective, const std::optional<double>& a,
                      const std::optional<double>& b) {
    if (!a || !b) return a.has_value() || !b.has_value();
    return objective.less_is_better ? *a <= *b : *a >= *b;
}

bool dominates(std::span<const Objective> objectives, const Candidate& a, const Candidate& b) {
    bool better = false;
    for (std::size_t i = 0; i < objectives.size(); ++i) {
        if (!at_least_as_good(objectives[i], a.objectives[i], b.objectives[i])) return false;
        better = better || !at_least_as_good(objectives[i], b.objectives[i], a.objectives[i]);
    }
    return better;
}

}  // namespace

std::variant<CostTerm, std::string> parse_cost_term(std::string_view text) {
    CostTerm term;
    const std::size_t star = text.find('*');
    if (star != std::string_view::npos) {
        const char* const end = text.data() + star;
        const auto [stop, error] = std::from_chars(text.data(), end, term.factor);
        if (error != std::errc{} || stop != end || !std::isfinite(term.factor))
            return fmt::format("expected NAME or FACTOR*NAME, not {}", models::quoted(text));
        text.remove_prefix(star + 1);
    }
    if (text.starts_with('/')) text.remove_prefix(1);
    if (text.empty()) return std::string{"the name of a metric or parameter is missing"};
    term.name = text;
    return term;
}

std::optional<BuiltDesign> design_of(const OptimizeQuestion& question, std::int64_t variant) {
    models::Sources sources;
    models::Diagnostics diagnostics;
    Value document = question.document;
    for (const std::string& setting : question.choices.settings(variant)) {
        if (!apply_set(document, setting, sources, diagnostics)) return std::nullopt;
    }
    auto scenario = read_scenario(document, question.folder, sources, diagnostics);
    if (!scenario) return std::nullopt;
    std::vector<Expectation> goals;
    for (const ExpectEntry& entry : scenario->expect.entries) goals.push_back(entry.expectation);
    return BuiltDesign{std::move(document), *std::move(scenario), std::move(goals)};
}

void mark_front(std::span<const Objective> objectives, std::span<Candidate> candidates) {
    for (Candidate& one : candidates) {
        one.on_front = std::ranges::none_of(
            candidates, [&](const Candidate& other) { return dominates(objectives, other, one); });
    }
}

OptimizeResult optimize(const OptimizeQuestion& question) {
    OptimizeResult made;
    const bool complete = first_looks(question, made);
    made.objectives = {{"cost", made.cost_unit, true},
                       {"latency/p99", "s", true},
                       {"availability", "ratio", false},
                       {"staleness/p99", "s", true}};
    std::ranges::stable_sort(made.candidates, {}, &Candidate::cost);
    if (complete) {
        for (std::size_t i = 0; i < made.candidates.size() && !made.best; ++i) {
            Candidate& one = made.candidates[i];
            if (!one.decided || one.verdict == Verdict::undecided) {
                const auto built = design_of(question, one.variant);
                const TrialResult trial = run_trial(built->scenario, built->goals, question.trial);
                one.verdict = trial.verdict;
                one.decided = trial.decided;
                one.replications = trial.result.replications;
                one.objectives = objectives_of(trial.result, one.cost);
                if (trial.status != Status::complete) {
                    made.status = trial.status;
                    made.reason = reason_of(trial.status);
                    break;
                }
            }
            if (one.verdict == Verdict::pass) made.best = i;
        }
        if (!made.best && made.reason.empty()) made.reason = "no design meets every expectation";
    }
    mark_front(made.objectives, made.candidates);
    return made;
}

}  // namespace archsim::scenarios

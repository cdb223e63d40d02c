// Reading, writing and judging baselines.
#include "scenarios/baseline.hpp"

#include "scenarios/headline.hpp"
#include "sim/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace archsim::scenarios {

namespace {

using models::Value;

std::optional<double> number_at(const Value& value, std::string_view key) {
    const Value* const found = value.find(key);
    return found != nullptr && found->is_number() ? found->as_real() : std::nullopt;
}

std::optional<BaselineMetric> read_metric(const Value& value) {
    const auto number = number_at(value, "value");
    const Value* const unit = value.find("unit");
    const Value* const n = value.find("n");
    if (!number || unit == nullptr || !unit->is_string() || n == nullptr || !n->is_integer())
        return std::nullopt;
    const auto count = n->as_integer();
    if (!count || *count < 1 || *count > 1'000'000) return std::nullopt;
    return BaselineMetric{unit->text(), *number, number_at(value, "standard_error"),
                          static_cast<int>(*count)};
}

/// Welch's two-sided p-value of no difference.
double welch(const BaselineMetric& before, const MetricResult& now) {
    const double difference = *now.value - before.value;
    if (difference == 0.0) return 1.0;
    const double a = before.standard_error.value_or(0.0);
    const double b = now.standard_error.value_or(0.0);
    const double variance = a * a + b * b;
    if (variance == 0.0 || before.n < 2 || now.n < 2) return 0.0;
    const double freedom =
        variance * variance / (a * a * a * a / (before.n - 1) + b * b * b * b / (now.n - 1));
    return sim::student_t_two_sided(difference / std::sqrt(variance),
                                    std::max(1, static_cast<int>(freedom)));
}

Change called(const BaselineChange& one) {
    const Better better = better_of(one.metric);
    if (better == Better::unknown) return Change::changed;
    return (*one.now < one.before) == (better == Better::lower) ? Change::improved
                                                                : Change::regressed;
}

}  // namespace

BaselineMetrics baseline_of(const Result& result) {
    BaselineMetrics kept;
    for (const std::string& name : headline_metrics(result)) {
        const MetricResult* const metric = find_metric(result, name);
        if (metric == nullptr || !metric->value) continue;
        kept.emplace(name, BaselineMetric{metric->unit, *metric->value, metric->standard_error,
                                          std::max(metric->n, 1)});
    }
    return kept;
}

std::string write_baseline(const Baseline& baseline) {
    Value scenarios = Value::object();
    for (const auto& [path, metrics] : baseline) {
        Value list = Value::object();
        for (const auto& [name, metric] : metrics) {
            Value json = Value::object();
            json.append("n", Value::integer(metric.n));
            if (metric.standard_error)
                json.append("standard_error", Value::real(*metric.standard_error));
            json.append("unit", Value::string(metric.unit));
            json.append("value", Value::real(metric.value));
            list.append(name, std::move(json));
        }
        scenarios.append(path, std::move(list));
    }
    return Value::object({{"scenarios", std::move(scenarios)},
                          {"schema", Value::string("archsim.baseline/1")}})
        .to_pretty_json();
}

std::optional<Baseline> read_baseline(const Value& document) {
    const Value* const schema = document.find("schema");
    const Value* const scenarios = document.find("scenarios");
    if (schema == nullptr || !schema->is_string() || schema->text() != "archsim.baseline/1" ||
        scenarios == nullptr || !scenarios->is_object())
        return std::nullopt;
    Baseline baseline;
    for (const models::Member& scenario : scenarios->members()) {
        BaselineMetrics& metrics = baseline[scenario.key];
        for (const models::Member& member : scenario.value.members()) {
            auto metric = read_metric(member.value);
            if (!metric) return std::nullopt;
            metrics.emplace(member.key, *std::move(metric));
        }
    }
    return baseline;
}

std::vector<BaselineChange> against_baseline(const BaselineMetrics& before, const Result& now) {
    std::vector<BaselineChange> changes;
    std::vector<std::pair<double, std::size_t>> family;
    for (const auto& [name, metric] : before) {
        BaselineChange one{.metric = name, .unit = metric.unit, .before = metric.value};
        const MetricResult* const found = find_metric(now, name);
        if (found != nullptr && found->value && found->unit == metric.unit) {
            one.now = found->value;
            one.change = Change::no_difference;
            family.emplace_back(welch(metric, *found), changes.size());
        }
        changes.push_back(std::move(one));
    }
    std::ranges::sort(family);
    for (std::size_t i = 0; i < family.size(); ++i) {
        const auto left = static_cast<double>(family.size() - i);
        if (left * family[i].first > 0.05) break;  // Holm stops at the first that is not called.
        BaselineChange& one = changes[family[i].second];
        one.change = called(one);
    }
    return changes;
}

}  // namespace archsim::scenarios

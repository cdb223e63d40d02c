// Paired differences and what to call them.
#include "scenarios/compare.hpp"

#include "scenarios/experiment.hpp"
#include "sim/statistics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

namespace archsim::scenarios {

namespace {

constexpr double significance = 0.05;

/// The values of one metric in a design, by replication.
struct Series {
    std::string unit;
    std::vector<std::optional<double>> values;
};
using AllSeries = std::map<std::string, Series>;

AllSeries series_of(std::span<const Replication> replications) {
    AllSeries all;
    for (std::size_t i = 0; i < replications.size(); ++i) {
        for (const sim::MetricValue& metric : replications[i].metrics) {
            Series& series = all[metric.name];
            series.unit = metric.unit;
            series.values.resize(replications.size());
            series.values[i] = metric.value;
        }
    }
    return all;
}

double variance_of(std::span<const double> values) {
    const sim::Estimate estimate = sim::estimate_mean(values);
    const double error = estimate.standard_error.value_or(0.0);
    return error * error * static_cast<double>(values.size());
}

/// Ratio of the means with its interval from the residuals of the pairs.
/// Source: Cochran 1977, "Sampling Techniques", section 6.3 (the ratio estimate).
void add_ratio(std::span<const double> a, std::span<const double> b, MetricComparison& made) {
    if (*made.reference == 0.0) return;
    const double ratio = *made.design / *made.reference;
    std::vector<double> residuals;
    for (std::size_t i = 0; i < a.size(); ++i) residuals.push_back(b[i] - ratio * a[i]);
    const double half = sim::student_t_quantile(0.975, made.n - 1) *
                        std::sqrt(variance_of(residuals) / static_cast<double>(a.size())) /
                        std::abs(*made.reference);
    if (!std::isfinite(ratio) || !std::isfinite(half)) return;
    made.ratio = ratio;
    made.ratio_interval = Interval{ratio - half, ratio + half};
}

/// The chance that the differences of `n` pairs all lie on one side if none is to be expected.
/// Source: Dixon and Mood 1946, "The Statistical Sign Test".
double sign_test(int n) { return std::ldexp(2.0, -n); }

/// Whether an error is nothing but the rounding of values of this size.
bool is_rounding(double error, double first, double second) {
    constexpr double few = 8.0 * std::numeric_limits<double>::epsilon();
    return error <= few * std::max(std::abs(first), std::abs(second));
}

/// The chance that two series of `n` counts are constant and differ, where both have the same law:
/// at most that of a fair choice between two values, 2 * (1/2)^2n.
double two_constants(int n) { return std::ldexp(2.0, -2 * n); }

/// What pairs with one and the same difference tell. It may be a coincidence, as with counts of
/// rare events, and then is no measure of the error: where the values vary their signs alone count,
/// and where chance is not ruled out there is no interval. Money has too many digits for that.
double p_of_equal_differences(std::span<const double> a, MetricComparison& made) {
    if (is_rounding(std::abs(*made.difference), *made.reference, *made.design)) return 1.0;
    if (made.unit == "usd") return 0.0;
    const bool is_constant = is_rounding(std::sqrt(variance_of(a)), *made.reference, *made.design);
    const double chance = is_constant ? two_constants(made.n) : sign_test(made.n);
    if (!is_constant || chance > significance) made.interval.reset();
    return chance;
}

/// The raw p-value of "no difference beyond the tolerance"; Holm comes later.
MetricComparison paired(std::string name, const Series& first, const Series& second,
                        const CompareRules& rules) {
    MetricComparison made{.metric = std::move(name), .unit = first.unit};
    made.better = better_of(made.metric);
    std::vector<double> a;
    std::vector<double> b;
    for (std::size_t i = 0; i < std::min(first.values.size(), second.values.size()); ++i) {
        if (!first.values[i] || !second.values[i]) continue;
        a.push_back(*first.values[i]);
        b.push_back(*second.values[i]);
    }
    made.n = static_cast<int>(a.size());
    if (made.n < 2) return made;
    made.reference = sim::estimate_mean(a).mean;
    made.design = sim::estimate_mean(b).mean;
    const sim::Estimate estimate = sim::estimate_difference(b, a);
    made.difference = estimate.mean;
    made.interval = estimate.interval;
    add_ratio(a, b, made);
    const double error = *estimate.standard_error;
    const double beyond = std::abs(estimate.mean) - rules.tolerance * std::abs(*made.reference);
    if (is_rounding(error, *made.reference, *made.design)) {
        made.p_value = p_of_equal_differences(a, made);
    } else {
        made.p_value = sim::student_t_two_sided(beyond / error, made.n - 1);
        const double apart = (variance_of(a) + variance_of(b)) / static_cast<double>(a.size());
        made.crn_factor = std::sqrt(apart) / error;
    }
    if (beyond <= 0.0) made.p_value = 1.0;
    return made;
}

/// Holm's step-down adjustment of the p-values of one family, in place.
void adjust(std::vector<MetricComparison*>& family) {
    std::ranges::stable_sort(family, {}, [](const auto* one) { return *one->p_value; });
    double greatest = 0.0;
    for (std::size_t i = 0; i < family.size(); ++i) {
        const auto left = static_cast<double>(family.size() - i);
        greatest = std::max(greatest, std::min(1.0, left * *family[i]->p_value));
        family[i]->p_value = greatest;
    }
}

Change change_of(const MetricComparison& one, const CompareRules& rules) {
    if (!one.p_value) return Change::no_data;
    if (*one.p_value <= significance) {
        if (one.better == Better::unknown) return Change::changed;
        return (*one.difference < 0.0) == (one.better == Better::lower) ? Change::improved
                                                                        : Change::regressed;
    }
    const double margin = std::max(rules.margin, rules.tolerance) * std::abs(*one.reference);
    if (!one.interval) {
        const bool is_shown = sign_test(one.n) <= significance;
        return is_shown && std::abs(*one.difference) <= margin ? Change::no_difference
                                                               : Change::inconclusive;
    }
    const double farthest = std::max(std::abs(one.interval->low), std::abs(one.interval->high));
    return farthest <= margin ? Change::no_difference : Change::inconclusive;
}

/// Whether a design without this metric of the reference lacks something: it has the node that
/// measures it, or there is none (a load source, the whole system). A node that only the reference
/// has is what makes the designs different.
bool is_lacking(const std::string& metric, const AllSeries& reference, const AllSeries& design) {
    std::string_view rest = metric;
    constexpr std::string_view cost = "cost/";
    if (rest.starts_with(cost) && !rest.substr(cost.size()).starts_with("per_"))
        rest.remove_prefix(cost.size());  // "cost/web" is of the node web
    const std::string node{rest.substr(0, rest.find('/'))};
    for (const char* const whole : {"system", "cost", "consistency"}) {
        if (node == whole) return true;
    }
    if (reference.contains(node + "/offered")) return true;
    const auto first = design.lower_bound(node + "/");
    return first != design.end() && first->first.starts_with(node + "/");
}

/// The row of a metric that the design does not have.
MetricComparison without_data(const std::string& metric, const Series& series,
                              const CompareRules& rules) {
    MetricComparison made = paired(metric, series, {}, rules);
    std::vector<double> values;
    for (const auto& value : series.values) {
        if (value) values.push_back(*value);
    }
    if (!values.empty()) made.reference = sim::estimate_mean(values).mean;
    made.headline = true;
    return made;
}

DesignComparison against(const std::string& name, const AllSeries& reference,
                         const AllSeries& design, std::span<const std::string> headline,
                         const CompareRules& rules) {
    DesignComparison made{.name = name};
    const auto is_headline_metric = [&](const std::string& metric) {
        return std::ranges::find(headline, metric) != headline.end();
    };
    for (const auto& [metric, series] : reference) {
        const auto other = design.find(metric);
        if (other == design.end()) {
            made.only_in_reference.push_back(metric);
            // What decides and is not there is no data, and no reason to say that all is well.
            if (is_headline_metric(metric) && is_lacking(metric, reference, design))
                made.metrics.push_back(without_data(metric, series, rules));
            continue;
        }
        made.metrics.push_back(paired(metric, series, other->second, rules));
        made.metrics.back().headline = is_headline_metric(metric);
    }
    for (const auto& [metric, series] : design) {
        if (!reference.contains(metric)) made.only_here.push_back(metric);
    }
    std::stable_partition(made.metrics.begin(), made.metrics.end(),
                          [](const MetricComparison& one) { return one.headline; });
    std::stable_partition(made.only_in_reference.begin(), made.only_in_reference.end(),
                          is_headline_metric);
    return made;
}

std::optional<double> median_factor(const ComparisonResult& result) {
    std::vector<double> factors;
    for (const DesignComparison& design : result.designs) {
        for (const MetricComparison& one : design.metrics) {
            if (one.headline && one.crn_factor) factors.push_back(*one.crn_factor);
        }
    }
    if (factors.empty()) return std::nullopt;
    std::ranges::sort(factors);
    return factors[factors.size() / 2];
}

bool precise(const ComparisonResult& result, std::span<const DifferencePrecision> until) {
    for (const DifferencePrecision& wanted : until) {
        for (const DesignComparison& design : result.designs) {
            const auto one =
                std::ranges::find(design.metrics, wanted.metric, &MetricComparison::metric);
            if (one == design.metrics.end() || !one->difference) return false;
            if (!one->interval) continue;  // one and the same difference in every pair
            const double half = 0.5 * (one->interval->high - one->interval->low);
            if (half > wanted.relative * std::abs(*one->reference)) return false;
        }
    }
    return true;
}

/// The headline metrics of the reference; those of `until` count as well.
std::vector<std::string> headline_of(const Scenario& scenario,
                                     std::span<const Replication> replications,
                                     const CompareOptions& options) {
    Result result;
    result.metrics = metrics_of(replications);
    sort_by_name(result);
    for (const ExpectEntry& entry : scenario.expect.entries) {
        result.expect.push_back(judge(entry.expectation, result));
    }
    std::vector<std::string> names = headline_metrics(result);
    for (const DifferencePrecision& wanted : options.until) {
        if (std::ranges::find(names, wanted.metric) == names.end()) names.push_back(wanted.metric);
    }
    return names;
}

Status status_of(std::span<const std::vector<Replication>> designs) {
    Status status = Status::complete;
    for (const auto& replications : designs) {
        for (const Replication& one : replications) {
            if (one.end == sim::RunEnd::interrupted) return Status::interrupted;
            if (one.end != sim::RunEnd::deadline) status = Status::limit;
        }
    }
    return status;
}

/// Leaves the replications that ran to their end in every design: of an interrupted comparison
/// others are no pairs.
void keep_whole_pairs(std::vector<std::vector<Replication>>& designs) {
    std::vector<bool> is_whole(designs.front().size(), true);
    for (const auto& replications : designs) {
        for (std::size_t i = 0; i < is_whole.size(); ++i) {
            is_whole[i] = is_whole[i] && replications[i].end != sim::RunEnd::interrupted;
        }
    }
    for (auto& replications : designs) {
        std::vector<Replication> kept;
        for (std::size_t i = 0; i < is_whole.size(); ++i) {
            if (is_whole[i]) kept.push_back(std::move(replications[i]));
        }
        replications = std::move(kept);
    }
}

}  // namespace

ComparisonResult compare_replications(std::span<const std::string> names,
                                      std::span<const std::vector<Replication>> designs,
                                      std::span<const std::string> headline,
                                      const CompareRules& rules) {
    ComparisonResult result{.reference = names.front()};
    result.replications = static_cast<int>(designs.front().size());
    result.tolerance = rules.tolerance;
    result.margin = rules.margin;
    const AllSeries reference = series_of(designs.front());
    for (std::size_t i = 1; i < designs.size(); ++i) {
        result.designs.push_back(
            against(names[i], reference, series_of(designs[i]), headline, rules));
    }
    std::vector<MetricComparison*> families[2];
    for (DesignComparison& design : result.designs) {
        for (MetricComparison& one : design.metrics) {
            if (one.p_value) families[one.headline ? 0 : 1].push_back(&one);
        }
    }
    for (auto& family : families) adjust(family);
    for (DesignComparison& design : result.designs) {
        for (MetricComparison& one : design.metrics) one.change = change_of(one, rules);
    }
    result.crn_factor = median_factor(result);
    return result;
}

ComparisonResult run_comparison(std::span<Design> designs, const CompareOptions& options) {
    std::vector<std::string> names;
    std::vector<sim::Duration> warm_ups;
    std::vector<std::string> warnings;
    for (Design& design : designs) {
        if (!options.independent) design.scenario.seed = designs.front().scenario.seed;
        names.push_back(design.name);
        warm_ups.push_back(warm_up_of(design.scenario, options.run, warnings));
    }
    std::vector<std::vector<Replication>> all(designs.size());
    std::int64_t wanted = options.replications;
    for (;;) {
        for (std::size_t i = 0; i < designs.size(); ++i) {
            const auto done = static_cast<std::int64_t>(all[i].size());
            for (Replication& one : run_replications(designs[i].scenario, done, wanted - done,
                                                     warm_ups[i], options.run)) {
                for (sim::MetricValue& metric : one.metrics) metric.windows = {};
                all[i].push_back(std::move(one));
            }
        }
        const Status status = status_of(all);
        if (status == Status::interrupted) keep_whole_pairs(all);
        ComparisonResult result = compare_replications(
            names, all, headline_of(designs.front().scenario, all.front(), options), options.rules);
        result.seed = static_cast<std::uint64_t>(designs.front().scenario.seed);
        result.common_random_numbers = !options.independent;
        result.status = status;
        if (result.status == Status::interrupted) {
            result.status_reason =
                fmt::format("interrupted after {} of {} replications", result.replications, wanted);
        }
        if (result.status == Status::limit)
            result.status_reason = "the limit on events was reached";
        if (result.status != Status::complete || precise(result, options.until)) return result;
        if (wanted >= options.max_replications) {
            result.status = Status::limit;
            result.status_reason = "the wanted precision was not reached with " +
                                   std::to_string(wanted) + " replications";
            return result;
        }
        wanted = std::min(2 * wanted, options.max_replications);
    }
}

bool holds(const ComparisonResult& comparison, bool allow_inconclusive) {
    for (const DesignComparison& design : comparison.designs) {
        for (const MetricComparison& one : design.metrics) {
            if (!one.headline) continue;
            if (one.change == Change::regressed || one.change == Change::no_data) return false;
            if (one.change == Change::inconclusive && !allow_inconclusive) return false;
        }
    }
    return true;
}

}  // namespace archsim::scenarios

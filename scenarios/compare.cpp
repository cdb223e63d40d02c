// Paired differences and what to call them.
#include "scenarios/compare.hpp"

#include "scenarios/experiment.hpp"
#include "sim/statistics.hpp"

#include <algorithm>
#include <cmath>
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
    if (beyond <= 0.0) {
        made.p_value = 1.0;
    } else {
        made.p_value = error > 0.0 ? sim::student_t_two_sided(beyond / error, made.n - 1) : 0.0;
    }
    const double apart = (variance_of(a) + variance_of(b)) / static_cast<double>(a.size());
    if (error > 0.0) made.crn_factor = std::sqrt(apart) / error;
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
    const double farthest = std::max(std::abs(one.interval->low), std::abs(one.interval->high));
    return farthest <= margin ? Change::no_difference : Change::inconclusive;
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
            if (!is_headline_metric(metric)) continue;
            // What decides and is not there is no data, and no reason to say that all is well.
            made.metrics.push_back(paired(metric, series, {}, rules));
            made.metrics.back().headline = true;
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
            if (one == design.metrics.end() || !one->interval) return false;
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
        if (result.status == Status::interrupted) result.status_reason = "interrupted";
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

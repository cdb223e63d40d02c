// The parameters of every kind of distribution: names, ranges and relations between them.
#include "models/distribution_kinds.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <tuple>
#include <utility>

namespace archsim::models {

namespace {

constexpr sim::Duration none{};

/// Weights must leave something to choose.
void check_weights(const std::vector<double>& weights, const Place& place, std::string_view key) {
    double sum = 0.0;
    for (const double weight : weights) sum += weight;
    if (sum > 0.0 && std::isfinite(sum)) return;
    place.fail(key, {.code = Code::out_of_range,
                     .message = "the weights must add up to a number above 0"});
}

void check_values(const EmpiricalKind& kind, const Place& place) {
    if (kind.values.empty())
        place.fail("values", {.code = Code::out_of_range,
                              .message = "there must be at least one time or percentile"});
    else if (!kind.weights)
        return;
    else if (kind.weights->size() != kind.values.size())
        place.fail("weights", {.code = Code::conflicting_keys,
                               .message = "there must be one weight for each time"});
    else if (*std::min_element(kind.weights->begin(), kind.weights->end()) < 0.0)
        place.fail("weights",
                   {.code = Code::out_of_range, .message = "a weight must not be negative"});
    else
        check_weights(*kind.weights, place, "weights");
}

void check_percentiles(const EmpiricalKind& kind, const Place& place) {
    const auto fails = [&place](Code code, std::string message) {
        place.fail("percentiles", {.code = code, .message = std::move(message)});
    };
    if (!kind.values.empty() || kind.weights)
        return fails(Code::conflicting_keys,
                     "measured times are given by 'values', or by 'percentiles'");
    if (kind.percentiles.size() < 2)
        return fails(Code::out_of_range, "there must be at least two percentiles");
    for (std::size_t i = 1; i < kind.percentiles.size(); ++i) {
        const auto& [value, share] = kind.percentiles[i];
        const auto& [value_before, share_before] = kind.percentiles[i - 1];
        if (value < value_before || share < share_before)
            return fails(Code::out_of_range, "percentiles must ascend, in time and in share");
    }
    if (std::get<1>(kind.percentiles.back()) != sim::Probability{1.0})
        fails(Code::out_of_range, "the last percentile must be at 100%");
}

}  // namespace

const Spec<ConstantKind>& ConstantKind::spec() {
    static const auto s =
        Spec<ConstantKind>{"constant", "Always the same time; also written as the time alone."}
            .required("value", &ConstantKind::value, "The time.");
    return s;
}

const Spec<ExponentialKind>& ExponentialKind::spec() {
    static const auto s =
        Spec<ExponentialKind>{"exponential", "Memoryless times; coefficient of variation 1."}
            .required("mean", &ExponentialKind::mean, "Mean time.")
            .more_than(none);
    return s;
}

const Spec<UniformKind>& UniformKind::spec() {
    static const auto s =
        Spec<UniformKind>{"uniform", "Every time between two bounds is as likely."}
            .required("minimum", &UniformKind::minimum, "Shortest time.")
            .otherwise_called({"min", "low", "from"})
            .required("maximum", &UniformKind::maximum, "Longest time.")
            .otherwise_called({"max", "high", "to"})
            .check([](const UniformKind& kind, const Place& place) {
                if (kind.minimum > kind.maximum)
                    place.fail("maximum", {.code = Code::conflicting_keys,
                                           .message = "'maximum' is less than 'minimum'"});
            });
    return s;
}

const Spec<ErlangKind>& ErlangKind::spec() {
    static const auto s =
        Spec<ErlangKind>{"erlang", "The sum of exponential stages; more regular than one."}
            .required("mean", &ErlangKind::mean, "Mean time of all stages together.")
            .more_than(none)
            .required("stages", &ErlangKind::stages,
                      "Number of stages; the squared coefficient of variation is 1 / stages.")
            .at_least(1)
            .at_most(1'000'000)
            .otherwise_called({"k", "shape"});
    return s;
}

const Spec<GammaKind>& GammaKind::spec() {
    static const auto s =
        Spec<GammaKind>{"gamma", "More regular than exponential or more bursty, as its shape says."}
            .required("mean", &GammaKind::mean, "Mean time.")
            .more_than(none)
            .required("shape", &GammaKind::shape,
                      "The squared coefficient of variation is 1 / shape.")
            .at_least(1e-3)
            .at_most(1e6)
            .otherwise_called({"alpha", "k"});
    return s;
}

const Spec<HyperexponentialKind>& HyperexponentialKind::spec() {
    static const auto s =
        Spec<HyperexponentialKind>{"hyperexponential", "Many short tasks and few long ones."}
            .assume("Both exponential phases contribute half of the mean (balanced means).")
            .required("mean", &HyperexponentialKind::mean, "Mean time.")
            .more_than(none)
            .required("cv", &HyperexponentialKind::cv,
                      "Coefficient of variation: standard deviation / mean.")
            .at_least(1.0)
            .at_most(1e3);
    return s;
}

const Spec<LognormalKind>& LognormalKind::spec() {
    static const auto s =
        Spec<LognormalKind>{"lognormal",
                            "Measured service times often are; give mean and cv, or p50 and p99."}
            .optional("mean", &LognormalKind::mean, "Mean time.")
            .more_than(none)
            .optional("cv", &LognormalKind::cv,
                      "Coefficient of variation: standard deviation / mean.")
            .at_least(1e-6)
            .at_most(1e3)
            .optional("p50", &LognormalKind::p50, "Median time.")
            .more_than(none)
            .optional("p99", &LognormalKind::p99, "99th percentile.")
            .more_than(none)
            .check([](const LognormalKind& kind, const Place& place) {
                const bool by_mean = kind.mean && kind.cv && !kind.p50 && !kind.p99;
                const bool by_quantiles = kind.p50 && kind.p99 && !kind.mean && !kind.cv;
                if (!by_mean && !by_quantiles)
                    place.fail("kind", {.code = Code::conflicting_keys,
                                        .message = "a lognormal distribution is given by 'mean' "
                                                   "and 'cv', or by 'p50' and 'p99'"});
                else if (by_quantiles && *kind.p99 <= *kind.p50)
                    place.fail("p99", {.code = Code::conflicting_keys,
                                       .message = "'p99' must be more than 'p50'"});
            });
    return s;
}

LognormalKind::LognormalKind(const sim::Lognormal& law) {
    if (const auto* by_mean = std::get_if<sim::Lognormal::MeanAndCv>(&law.parameters())) {
        mean = by_mean->mean;
        cv = by_mean->cv;
    } else {
        const auto& quantiles = std::get<sim::Lognormal::P50AndP99>(law.parameters());
        p50 = quantiles.p50;
        p99 = quantiles.p99;
    }
}

sim::Lognormal LognormalKind::make() const {
    if (mean && cv) return sim::Lognormal{sim::Lognormal::MeanAndCv{*mean, *cv}};
    return sim::Lognormal{sim::Lognormal::P50AndP99{p50.value(), p99.value()}};
}

const Spec<NormalKind>& NormalKind::spec() {
    static const auto s =
        Spec<NormalKind>{"normal", "The bell curve without its part below zero."}
            .assume("What is cut off below zero makes the true mean larger than 'mean'.")
            .required("mean", &NormalKind::mean, "Mean before the cut.")
            .required("deviation", &NormalKind::deviation, "Standard deviation before the cut.")
            .more_than(none)
            .otherwise_called({"sd", "sigma", "stddev", "standard_deviation"});
    return s;
}

const Spec<ParetoKind>& ParetoKind::spec() {
    static const auto s =
        Spec<ParetoKind>{"pareto", "A heavy tail: few long tasks make most of the work."}
            .assume(
                "Without a cap the variance is infinite for alpha <= 2 and the mean for "
                "alpha <= 1.")
            .required("minimum", &ParetoKind::minimum, "Shortest time.")
            .more_than(none)
            .otherwise_called({"min", "scale"})
            .required("alpha", &ParetoKind::alpha, "Tail index: the smaller, the heavier the tail.")
            .at_least(1e-3)
            .at_most(1e3)
            .otherwise_called({"shape"})
            .optional("cap", &ParetoKind::cap,
                      "Longest time: the distribution given that it is not exceeded.")
            .otherwise_called({"max", "maximum"})
            .check([](const ParetoKind& kind, const Place& place) {
                if (kind.cap && *kind.cap <= kind.minimum)
                    place.fail("cap", {.code = Code::conflicting_keys,
                                       .message = "'cap' must be more than 'minimum'"});
            });
    return s;
}

const Spec<WeibullKind>& WeibullKind::spec() {
    static const auto s =
        Spec<WeibullKind>{"weibull", "Times to failure that wear out or have infant mortality."}
            .required("scale", &WeibullKind::scale, "63.2% of the times are shorter.")
            .more_than(none)
            .required("shape", &WeibullKind::shape,
                      "Above 1 failures become more likely with age, below 1 less likely.")
            .at_least(0.05)
            .at_most(1e3);
    return s;
}

const Spec<EmpiricalKind>& EmpiricalKind::spec() {
    static const auto s =
        Spec<EmpiricalKind>{"empirical", "Measured times; give values, or percentiles."}
            .optional("values", &EmpiricalKind::values, "The times, and none between them.")
            .optional("weights", &EmpiricalKind::weights, "One for each time; default all 1.")
            .optional("percentiles", &EmpiricalKind::percentiles,
                      "Pairs such as [\"5ms\", \"50%\"], ascending, the last at 100%; times are "
                      "spread evenly from each to the next.")
            .otherwise_called({"cdf", "quantiles"})
            .check([](const EmpiricalKind& kind, const Place& place) {
                if (!kind.percentiles.empty())
                    check_percentiles(kind, place);
                else
                    check_values(kind, place);
            });
    return s;
}

EmpiricalKind::EmpiricalKind(const sim::Empirical& law) : values{law.values()} {
    const std::vector<double>& given = law.weights();
    const bool equal = std::all_of(given.begin(), given.end(), [](double w) { return w == 1.0; });
    if (!equal) weights = given;
    for (const sim::Empirical::Percentile& point : law.percentiles())
        percentiles.emplace_back(point.value, point.at_most);
}

sim::Empirical EmpiricalKind::make() const {
    if (percentiles.empty())
        return {values, weights.value_or(std::vector<double>(values.size(), 1.0))};
    std::vector<sim::Empirical::Percentile> points;
    for (const auto& [value, at_most] : percentiles) points.push_back({value, at_most});
    return sim::Empirical{std::move(points)};
}

const Spec<MixturePart>& MixturePart::spec() {
    static const auto s =
        Spec<MixturePart>{"mixture_part", "One of the distributions of a mixture."}
            .required("weight", &MixturePart::weight, "How often it is chosen, against the others.")
            .at_least(0.0)
            .required("distribution", &MixturePart::distribution, "The times when it is chosen.");
    return s;
}

const Spec<MixtureKind>& MixtureKind::spec() {
    static const auto s =
        Spec<MixtureKind>{"mixture", "Each time comes from one of several distributions."}
            .required("parts", &MixtureKind::parts, "The distributions with their weights.")
            .check([](const MixtureKind& kind, const Place& place) {
                std::vector<double> weights;
                for (const MixturePart& part : kind.parts) weights.push_back(part.weight);
                check_weights(weights, place, "parts");
            });
    return s;
}

MixtureKind::MixtureKind(const sim::Mixture& law) {
    for (std::size_t i = 0; i < law.parts().size(); ++i)
        parts.push_back({law.weights()[i], law.parts()[i]});
}

sim::Mixture MixtureKind::make() const {
    std::vector<sim::Distribution> distributions;
    std::vector<double> weights;
    for (const MixturePart& part : parts) {
        distributions.push_back(part.distribution);
        weights.push_back(part.weight);
    }
    return {std::move(distributions), std::move(weights)};
}

}  // namespace archsim::models

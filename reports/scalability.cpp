// From the variants of a sweep to a curve, and from a curve to text and JSON.
#include "reports/scalability.hpp"

#include "models/diagnostics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

namespace archsim::reports {

namespace {

using models::Value;
using models::theory::ScalabilityFit;

/// A whole number of 1 or more.
std::optional<std::int64_t> count_of(std::string_view text) {
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc{} || end != text.data() + text.size() || count < 1) return std::nullopt;
    return count;
}

/// The size with the largest throughput; nothing if more is always better.
std::optional<double> knee_of(const ScalabilityFit& fit) {
    const double knee = models::theory::best_size(fit.law);
    return std::isfinite(knee) ? std::optional{knee} : std::nullopt;
}

std::string knee_text(const ScalabilityCurve& curve) {
    const ScalabilityFit& fit = *curve.fit;
    if (const auto knee = knee_of(fit)) {
        return fmt::format(
            "  knee n* = sqrt((1 - sigma) / kappa) = {:.4g}, where X(n*) = {}; beyond it "
            "throughput "
            "falls\n",
            *knee, humanised(fit.at(std::max(*knee, 1.0)), curve.unit));
    }
    if (fit.law.contention > 0.0) {
        return fmt::format("  no knee: kappa is 0; throughput stays below lambda / sigma = {}\n",
                           humanised(fit.single / fit.law.contention, curve.unit));
    }
    return "  no knee: throughput grows in proportion\n";
}

}  // namespace

std::string scalability_problem(const scenarios::Plan& plan) {
    const auto& variations = plan.space().variations();
    if (variations.size() != 1) {
        return fmt::format(
            "the universal scalability law is fitted over one count, and {} "
            "parameters vary",
            variations.size());
    }
    std::set<std::int64_t> sizes;
    for (const std::string& value : variations.front().values) {
        const auto count = count_of(value);
        if (!count) {
            return fmt::format(
                "the universal scalability law is fitted over a count, and {} is "
                "none",
                models::quoted(value));
        }
        sizes.insert(*count);
    }
    if (sizes.size() >= models::theory::fewest_points) return {};
    return fmt::format("three coefficients need {} sizes, and there are {}",
                       models::theory::fewest_points, sizes.size());
}

std::optional<ScalabilityCurve> scalability_of(const Sweep& sweep, const std::string& metric) {
    const scenarios::Variation& variation = sweep.plan.space().variations().front();
    ScalabilityCurve curve{.metric = metric, .pointer = variation.pointer};
    for (std::int64_t variant = 0; variant < sweep.plan.variants(); ++variant) {
        const std::optional<scenarios::Result> result = sweep.result(variant);
        if (!result) return std::nullopt;
        const std::size_t place = sweep.plan.space().point(variant).front();
        const double size = static_cast<double>(*count_of(variation.values[place]));
        const scenarios::MetricResult* const found = find_metric(*result, metric);
        if (found == nullptr) {
            curve.problem = fmt::format("no metric is called {}", models::quoted(metric));
        } else if (!found->value || !(*found->value > 0.0)) {
            curve.problem = fmt::format("{} is not above 0 at size {}", metric, size);
        } else {
            curve.unit = found->unit;
            curve.points.push_back({size, *found->value});
        }
        if (!curve.problem.empty()) return curve;
    }
    curve.fit = models::theory::fit_scalability(curve.points);
    if (!curve.fit) curve.problem = "no law with coefficients of 0 or more fits the curve";
    return curve;
}

std::string scalability_text(const ScalabilityCurve& curve) {
    std::string text = fmt::format("\nuniversal scalability law of {} over {}\n",
                                   printable(curve.metric), printable(curve.pointer));
    if (!curve.fit) return text + "  no fit: " + printable(curve.problem) + "\n";
    const ScalabilityFit& fit = *curve.fit;
    text += "  X(n) = lambda n / (1 + sigma (n - 1) + kappa n (n - 1))\n";
    text += fmt::format("  lambda {}   sigma {:.4g}   kappa {:.4g}   farthest point {:.2g} % off\n",
                        humanised(fit.single, curve.unit), fit.law.contention, fit.law.coherency,
                        100.0 * fit.error);
    return text + knee_text(curve);
}

Value scalability_value(const ScalabilityCurve& curve) {
    Value value = Value::object();
    if (curve.fit) {
        const ScalabilityFit& fit = *curve.fit;
        value.append("error", Value::real(fit.error));
        value.append("kappa", Value::real(fit.law.coherency));
        if (const auto knee = knee_of(fit)) value.append("knee", Value::real(*knee));
        value.append("lambda", Value::real(fit.single));
    }
    value.append("metric", Value::string(curve.metric));
    value.append("pointer", Value::string(curve.pointer));
    if (!curve.fit) value.append("problem", Value::string(curve.problem));
    if (curve.fit) {
        value.append("sigma", Value::real(curve.fit->law.contention));
        value.append("unit", Value::string(curve.unit));
    }
    return value;
}

}  // namespace archsim::reports

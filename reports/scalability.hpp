// The universal scalability law fitted to a sweep over a count: a section of its reports.
#pragma once

#include "models/document.hpp"
#include "models/theory/scalability_fit.hpp"
#include "reports/sweep.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace archsim::reports {

/// A load curve out of a sweep, and the law that fits it.
struct ScalabilityCurve {
    std::string metric;   ///< What stands for the throughput.
    std::string pointer;  ///< What is counted.
    std::string unit{};   ///< Of the metric.
    std::vector<models::theory::LoadPoint> points{};
    std::optional<models::theory::ScalabilityFit> fit{};
    std::string problem{};  ///< Why there is no fit; empty if there is.
};

/// Why no load curve can come out of the plan, as a sentence; empty if one can.
[[nodiscard]] std::string scalability_problem(const scenarios::Plan& plan);

/// The curve of a metric; nothing if a result cannot be read. Requires: no scalability_problem().
/// O(variants).
[[nodiscard]] std::optional<ScalabilityCurve> scalability_of(const Sweep& sweep,
                                                             const std::string& metric);

/// Coefficients, quality of the fit and knee, as lines of text.
[[nodiscard]] std::string scalability_text(const ScalabilityCurve& curve);
/// The same as a member of archsim.sweep/1. There is no "knee" where throughput never falls.
[[nodiscard]] models::Value scalability_value(const ScalabilityCurve& curve);

}  // namespace archsim::reports

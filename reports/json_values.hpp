// Parts that several JSON documents share, as values: metrics with intervals, judged expectations.
#pragma once

#include "models/document.hpp"
#include "scenarios/result.hpp"

#include <optional>
#include <string>
#include <vector>

namespace archsim::reports {

/// The number, or null. Requires: finite.
[[nodiscard]] models::Value number_or_null(const std::optional<double>& number);
/// [low, high], or null.
[[nodiscard]] models::Value interval_or_null(const std::optional<scenarios::Interval>& interval);
/// A list of texts.
[[nodiscard]] models::Value texts(const std::vector<std::string>& all);
/// As in archsim.result/1.
[[nodiscard]] models::Value metric_value(const scenarios::MetricResult& metric);
/// As in archsim.result/1.
[[nodiscard]] models::Value expect_value(const scenarios::ExpectResult& expect);

}  // namespace archsim::reports

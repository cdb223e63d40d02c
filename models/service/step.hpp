// A step of a route: what a service does for one operation, one thing after the other.
#pragma once

#include "models/edge.hpp"
#include "models/request.hpp"
#include "models/service/fan_out.hpp"
#include "models/spec.hpp"
#include "sim/distribution.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace archsim::models {

/// Exactly one of work, call, publish, fan_out, parallel and chance.
struct StepConfig {
    std::optional<sim::Distribution> work = std::nullopt;
    std::optional<EdgeConfig> call = std::nullopt;
    std::optional<EdgeConfig> publish = std::nullopt;
    std::optional<FanOutConfig> fan_out = std::nullopt;
    std::vector<StepConfig> parallel = {};
    std::optional<sim::Probability> chance = std::nullopt;
    std::vector<StepConfig> then = {};
    std::vector<StepConfig> otherwise = {};
    std::optional<std::string> operation = std::nullopt;
    std::optional<Access> access = std::nullopt;
    std::int64_t times = 1;
    static const Spec<StepConfig>& spec();
};

/// How many steps a request goes through at most, those in branches not taken
/// counted as well, and a fan-out as its mean number of calls.
[[nodiscard]] double executions(std::span<const StepConfig> steps);

/// The most steps that a route may have so.
inline constexpr double most_executions = 1e6;

}  // namespace archsim::models

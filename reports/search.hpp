// Answers of `archsim capacity`, `archsim optimize` and `archsim sweep --tornado`, as text and
// JSON.
#pragma once

#include "reports/text.hpp"
#include "scenarios/capacity.hpp"
#include "scenarios/optimize.hpp"

#include <span>
#include <string>

namespace archsim::reports {

/// What the numbers of a capacity mean.
struct CapacityWords {
    std::string what;                  ///< "load factor", or the pointer of a parameter.
    std::vector<std::string> goals{};  ///< As written.
    std::vector<std::string> units{};  ///< Of the metric of each goal.
};

/// The answer in a sentence, then every point that was tried.
[[nodiscard]] std::string write_capacity(const scenarios::CapacityAnswer& answer,
                                         const CapacityWords& words, const Style& style);
/// One document of schema archsim.capacity/1.
[[nodiscard]] std::string write_capacity_json(const scenarios::CapacityAnswer& answer,
                                              const CapacityWords& words);

/// The cheapest design, then those on the front; `all` shows every design.
[[nodiscard]] std::string write_optimum(const scenarios::OptimizeResult& result, const Style& style,
                                        bool all);
/// One document of schema archsim.optimize/1.
[[nodiscard]] std::string write_optimum_json(const scenarios::OptimizeResult& result);

/// A tornado: the parameter that moves the metric most on top.
[[nodiscard]] std::string write_sensitivity(const scenarios::Sensitivity& result,
                                            const Style& style);
/// One document of schema archsim.sensitivity/1.
[[nodiscard]] std::string write_sensitivity_json(const scenarios::Sensitivity& result);

}  // namespace archsim::reports

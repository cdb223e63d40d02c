// Prices of a scenario: which node pays by which, what is wrong with them, and the bill of a
// finished run.
#pragma once

#include "scenarios/result.hpp"
#include "scenarios/scenario.hpp"
#include "scenarios/world.hpp"

#include <string_view>

namespace archsim::scenarios {

/// The prices of the node called `name`: its own, or the entry of the table that it names; nullptr
/// if it has none. O(nodes).
[[nodiscard]] const models::PriceConfig* price_of(const Scenario& scenario, std::string_view name);

/// Reports names of prices that the table does not have, each with the nearest.
void report_unknown_prices(const Scenario& scenario, models::Diagnostics& diagnostics);

/// Reports prices that nothing could come of: of load sources, and of storage that nobody measures
/// or that is given where it is measured.
void check_prices(const Scenario& scenario, const World& world, const models::Value& document,
                  models::Diagnostics& diagnostics);

/// Makes the bill out of the metrics `cost/...` of the result. Requires: metrics sorted by name.
void add_bill(const Scenario& scenario, Result& result);

}  // namespace archsim::scenarios

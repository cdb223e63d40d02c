// What commands that take a scenario share: loading it with the changes of the command line.
#pragma once

#include "models/document.hpp"
#include "scenarios/scenario.hpp"
#include "tools/command.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace archsim::tools {

/// --set, --seed, --replications and --duration.
[[nodiscard]] std::vector<OptionSpec> scenario_options();

/// The settings that these options stand for; nothing after a complaint.
[[nodiscard]] std::optional<std::vector<std::string>> settings_of(const Arguments& arguments);

/// A loaded scenario with the texts it came from.
struct Input {
    models::Sources sources;
    models::Diagnostics diagnostics;
    std::optional<scenarios::Scenario> scenario;
    Exit exit = Exit::ok;  ///< Why there is none.
};

/// Loads `path`, changed as the command line says. Errors and warnings go to standard error.
[[nodiscard]] Input load_input(const std::string& path, const Arguments& arguments);

/// Whether a run of the scenario reports a metric of this name, be it without a value; else says
/// that `option` names none, and which may be meant.
[[nodiscard]] bool knows_metric(const scenarios::Scenario& scenario, const std::string& metric,
                                std::string_view option);

}  // namespace archsim::tools

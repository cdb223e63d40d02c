// What the commands that search over designs share: the settled document and options of trials.
#pragma once

#include "models/document.hpp"
#include "scenarios/trial.hpp"
#include "scenarios/variation.hpp"
#include "tools/command.hpp"

#include <optional>
#include <string>
#include <vector>

namespace archsim::tools {

/// --jobs, --max-events, --first, --max-replications, --json, --quiet and --color.
[[nodiscard]] std::vector<OptionSpec> search_options();

/// The options of trials; nothing after a complaint.
[[nodiscard]] std::optional<scenarios::TrialOptions> trial_options(const Arguments& arguments);

/// A document with the texts it came from, known to be a valid scenario.
struct SettledInput {
    models::Sources sources;
    models::Value document;
    std::string folder;
};

/// Loads and checks the scenario of the command line; nothing after a complaint.
[[nodiscard]] std::optional<SettledInput> settled_input(const Arguments& arguments);

/// Every --OPTION POINTER=VALUES of the command line; nothing after a complaint.
[[nodiscard]] std::optional<std::vector<scenarios::Variation>> variations_in(
    const Arguments& arguments, std::string_view option);

/// `sweep --tornado`: which parameter moves a metric most.
[[nodiscard]] Exit run_tornado(const Arguments& arguments);

}  // namespace archsim::tools

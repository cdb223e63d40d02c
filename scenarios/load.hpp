// From files to a scenario: parse, extend, set, read, check. All problems are reported together.
#pragma once

#include "scenarios/scenario.hpp"

#include <optional>
#include <span>
#include <string>

namespace archsim::scenarios {

/// Loads the scenario at `path` ("-" is standard input), with `settings` such as
/// "nodes/web/instances=4" applied to the text. Nothing if there was an error; everything found,
/// warnings included, is in `diagnostics`. `sources` keeps the texts for printing them.
[[nodiscard]] std::optional<Scenario> load_scenario(const std::string& path,
                                                    std::span<const std::string> settings,
                                                    models::Sources& sources,
                                                    models::Diagnostics& diagnostics);

/// The document at `path`, extended and with the settings applied, but not yet checked.
[[nodiscard]] std::optional<models::Value> load_settled(const std::string& path,
                                                        std::span<const std::string> settings,
                                                        models::Sources& sources,
                                                        models::Diagnostics& diagnostics);

/// The folder in which a scenario at `path` looks for its trace files.
[[nodiscard]] std::string folder_of(const std::string& path);

/// The same for a document that is in memory already; trace files are looked for in `folder`.
[[nodiscard]] std::optional<Scenario> read_scenario(const models::Value& document,
                                                    const std::string& folder,
                                                    models::Sources& sources,
                                                    models::Diagnostics& diagnostics);

}  // namespace archsim::scenarios

// Reading a trace: CSV with the header time,operation,key,size.
#pragma once

#include "models/reader.hpp"
#include "models/request_trace.hpp"

#include <optional>
#include <string>

namespace archsim::scenarios {

/// Reads the file that `reference` names, relative to `folder`. Times are seconds from the start
/// with up to nine decimals and never fall; keys are integers or texts; sizes are bytes. Every bad
/// line is reported with its line and column. Lines are at most a million, 64 MiB in all.
[[nodiscard]] std::optional<models::RequestTrace> load_trace(
    const std::string& folder, const models::FoundReference& reference, models::Sources& sources,
    models::Diagnostics& diagnostics);

/// The same from a text that is source `source`.
[[nodiscard]] std::optional<models::RequestTrace> parse_trace(std::string_view text,
                                                              std::uint32_t source,
                                                              models::Diagnostics& diagnostics);

}  // namespace archsim::scenarios

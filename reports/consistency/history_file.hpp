// Histories as text: newline-delimited JSON, one event a line. README.md documents the format.
#pragma once

#include "models/consistency/recorded_history.hpp"
#include "models/diagnostics.hpp"
#include "models/history.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace archsim::reports {

/// What the numbers of a history stood for in the file it was read from.
struct HistoryNames {
    std::vector<std::string> keys;      ///< By key.
    std::vector<std::string> values;    ///< By version; as JSON text. The first is "null".
    std::vector<std::string> sessions;  ///< By session.
    std::vector<std::size_t> lines;     ///< Line in the file, by operation id.
};

/// A history from a file.
struct HistoryFile {
    models::RecordedHistory history;
    HistoryNames names;
    bool has_times = true;  ///< False if the file only gives sequence numbers: durations measured
                            ///< from it mean nothing.
};

/// Reads a history. Keys, values and sessions may be any JSON value; each value may be written to
/// a key only once. Problems go to `diagnostics` with their places; the lines that have one are
/// left out. Requires: `source` names the text in `sources`. O(n log n).
[[nodiscard]] HistoryFile read_history(const models::Sources& sources, std::uint32_t source,
                                       models::Diagnostics& diagnostics);

/// The first line of a file whose times are nanoseconds.
[[nodiscard]] std::string history_header();

/// The lines of single events, each with its line break.
[[nodiscard]] std::string to_line(const models::Operation& operation);
[[nodiscard]] std::string to_line(const models::VersionRecord& record);
[[nodiscard]] std::string to_line(const models::Application& application);
[[nodiscard]] std::string to_line(const models::FaultRecord& record);
[[nodiscard]] std::string settled_line(std::uint64_t key, models::Version version);

}  // namespace archsim::reports

// Reading a document from a file or from standard input, nothing but regular files, nothing large.
#pragma once

#include "models/document.hpp"
#include "scenarios/parse.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace archsim::scenarios {

/// A document and the index of its text in the sources.
struct LoadedDocument {
    models::Value value;
    std::uint32_t source = 0;
};

/// Largest history that is read: places in it are counted in 32 bits.
inline constexpr std::size_t history_size_limit = std::size_t{4000} << 20;

/// Reads a whole regular file of at most `most` bytes; what is not one is refused before it is
/// read, and a FIFO or device is never waited for. "-" is standard input.
[[nodiscard]] std::optional<std::string> read_text(const std::string& path,
                                                   models::Diagnostics& diagnostics,
                                                   models::Spot named_at = {},
                                                   std::size_t most = size_limit);

/// Reads and parses a file, or standard input for "-" (then called "<stdin>").
/// `named_at` is where a document names the file, if one does.
[[nodiscard]] std::optional<LoadedDocument> load_file(const std::string& path,
                                                      models::Sources& sources,
                                                      models::Diagnostics& diagnostics,
                                                      models::Spot named_at = {});

}  // namespace archsim::scenarios

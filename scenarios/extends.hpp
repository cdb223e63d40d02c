// "extends": a scenario that is written as its difference from another file.
// The difference is a JSON Merge Patch (RFC 7386): objects are merged, null removes a member, and
// anything else replaces what the base has. Every value keeps the place in the file it came from.
#pragma once

#include "models/document.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace archsim::scenarios {

/// Files that one scenario may be built from.
inline constexpr std::size_t extends_limit = 16;

/// Applies a JSON Merge Patch (RFC 7386, section 2) and returns the result. Members of the target
/// keep their place in the order, new ones follow. Linear in both documents.
[[nodiscard]] models::Value merge_patch(models::Value target, const models::Value& patch);

/// Reads a scenario and all that it extends, merged. "extends" itself is not part of the result.
/// A base is named by a path relative to the file that names it. It must be a regular file inside
/// the scenario root, after all symbolic links are resolved: the folder of the first file, or, if
/// a folder named "scenarios" is above it, the nearest of those. `path` "-" is standard input,
/// whose root is the current folder.
[[nodiscard]] std::optional<models::Value> load_document(const std::string& path,
                                                         models::Sources& sources,
                                                         models::Diagnostics& diagnostics);

}  // namespace archsim::scenarios

// The way back from a result on disk: archsim.result/1 as write_json makes it becomes a Result
// again, so that any report of it can be made later and elsewhere.
#pragma once

#include "models/document.hpp"
#include "scenarios/result.hpp"

#include <optional>

namespace archsim::reports {

/// The result that a document of schema archsim.result/1 holds; nothing if something in it is
/// missing, of the wrong type or unknown, each with its place in `diagnostics`. What write_json
/// makes of it has the same bytes as the document, if write_json made that too and it simulated
/// less than 100 days. Standard errors are not in the document, so they are absent. O(size).
[[nodiscard]] std::optional<scenarios::Result> read_result(const models::Value& document,
                                                           models::Diagnostics& diagnostics);

}  // namespace archsim::reports

// The judgement of a recorded history, for the terminal.
#pragma once

#include "models/consistency/result.hpp"
#include "reports/consistency/history_file.hpp"
#include "reports/text.hpp"

#include <string>

namespace archsim::reports {

/// Judges a history with a witness for each key that is not linearizable. O(n log n).
[[nodiscard]] models::ConsistencyResult judge_history(const HistoryFile& file);

/// Verdict by key (all of them with `every_key`, else those that violate), witnesses, session
/// guarantees, staleness, losses, and where the file tells of partitions the class with reasons.
[[nodiscard]] std::string write_history_judgement(const HistoryFile& file,
                                                  const models::ConsistencyResult& result,
                                                  bool every_key, const Style& style);

}  // namespace archsim::reports

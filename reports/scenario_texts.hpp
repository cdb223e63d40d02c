// The texts of a scenario in the reader's language, with the numbers of the run in them.
#pragma once

#include "models/language.hpp"
#include "scenarios/result.hpp"
#include "scenarios/texts.hpp"

#include <string>
#include <string_view>

namespace archsim::reports {

/// `text` with "{users/latency/p99}" replaced by the value of that metric and its unit, or by "-"
/// where the run has none. Braces without a closing one stay. O(length).
[[nodiscard]] std::string filled(std::string_view text, const scenarios::Result& result);

/// The texts in `language`, each in English where it lacks a translation, filled.
[[nodiscard]] scenarios::Texts texts_in(const scenarios::Result& result, models::Language language);

}  // namespace archsim::reports

// "Did you mean": the known name that is nearest to one that is not known.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace archsim::models {

/// Fewest insertions, deletions, substitutions and swaps of neighbours that turn one text into the
/// other, no part being edited twice (optimal string alignment; F. Damerau, "A Technique for
/// Computer Detection and Correction of Spelling Errors", 1964). Bytes are compared without regard
/// to ASCII case. O(size of a * size of b).
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

/// The known name nearest to `name`, if it is near enough to be what was meant: at most a third of
/// the letters differ, or one is the beginning of the other. The first of equals wins.
[[nodiscard]] std::optional<std::string> nearest(std::string_view name,
                                                 std::span<const std::string> known);

/// A hint made of nearest(): "did you mean 'x'?", else "known: a, b, c" with at most twelve names.
/// Empty if nothing is known.
[[nodiscard]] std::string did_you_mean(std::string_view name, std::span<const std::string> known);

}  // namespace archsim::models

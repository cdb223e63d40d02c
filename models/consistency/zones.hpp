// The zone check for one register: a history of reads and uniquely-valued writes is linearizable
// iff no value is read from nowhere or before it is written, and no two zones contradict each
// other. Batch form, also used to measure how far a history is from linearizable.
#pragma once

#include "models/history.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace archsim::models {

/// Why a register is not linearizable.
enum class Violation : std::uint8_t {
    none,
    phantom,            ///< A read returned a value nobody wrote to this key.
    read_before_write,  ///< A read ended before the write of its value began.
    aborted_read,       ///< A read returned the value of a write that certainly failed.
    new_old_inversion,  ///< Two versions were each read after the other one: forward zones overlap.
    stale_or_lost,      ///< A version came and went while an older one stayed current: a backward
                        ///< zone lies within a forward one.
};
inline constexpr int violation_count = 6;

/// The name of a violation in reports, such as "new_old_inversion".
[[nodiscard]] constexpr std::string_view name_of(Violation violation) {
    constexpr std::string_view names[violation_count] = {
        "none",         "phantom",           "read_before_write",
        "aborted_read", "new_old_inversion", "stale_or_lost"};
    return names[static_cast<int>(violation)];
}

/// What survives of all operations on one version: with f the earliest completion and s the latest
/// invocation, the version must have been current throughout [f, s] when f < s (a forward zone);
/// otherwise at some point of [s, f] (a backward zone).
struct Zone {
    Order first_end = after_history;     ///< f; after_history: only pending so far.
    Order last_read = before_history;    ///< Latest invocation of a read.
    Order write_start = before_history;  ///< Invocation of the write.

    /// s, the latest invocation of any operation on the version.
    [[nodiscard]] Order last_start() const {
        return last_read > write_start ? last_read : write_start;
    }
};

/// Decides one register from the zones of its versions (Gibbons and Korach, "Testing Shared
/// Memories", 1997). Touching intervals count as concurrent. Versions only pending and never read
/// may be present and are passed over. O(v log v) in the number of zones; takes them by value to
/// sort them. Phantoms and aborted reads must be sorted out before.
[[nodiscard]] Violation check_zones(std::vector<Zone> zones);

/// The least number of time units by which every read's invocation has to move to an earlier time
/// until the register passes (0: it does already). Nothing when no number suffices, because a value
/// was read before it was written. O(v log v log range), by bisection: widening an interval only
/// removes constraints, so passing is monotone.
[[nodiscard]] std::optional<std::int64_t> read_shift_to_pass(const std::vector<Zone>& zones);

/// The least number of time units by which all intervals have to grow at both ends until the
/// register passes. Same cost; always exists.
[[nodiscard]] std::int64_t widening_to_pass(const std::vector<Zone>& zones);

}  // namespace archsim::models

// The vocabulary of problems: every code that a diagnostic may carry, with the sentence that
// `archsim explain CODE` prints. Codes are part of the interface: they are added, never renamed.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace archsim::models {

/// What kind of problem a diagnostic reports.
enum class Code : std::uint8_t {
    syntax,
    encoding,
    duplicate_key,
    depth_limit,
    size_limit,
    unreadable,
    unknown_key,
    missing_key,
    wrong_type,
    not_an_integer,
    unit_missing,
    unit_wrong,
    bad_value,
    out_of_range,
    unknown_kind,
    unknown_name,
    unknown_target,
    duplicate_name,
    conflicting_keys,
    extends_path,
    extends_cycle,
    set_path,
    forbidden_cycle,
    unreachable_node,
    overload,
    single_point_of_failure,
    no_load,
    bad_expectation,
    time_window,
    no_timeout,
};

/// One code with its name in messages and its explanation.
struct CodeEntry {
    Code code = Code::syntax;
    std::string_view name;
    std::string_view explanation;
};

/// Every code once, in the order of the enumeration.
inline constexpr std::array code_table = {
    CodeEntry{Code::syntax, "syntax",
              "The text is not JSON (with // and /* */ comments) at the marked place."},
    CodeEntry{Code::encoding, "encoding",
              "The text is not UTF-8, or it contains a NUL byte. Save the file as UTF-8."},
    CodeEntry{Code::duplicate_key, "duplicate_key",
              "An object has the same key twice. Which one was meant cannot be known."},
    CodeEntry{Code::depth_limit, "depth_limit",
              "Arrays and objects are nested more deeply than 64 levels."},
    CodeEntry{Code::size_limit, "size_limit",
              "The input is larger than is accepted: 64 MiB, a million values, or a count in the "
              "scenario that no machine could simulate."},
    CodeEntry{Code::unreadable, "unreadable",
              "A file does not exist, is not a regular file, or cannot be read."},
    CodeEntry{Code::unknown_key, "unknown_key",
              "The object has no such parameter. A misspelt key would otherwise be ignored."},
    CodeEntry{Code::missing_key, "missing_key", "A parameter without a default is not given."},
    CodeEntry{Code::wrong_type, "wrong_type",
              "The value is of another type than expected, such as a string for a number."},
    CodeEntry{Code::not_an_integer, "not_an_integer",
              "A count was expected, but the number has a fraction."},
    CodeEntry{Code::unit_missing, "unit_missing",
              "A quantity was written without its unit. Times, sizes, rates, bandwidths, money and "
              "probabilities are strings such as \"5ms\", \"64KiB\", \"1500/s\" or \"1%\"."},
    CodeEntry{Code::unit_wrong, "unit_wrong",
              "The unit is unknown or belongs to another quantity, such as \"5ms\" for a size."},
    CodeEntry{Code::bad_value, "bad_value",
              "The text of the value cannot be understood as what is expected here."},
    CodeEntry{Code::out_of_range, "out_of_range",
              "The value is outside the range that the parameter accepts or that can be held."},
    CodeEntry{Code::unknown_kind, "unknown_kind",
              "No component, policy or distribution has this kind."},
    CodeEntry{Code::unknown_name, "unknown_name", "The name is not one of the accepted words."},
    CodeEntry{Code::unknown_target, "unknown_target",
              "The name refers to a node, member or operation that the scenario does not have."},
    CodeEntry{Code::duplicate_name, "duplicate_name", "Two things that need a name share it."},
    CodeEntry{Code::conflicting_keys, "conflicting_keys",
              "Parameters contradict each other, or of several alternatives not exactly one is "
              "given."},
    CodeEntry{Code::extends_path, "extends_path",
              "\"extends\" must name a regular file inside the scenario folder by a relative "
              "path."},
    CodeEntry{Code::extends_cycle, "extends_cycle",
              "Files extend each other in a circle, or in a chain of more than 16."},
    CodeEntry{Code::set_path, "set_path",
              "A pointer given to --set does not lead to a place in the scenario."},
    CodeEntry{Code::forbidden_cycle, "forbidden_cycle",
              "Nodes call each other in a circle, so that a request would never end."},
    CodeEntry{Code::unreachable_node, "unreachable_node", "No load source leads to the node."},
    CodeEntry{Code::overload, "overload",
              "The offered load of a station is as much as it can serve, or more: its queue grows "
              "without bound."},
    CodeEntry{Code::single_point_of_failure, "single_point_of_failure",
              "The loss of one node cuts users off from what they need."},
    CodeEntry{Code::no_load, "no_load", "The scenario has no load source, so nothing happens."},
    CodeEntry{Code::bad_expectation, "bad_expectation",
              "An expectation is not of the form METRIC COMPARISON BOUND, or names no metric."},
    CodeEntry{Code::time_window, "time_window",
              "Times contradict each other, such as a warm-up as long as the run or a fault after "
              "its end."},
    CodeEntry{Code::no_timeout, "no_timeout",
              "Messages of a call can get lost, and the call has no timeout: whoever waits for the "
              "answer would wait for ever."},
};

/// The table's entry of a code.
[[nodiscard]] constexpr const CodeEntry& entry_of(Code code) {
    return code_table[static_cast<std::size_t>(code)];
}

/// The code of this name, if there is one. O(number of codes).
[[nodiscard]] constexpr std::optional<Code> code_named(std::string_view name) {
    for (const CodeEntry& entry : code_table)
        if (entry.name == name) return entry.code;
    return std::nullopt;
}

namespace detail {
constexpr bool code_table_is_in_order() {
    for (std::size_t i = 0; i < code_table.size(); ++i)
        if (static_cast<std::size_t>(code_table[i].code) != i) return false;
    return true;
}
}  // namespace detail
static_assert(detail::code_table_is_in_order(), "code_table must follow the enumeration");

}  // namespace archsim::models

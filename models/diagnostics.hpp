// Problems in what a user wrote, with the place in the file where each one is.
// A Spot is a source and a byte offset; it becomes line and column only when it is printed.
// All problems are collected and reported together, in the order of the text.
#pragma once

#include "models/diagnostic_codes.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace archsim::models {

/// A place in a source: the index of the source and the offset of a byte in its text.
struct Spot {
    std::uint32_t source = none;  ///< Index in Sources, or `none`.
    std::uint32_t offset = 0;     ///< Bytes from the start of the text.

    /// The source of a value that no text stands behind.
    static constexpr std::uint32_t none = 0xffff'ffff;
    auto operator<=>(const Spot&) const = default;
};

/// A place as a person counts it. Lines and columns start at 1; a column is a code point, a tab
/// counts one, CRLF is one line break, and a byte order mark does not count.
struct LineColumn {
    std::size_t line = 1;
    std::size_t column = 1;
    auto operator<=>(const LineColumn&) const = default;
};

/// The texts that values came from, kept so that a diagnostic can quote the line it is about.
class Sources {
public:
    /// Keeps a text under a name such as a path or "<stdin>" and returns its index.
    std::uint32_t add(std::string name, std::string text);

    /// Number of sources.
    [[nodiscard]] std::size_t size() const { return sources_.size(); }
    /// Requires: source < size().
    [[nodiscard]] const std::string& name(std::uint32_t source) const;
    /// Valid as long as this object lives. Requires: source < size().
    [[nodiscard]] std::string_view text(std::uint32_t source) const;
    /// Where the spot is. O(size of the text). Requires: spot.source < size().
    [[nodiscard]] LineColumn locate(Spot spot) const;
    /// The line of a spot with a caret below it, both fit for a terminal: tabs become spaces,
    /// control characters are replaced, and a long line is cut to a window around the caret.
    [[nodiscard]] std::string excerpt(Spot spot) const;
    /// "file:line:column", or the empty string if the spot has no source.
    [[nodiscard]] std::string place(Spot spot) const;

private:
    struct Source {
        std::string name;
        std::string text;
    };
    std::deque<Source> sources_;  // texts keep their place when more are added
};

/// Whether a problem prevents the run.
enum class Severity : std::uint8_t { error, warning };

/// One problem.
struct Diagnostic {
    Severity severity = Severity::error;
    Code code = Code::syntax;
    std::string message;             ///< One sentence without its full stop.
    std::string pointer = {};        ///< JSON Pointer of the value, empty for the whole file.
    Spot spot = {};                  ///< Where to point at.
    std::string hint = {};           ///< How to mend it; may be empty.
    std::optional<Spot> see_also{};  ///< Another place that the message speaks of.
};

/// The problems found so far. More than `kept` of them are counted but not kept.
class Diagnostics {
public:
    /// How many problems are kept with their text.
    static constexpr std::size_t kept = 1000;

    /// Adds one problem of either severity.
    void add(Diagnostic diagnostic);

    /// Number of errors, those not kept included.
    [[nodiscard]] std::size_t error_count() const { return errors_; }
    /// Number of warnings, those not kept included.
    [[nodiscard]] std::size_t warning_count() const { return warnings_; }
    [[nodiscard]] bool has_errors() const { return errors_ > 0; }
    /// The problems in the order of their places: by source, offset, then as they were added.
    /// O(n log n).
    [[nodiscard]] std::vector<Diagnostic> sorted() const;
    /// The problems in the order in which they were added.
    [[nodiscard]] const std::vector<Diagnostic>& all() const { return all_; }

    /// The problems as text, in the order of their places, at most `limit` of them, then
    /// "and n more". Empty if there are none.
    [[nodiscard]] std::string format(const Sources& sources, std::size_t limit = 20) const;

private:
    std::vector<Diagnostic> all_;
    std::size_t errors_ = 0;
    std::size_t warnings_ = 0;
};

/// User text made fit for one line of a message: control characters, those that change the
/// direction of text and bytes that are not UTF-8 become escapes such as \n or \u202e.
[[nodiscard]] std::string escaped(std::string_view text);

/// User text as it is quoted in a message: escaped, cut after 60 characters, in 'quotes'.
[[nodiscard]] std::string quoted(std::string_view text);

}  // namespace archsim::models

// Turning offsets into places and problems into text that is safe to print.
#include "models/diagnostics.hpp"

#include "models/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace archsim::models {

namespace {

/// Length of the line break at `at`: 0 if there is none, 2 for CRLF.
std::size_t break_length(std::string_view text, std::size_t at) {
    if (text[at] == '\n') return 1;
    if (text[at] != '\r') return 0;
    return at + 1 < text.size() && text[at + 1] == '\n' ? 2 : 1;
}

std::size_t start_of(std::string_view text) {
    return text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
}

/// The columns `first` to `last` of the line that begins at `begin`, one entry each, made
/// printable. Only these are kept: a line may be as long as the largest file.
std::vector<std::string> columns_of(std::string_view text, std::size_t begin, std::size_t first,
                                    std::size_t last) {
    std::vector<std::string> columns;
    std::size_t column = 0;
    for (std::size_t at = begin; at < text.size() && break_length(text, at) == 0; ++column) {
        const CodePoint point = decode(text, at);
        if (column >= last) break;
        if (column < first) {
            at += point.length;
            continue;
        }
        if (text[at] == '\t')
            columns.emplace_back(" ");
        else if (!point.valid || is_unprintable(point.value))
            columns.emplace_back("\xEF\xBF\xBD");  // U+FFFD, the replacement character
        else
            columns.emplace_back(text.substr(at, point.length));
        at += point.length;
    }
    return columns;
}

}  // namespace

std::uint32_t Sources::add(std::string name, std::string text) {
    sources_.push_back({std::move(name), std::move(text)});
    return static_cast<std::uint32_t>(sources_.size() - 1);
}

const std::string& Sources::name(std::uint32_t source) const { return sources_.at(source).name; }

std::string_view Sources::text(std::uint32_t source) const { return sources_.at(source).text; }

LineColumn Sources::locate(Spot spot) const {
    const std::string_view all = text(spot.source);
    const std::size_t end = std::min<std::size_t>(spot.offset, all.size());
    LineColumn place;
    for (std::size_t at = start_of(all); at < end;) {
        const std::size_t line_break = break_length(all, at);
        if (line_break > 0) {
            if (at + line_break > end) break;  // between CR and LF: still the same line
            ++place.line;
            place.column = 1;
            at += line_break;
        } else {
            ++place.column;
            at += decode(all, at).length;
        }
    }
    return place;
}

std::string Sources::excerpt(Spot spot) const {
    constexpr std::size_t window = 100;
    const std::string_view all = text(spot.source);
    const std::size_t end = std::min<std::size_t>(spot.offset, all.size());
    std::size_t begin = start_of(all);
    for (std::size_t at = begin; at < end;) {
        const std::size_t line_break = break_length(all, at);
        if (line_break > 0 && at + line_break > end) break;
        at += std::max<std::size_t>(line_break, 1);
        if (line_break > 0) begin = at;
    }
    const std::size_t caret = locate(spot).column - 1;
    const std::size_t known = caret > window ? caret - window : 0;
    const std::vector<std::string> columns = columns_of(all, begin, known, caret + window + 1);
    const std::size_t end_of_known = known + columns.size();
    const bool cut = end_of_known > window;
    const std::size_t latest_start = cut ? end_of_known - window : 0;
    const std::size_t first =
        cut && caret > window / 2 ? std::min(caret - window / 2, latest_start) : std::size_t{0};
    const std::size_t last = std::min(end_of_known, first + window);
    std::string line = first > 0 ? "... " : "";
    std::string marker(line.size() + caret - first, ' ');
    for (std::size_t i = first; i < last; ++i) line += columns[i - known];
    if (last < end_of_known) line += " ...";
    return fmt::format("    {}\n    {}^\n", line, marker);
}

std::string Sources::place(Spot spot) const {
    if (spot.source >= size()) return {};
    const LineColumn at = locate(spot);
    return fmt::format("{}:{}:{}", escaped(name(spot.source)), at.line, at.column);
}

void Diagnostics::add(Diagnostic diagnostic) {
    ++(diagnostic.severity == Severity::error ? errors_ : warnings_);
    if (all_.size() < kept) all_.push_back(std::move(diagnostic));
}

std::vector<Diagnostic> Diagnostics::sorted() const {
    std::vector<Diagnostic> result = all_;
    std::stable_sort(result.begin(), result.end(),
                     [](const Diagnostic& a, const Diagnostic& b) { return a.spot < b.spot; });
    return result;
}

std::string Diagnostics::format(const Sources& sources, std::size_t limit) const {
    std::string text;
    std::size_t shown = 0;
    for (const Diagnostic& d : sorted()) {
        if (shown == limit) break;
        ++shown;
        const std::string place = sources.place(d.spot);
        text += fmt::format("{}{}{}[{}]: {}", place, place.empty() ? "" : ": ",
                            d.severity == Severity::error ? "error" : "warning",
                            entry_of(d.code).name, d.message);
        if (!d.pointer.empty()) text += fmt::format(" ({})", escaped(d.pointer));
        text += '\n';
        if (!place.empty()) text += sources.excerpt(d.spot);
        if (d.see_also) text += fmt::format("    see also: {}\n", sources.place(*d.see_also));
        if (!d.hint.empty()) text += fmt::format("    hint: {}\n", d.hint);
    }
    const std::size_t total = errors_ + warnings_;
    if (total > shown) text += fmt::format("and {} more\n", total - shown);
    return text;
}

std::string escaped(std::string_view text) {
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = decode(text, at);
        if (!point.valid)
            result += fmt::format("\\x{:02x}", static_cast<unsigned>(point.value));
        else if (text[at] == '\n')
            result += "\\n";
        else if (text[at] == '\r')
            result += "\\r";
        else if (text[at] == '\t')
            result += "\\t";
        else if (is_unprintable(point.value))
            result += fmt::format("\\u{:04x}", static_cast<unsigned>(point.value));
        else
            result += text.substr(at, point.length);
        at += point.length;
    }
    return result;
}

std::string quoted(std::string_view text) {
    constexpr std::size_t longest = 60;
    std::size_t at = 0;
    for (std::size_t count = 0; at < text.size() && count < longest; ++count)
        at += decode(text, at).length;
    const std::string shown = escaped(text.substr(0, at));
    return at < text.size() ? fmt::format("'{}...'", shown) : fmt::format("'{}'", shown);
}

}  // namespace archsim::models

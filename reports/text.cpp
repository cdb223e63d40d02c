// Text for people: terminal width, clean-up of foreign text, numbers with units.
#include "reports/text.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <span>

namespace archsim::reports {

namespace {

constexpr std::uint32_t replacement = 0xFFFD;

/// One decoded character. A malformed byte counts as one replacement character.
struct Decoded {
    std::uint32_t code = replacement;
    std::size_t length = 1;
    bool valid = false;
};

std::uint32_t byte_at(std::string_view text, std::size_t at) {
    return static_cast<unsigned char>(text[at]);
}

Decoded decode(std::string_view text, std::size_t at) {
    const std::uint32_t lead = byte_at(text, at);
    if (lead < 0x80) return {lead, 1, true};
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || at + length > text.size()) return {};
    std::uint32_t code = lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        const std::uint32_t next = byte_at(text, at + i);
        if ((next & 0xC0U) != 0x80U) return {};
        code = code << 6U | (next & 0x3FU);
    }
    const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
    const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    if (overlong || surrogate || code > 0x10FFFF) return {};
    return {code, length, true};
}

struct Range {
    std::uint32_t first, last;
};

constexpr Range combining[] = {{0x0300, 0x036F}, {0x200B, 0x200F}, {0x2060, 0x2064},
                               {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}};
constexpr Range wide[] = {{0x1100, 0x115F}, {0x2E80, 0xA4CF},   {0xAC00, 0xD7A3},
                          {0xF900, 0xFAFF}, {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},
                          {0xFFE0, 0xFFE6}, {0x1F300, 0x1FAFF}, {0x20000, 0x3FFFD}};

bool in_any(std::uint32_t code, std::span<const Range> ranges) {
    for (const auto& range : ranges)
        if (code >= range.first && code <= range.last) return true;
    return false;
}

/// A larger unit and how many of the base unit it holds.
struct Scale {
    double size;
    std::string_view name;
};

constexpr Scale times[] = {{86'400, " d"}, {3'600, " h"}, {60, " min"}, {1, " s"},
                           {1e-3, " ms"},  {1e-6, " us"}, {1e-9, " ns"}};
constexpr Scale bytes[] = {{1024.0 * 1024 * 1024 * 1024, " TiB"},
                           {1024.0 * 1024 * 1024, " GiB"},
                           {1024.0 * 1024, " MiB"},
                           {1024, " KiB"},
                           {1, " B"}};
constexpr Scale counts[] = {{1e12, " T"}, {1e9, " G"}, {1e6, " M"}, {1e4, " k"}, {1, ""}};

/// The value in the largest unit that it fills once (times: from 2 min, 2 h, 2 d on).
std::string scaled(double value, std::span<const Scale> scales, int digits) {
    const double size = std::abs(value);
    if (size == 0.0) return "0";
    const Scale* best = &scales.back();
    for (const auto& scale : scales) {
        const double least = scale.size > 1.0 && scales.data() == times ? 2.0 : 1.0;
        // A number that rounds up to the unit belongs to it: 999.96 us is 1 ms.
        if (size < scale.size * least * (1.0 - 0.5 * std::pow(10.0, -digits))) continue;
        best = &scale;
        break;
    }
    const double shown = best->name == " k" ? value / 1e3 : value / best->size;
    return significant(shown, digits) + std::string{best->name};
}

/// Percent with enough digits that "99.999" never becomes "100".
std::string percentage(double ratio, int digits) {
    const double missing = 1.0 - ratio;
    if (missing > 0.0 && missing < 0.01 && missing >= 1e-12) {
        const int nines = static_cast<int>(std::ceil(-std::log10(missing)));
        digits = std::max(digits, nines + 1);
    }
    return significant(ratio * 100.0, digits);
}

}  // namespace

const Signs& signs_of(const Style& style) {
    static constexpr Signs unicode = {"✓", "✗", "?", "-", "±", "σ", "─"};
    static constexpr Signs ascii = {"OK", "FAIL", "?", "-", "+-", "sigma", "-"};
    return style.unicode ? unicode : ascii;
}

std::string painted(std::string_view text, Colour colour, const Style& style) {
    static constexpr std::array<std::string_view, 6> codes = {"", "32", "31", "33", "1", "2"};
    if (!style.colour || colour == Colour::none || text.empty()) return std::string{text};
    return fmt::format("\x1b[{}m{}\x1b[0m", codes[static_cast<std::size_t>(colour)], text);
}

std::size_t display_width(std::string_view text) {
    std::size_t width = 0;
    for (std::size_t at = 0; at < text.size();) {
        const Decoded next = decode(text, at);
        if (!in_any(next.code, combining)) width += in_any(next.code, wide) ? 2 : 1;
        at += next.length;
    }
    return width;
}

std::string printable(std::string_view text) {
    std::string clean;
    for (std::size_t at = 0; at < text.size();) {
        const Decoded next = decode(text, at);
        const bool control = next.code < 0x20 || (next.code >= 0x7F && next.code < 0xA0);
        if (!next.valid || next.code == 0xFFFE || next.code == 0xFFFF) {  // not for XML 1.0
            clean += "\xEF\xBF\xBD";
        } else if (control) {
            clean += ' ';
        } else {
            clean += text.substr(at, next.length);
        }
        at += next.length;
    }
    return clean;
}

std::string significant(double value, int digits) {
    if (value == 0.0) return "0";
    const double size = std::abs(value);
    if (size < 1e-4 || size >= 1e15) return fmt::format("{:.{}g}", value, digits);
    const int exponent = static_cast<int>(std::floor(std::log10(size)));
    const int decimals = std::max(0, digits - 1 - exponent);
    std::string text = fmt::format("{:.{}f}", value, decimals);
    if (text.find('.') == std::string::npos) return text;
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
    return text;
}

std::string humanised(double value, std::string_view unit, int digits) {
    if (unit == "s") return value == 0.0 ? "0 s" : scaled(value, times, digits);
    if (unit == "ratio") return percentage(value, digits) + " %";
    if (unit == "1/s") return scaled(value, counts, digits) + "/s";
    if (unit == "bytes") return value == 0.0 ? "0 B" : scaled(value, bytes, digits);
    if (unit == "bytes/s") return (value == 0.0 ? "0 B" : scaled(value, bytes, digits)) + "/s";
    if (unit == "usd") return (value < 0.0 ? "-$" : "$") + fmt::format("{:.2f}", std::abs(value));
    if (unit.empty() || unit == "count") return scaled(value, counts, digits);
    return fmt::format("{} {}", scaled(value, counts, digits), unit);
}

std::string why_partial(scenarios::Status status, const std::string& reason) {
    return reason.empty() ? std::string{name_of(status)} : reason;
}

std::string relative_error(std::optional<double> value,
                           const std::optional<sim::Interval>& interval, const Style& style) {
    if (!value || !interval || *value == 0.0) return "";
    const double half = (interval->high - interval->low) / 2.0;
    const double percent = 100.0 * half / std::abs(*value);
    if (!std::isfinite(percent)) return "";  // Next to nothing, to which nothing is relative.
    if (percent == 0.0) return fmt::format("{}0 %", signs_of(style).plus_minus);
    return fmt::format("{}{} %", signs_of(style).plus_minus,
                       significant(std::max(0.1, percent), 2));
}

}  // namespace archsim::reports

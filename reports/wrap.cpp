// Word by word.
#include "reports/wrap.hpp"

#include "reports/text.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace archsim::reports {

namespace {

/// Where the word that begins at `at` ends; a number and the unit behind it are one word.
std::size_t end_of_word(std::string_view text, std::size_t at) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    if (end == at || end == text.size() || text[end - 1] < '0' || text[end - 1] > '9') return end;
    const std::size_t unit_end = std::min(text.find(' ', end + 1), text.size());
    const std::string_view unit = text.substr(end + 1, unit_end - end - 1);
    constexpr std::string_view units[] = {"%", "us", "ms", "s", "min", "KiB", "MiB"};
    const bool is_unit = std::ranges::any_of(units, [unit](std::string_view one) {
        return unit.starts_with(one) && unit.size() <= one.size() + 1;  // a comma may follow
    });
    return is_unit ? unit_end : end;
}

}  // namespace

std::string wrapped(const std::string& text, std::string first, std::size_t indent) {
    std::string made = std::move(first);
    std::size_t column = display_width(made);
    bool starts = true;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = end_of_word(text, at);
        const std::string word = text.substr(at, end - at);
        at = end + 1;
        if (word.empty()) continue;
        const std::size_t wide = display_width(word);
        if (!starts && column + 1 + wide > wrapped_width) {
            made += '\n' + std::string(indent, ' ');
            column = indent;
            starts = true;
        }
        if (!starts) made += ' ';
        made += word;
        column += wide + (starts ? 0 : 1);
        starts = false;
    }
    return made + '\n';
}

}  // namespace archsim::reports

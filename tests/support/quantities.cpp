// Finding quantities in prose.
#include "tests/support/quantities.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <set>

namespace archsim::tests {

namespace {

constexpr std::array text_keys = {"description", "question", "look_at", "pt"};

/// The words of a text outside braces, without punctuation around them; a word with '=' belongs to
/// a command and is left out.
std::vector<std::string> words_of(std::string_view text) {
    std::string outside;
    int depth = 0;
    for (const char c : text) {
        depth += c == '{' ? 1 : c == '}' ? -1 : 0;
        outside += depth > 0 || c == '}' ? ' ' : c;
    }
    std::vector<std::string> words;
    for (std::size_t at = 0; at < outside.size();) {
        const std::size_t end = std::min(outside.find(' ', at), outside.size());
        std::string word = outside.substr(at, end - at);
        at = end + 1;
        const auto is_mark = [](char c) {
            return std::string_view{".,;:!?()\"'`"}.find(c) != std::string_view::npos;
        };
        while (!word.empty() && is_mark(word.back())) word.pop_back();
        while (!word.empty() && is_mark(word.front())) word.erase(0, 1);
        if (!word.empty() && word.find('=') == std::string::npos) words.push_back(word);
    }
    return words;
}

/// Digits and a dot at the start of a word; the rest is its unit.
std::size_t number_length(std::string_view word) {
    std::size_t length = 0;
    while (length < word.size() &&
           (std::isdigit(static_cast<unsigned char>(word[length])) != 0 || word[length] == '.')) {
        ++length;
    }
    return length;
}

}  // namespace

void collect_values(const models::Value& value, std::vector<std::string>& values) {
    if (value.is_string() || value.is_number()) values.push_back(value.text());
    for (const models::Value& item : value.items()) collect_values(item, values);
    for (const models::Member& member : value.members()) {
        const bool is_prose = std::ranges::find(text_keys, member.key) != text_keys.end();
        if (!is_prose) collect_values(member.value, values);
    }
}

std::vector<std::string> literals_in(std::string_view text) {
    static const std::set<std::string, std::less<>> units = {"us", "ms", "s", "%", "/s"};
    std::vector<std::string> found;
    const std::vector<std::string> words = words_of(text);
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::size_t length = number_length(words[i]);
        if (length == 0) continue;
        std::string unit = words[i].substr(length);
        if (unit.empty() && i + 1 < words.size()) unit = words[i + 1];
        if (units.contains(unit)) found.push_back(words[i].substr(0, length) + unit);
    }
    return found;
}

bool is_stated(const std::string& quantity, const std::vector<std::string>& values) {
    return std::ranges::any_of(values, [&quantity](const std::string& value) {
        for (std::size_t at = value.find(quantity); at != std::string::npos;
             at = value.find(quantity, at + 1)) {
            if (at == 0 || number_length(value.substr(at - 1, 1)) == 0) return true;
        }
        return false;
    });
}

}  // namespace archsim::tests

// Looks at the first token that the parser refused, knowing what it had to be. Everything here runs
// only after the parser has failed, so it favours words over speed.
#include "scenarios/syntax_error.hpp"

#include "models/diagnostics.hpp"
#include "models/utf8.hpp"
#include "scenarios/token_cursor.hpp"

#include <fmt/format.h>

#include <array>

namespace archsim::scenarios {

namespace {

using After = SyntaxContext::After;
using Inside = SyntaxContext::Inside;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

std::size_t word_end(std::string_view text, std::size_t at) {
    while (at < text.size() && is_word_byte(text[at])) ++at;
    return at;
}

std::string_view word_at(std::string_view text, std::size_t at) {
    return text.substr(at, word_end(text, at) - at);
}

/// Length of the longest start of the text that is a JSON number.
std::size_t number_length(std::string_view text) {
    std::size_t at = 0;
    const auto digits = [&] {
        const std::size_t before = at;
        while (at < text.size() && is_digit(text[at])) ++at;
        return at > before;
    };
    if (at < text.size() && text[at] == '-') ++at;
    if (at < text.size() && text[at] == '0')
        ++at;
    else if (!digits())
        return 0;
    std::size_t good = at;
    if (at < text.size() && text[at] == '.') {
        ++at;
        if (!digits()) return good;
        good = at;
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        ++at;
        if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
        if (digits()) good = at;
    }
    return good;
}

/// What stands at a place, in words.
std::string found_at(std::string_view text, std::size_t at) {
    if (at >= text.size()) return "the end of the text";
    if (text[at] == '"') {
        TokenCursor cursor{text.substr(at)};
        const TokenCursor::Token token = cursor.next();
        const std::string_view body = text.substr(at + 1, token.end > 2 ? token.end - 2 : 0);
        return "the string " + models::quoted(body);
    }
    if (is_word_byte(text[at])) return models::quoted(word_at(text, at));
    const models::CodePoint point = models::decode(text, at);
    if (models::is_unprintable(point.value) || point.value == 0xA0)
        return fmt::format("the character U+{:04X}", static_cast<unsigned>(point.value));
    return models::quoted(text.substr(at, point.length));
}

SyntaxError error_at(std::size_t offset, std::string message, std::string hint = {}) {
    return {offset, std::move(message), std::move(hint), false};
}

/// A word where JSON has no such word, or a number that is none.
SyntaxError explain_word(std::string_view text, std::size_t at) {
    const std::string_view word = word_at(text, at);
    const std::string shown = models::quoted(word);
    if (is_digit(word[0]) || word[0] == '-' || word[0] == '+' || word[0] == '.') {
        const std::string message = fmt::format("{} is not a number in JSON", shown);
        const std::string_view magnitude = word.substr(word[0] == '-' || word[0] == '+' ? 1 : 0);
        if (word[0] == '+') return error_at(at, message, "leave the '+' out");
        if (magnitude.starts_with('.'))
            return error_at(at, message, "write a digit before the point");
        if (magnitude.starts_with("0x") || magnitude.starts_with("0X"))
            return error_at(at, message, "write the number in decimal digits");
        if (magnitude == "Infinity" || magnitude == "inf")
            return error_at(at, message, "JSON has no infinity");
        if (magnitude.size() > 1 && magnitude[0] == '0' && is_digit(magnitude[1]))
            return error_at(at, message, "leave the leading zeros out");
        const std::size_t length = number_length(word);
        if (length > 0 && length < word.size() && is_letter(word[length]) && word[length] != 'e' &&
            word[length] != 'E')
            return error_at(
                at, message,
                fmt::format("a quantity with a unit is a string: \"{}\"", models::escaped(word)));
        return error_at(at, message);
    }
    const std::string message = fmt::format("{} is not a value in JSON", shown);
    constexpr std::array<std::array<std::string_view, 2>, 7> known = {
        {{"True", "write true"},
         {"TRUE", "write true"},
         {"False", "write false"},
         {"FALSE", "write false"},
         {"NaN", "JSON has no NaN"},
         {"Infinity", "JSON has no infinity"},
         {"None", "write null"}}};
    for (const auto& [name, hint] : known)
        if (word == name) return error_at(at, message, std::string(hint));
    return error_at(at, message,
                    fmt::format("text is written in double quotes: \"{}\"", models::escaped(word)));
}

std::optional<unsigned> hex4(std::string_view text, std::size_t at) {
    unsigned value = 0;
    for (std::size_t i = at; i < at + 4; ++i) {
        if (i >= text.size()) return std::nullopt;
        const char c = text[i];
        if (is_digit(c))
            value = value * 16 + static_cast<unsigned>(c - '0');
        else if (c >= 'a' && c <= 'f')
            value = value * 16 + static_cast<unsigned>(c - 'a' + 10);
        else if (c >= 'A' && c <= 'F')
            value = value * 16 + static_cast<unsigned>(c - 'A' + 10);
        else
            return std::nullopt;
    }
    return value;
}

/// What is wrong with the \u escape at `at`, if anything; moves `at` to its last byte.
std::optional<SyntaxError> explain_unicode_escape(std::string_view text, std::size_t& at) {
    const std::optional<unsigned> first = hex4(text, at + 2);
    if (!first) return error_at(at, "\\u must be followed by four hexadecimal digits");
    const std::size_t begin = at;
    at += 5;
    const bool is_high = *first >= 0xD800 && *first <= 0xDBFF;
    const bool is_low = *first >= 0xDC00 && *first <= 0xDFFF;
    if (!is_high && !is_low) return std::nullopt;
    const bool has_next = text.substr(at + 1).starts_with("\\u");
    const std::optional<unsigned> second = has_next ? hex4(text, at + 3) : std::nullopt;
    if (is_high && second && *second >= 0xDC00 && *second <= 0xDFFF) {
        at += 6;
        return std::nullopt;
    }
    return error_at(begin, fmt::format("{} is half of a surrogate pair",
                                       models::quoted(text.substr(begin, 6))));
}

/// What is wrong with the string that begins at `begin`, if anything.
std::optional<SyntaxError> explain_string(std::string_view text, std::size_t begin) {
    constexpr std::string_view escapes = "\"\\/bfnrtu";
    for (std::size_t at = begin + 1; at < text.size(); ++at) {
        if (text[at] == '"') return std::nullopt;
        if (text[at] == '\n' || text[at] == '\r')
            return error_at(begin, "the string that begins here is not closed on its line",
                            "end it with '\"', or write a line break as \\n");
        if (static_cast<unsigned char>(text[at]) < 0x20)
            return error_at(at, "a control character inside a string",
                            text[at] == '\t' ? "write a tab as \\t" : "write it as \\u00XX");
        if (text[at] != '\\') continue;
        if (at + 1 >= text.size()) break;
        if (escapes.find(text[at + 1]) == std::string_view::npos)
            return error_at(
                at, fmt::format("'\\' followed by {} is not an escape", found_at(text, at + 1)),
                "a backslash itself is written \\\\");
        if (text[at + 1] == 'u') {
            if (auto error = explain_unicode_escape(text, at)) return error;
        } else {
            ++at;
        }
    }
    return error_at(begin, "the string that begins here is never closed", "end it with '\"'");
}

/// Characters that people write for quotes, comments and spaces.
std::string hint_for_character(std::string_view text, std::size_t at) {
    const char32_t c = models::decode(text, at).value;
    if (c == '\'' || c == '`' || (c >= 0x2018 && c <= 0x201F) || c == 0xAB || c == 0xBB)
        return "strings and keys are written in plain double quotes: \"...\"";
    if (c == '#') return "comments are written // or /* */";
    if (c == 0xA0 || (c >= 0x2000 && c <= 0x200F) || c == 0x3000 || c == 0xFEFF)
        return "replace this invisible character by a plain space";
    return {};
}

/// The text holds no value where one is expected.
SyntaxError explain_value(std::string_view text, std::size_t at, std::string_view expected) {
    if (at >= text.size())
        return error_at(at, fmt::format("expected {}, found the end of the text", expected));
    if (text[at] == '"')
        if (auto error = explain_string(text, at)) return *error;
    if (is_word_byte(text[at])) return explain_word(text, at);
    return error_at(at, fmt::format("expected {}, found {}", expected, found_at(text, at)),
                    hint_for_character(text, at));
}

SyntaxError explain_key(std::string_view text, std::size_t at, std::string_view expected) {
    if (at < text.size() && text[at] == '"')
        if (auto error = explain_string(text, at)) return *error;
    std::string hint = at < text.size() ? hint_for_character(text, at) : "";
    if (at < text.size() && is_word_byte(text[at]))
        hint = fmt::format("keys are written in double quotes: \"{}\"",
                           models::escaped(word_at(text, at)));
    return error_at(at, fmt::format("expected {}, found {}", expected, found_at(text, at)),
                    std::move(hint));
}

/// What must follow a value inside an array or object is a comma or the closing bracket.
SyntaxError explain_after_value(std::string_view text, std::size_t at, Inside inside) {
    const bool in_array = inside == Inside::array;
    const char closing = in_array ? ']' : '}';
    if (at < text.size() && text[at] == ',') {
        const std::size_t next = skip_blanks(text, at + 1);
        if (next < text.size() && text[next] == closing)
            return error_at(at, fmt::format("a comma before '{}'", closing),
                            "remove the comma after the last element");
        return in_array ? explain_value(text, next, "a value")
                        : explain_key(text, next, "a key in double quotes");
    }
    SyntaxError error =
        error_at(at, fmt::format("expected ',' or '{}', found {}", closing, found_at(text, at)));
    error.about_opening = true;
    if (at < text.size()) {
        error.hint = hint_for_character(text, at);
        const char c = text[at];
        const bool begins_value = c == '"' || c == '{' || c == '[' || is_word_byte(c);
        if (begins_value) {
            error.hint = "a comma is missing before this";
            error.about_opening = false;
        }
    }
    return error;
}

/// A comment that is not closed, or a '/' that begins none, at or after `at`.
std::optional<SyntaxError> explain_comment(std::string_view text, std::size_t at) {
    for (;;) {
        while (at < text.size() && std::string_view{" \t\r\n"}.find(text[at]) != std::string::npos)
            ++at;
        if (at >= text.size() || text[at] != '/') return std::nullopt;
        const std::string_view rest = text.substr(at);
        if (rest.starts_with("/*") && text.find("*/", at + 2) == std::string_view::npos)
            return error_at(at, "the comment that begins here is never closed", "end it with */");
        if (!rest.starts_with("//") && !rest.starts_with("/*"))
            return error_at(at, "a single '/'", "comments are written // or /* */");
        at = rest.starts_with("//") ? std::min(text.find_first_of("\r\n", at), text.size())
                                    : text.find("*/", at + 2) + 2;
    }
}

/// The last token that was taken as a whole but is only accepted in part, such as 5ms or 012.
bool is_half_accepted(std::string_view token) {
    if (token.empty() || !is_word_byte(token[0])) return false;
    if (token == "true" || token == "false" || token == "null") return false;
    return number_length(token) != token.size();
}

}  // namespace

SyntaxError explain_syntax_error(std::string_view text, const SyntaxContext& context) {
    const std::size_t begin = context.token_begin;
    const std::size_t end = context.token_end;
    if (context.after != After::start && is_half_accepted(text.substr(begin, end - begin)))
        return explain_word(text, begin);
    if (auto error = explain_comment(text, end)) return *error;
    std::size_t at = skip_blanks(text, end);
    const bool separator = at < text.size() && (text[at] == ',' || text[at] == ':');
    if (separator)
        if (auto error = explain_comment(text, at + 1)) return *error;
    switch (context.after) {
        case After::start:
            return at >= text.size() ? error_at(at, "the text is empty", "a scenario is an object")
                                     : explain_value(text, at, "a value");
        case After::key:
            if (at < text.size() && text[at] == ':')
                return explain_value(text, skip_blanks(text, at + 1), "a value");
            return error_at(
                at, fmt::format("expected ':' after the key, found {}", found_at(text, at)));
        case After::opening:
            if (context.inside == Inside::array) return explain_value(text, at, "a value or ']'");
            return explain_key(text, at, "a key in double quotes or '}'");
        case After::value:
            break;
    }
    if (context.inside != Inside::nothing) return explain_after_value(text, at, context.inside);
    return error_at(at, fmt::format("expected the end of the text, found {}", found_at(text, at)),
                    "a file holds one value");
}

}  // namespace archsim::scenarios

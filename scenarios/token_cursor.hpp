// Finds where tokens stand in JSON text that a parser has accepted so far.
// A SAX parser calls back once per token but has then read further; walking the text in step gives
// the exact place of each token without a second tokeniser.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace archsim::scenarios {

/// Whether a byte can be part of a number or a word.
[[nodiscard]] constexpr bool is_word_byte(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '+' ||
           c == '-' || c == '.' || c == '_';
}

/// The first byte at or after `at` that is neither white space nor inside a comment, or the end.
/// A line comment ends at CR or LF. An unclosed comment reaches to the end.
[[nodiscard]] constexpr std::size_t skip_blanks(std::string_view text, std::size_t at) {
    while (at < text.size()) {
        const std::string_view rest = text.substr(at);
        if (rest[0] == ' ' || rest[0] == '\t' || rest[0] == '\r' || rest[0] == '\n') {
            ++at;
        } else if (rest.starts_with("//")) {
            at = std::min(text.find_first_of("\r\n", at), text.size());
        } else if (rest.starts_with("/*")) {
            const std::size_t end = text.find("*/", at + 2);
            if (end == std::string_view::npos) return text.size();
            at = end + 2;
        } else {
            break;
        }
    }
    return at;
}

/// Steps over one token per call. Requires for exact places: the text before the token is accepted
/// by the parser; whatever the text, no byte outside it is read.
class TokenCursor {
public:
    /// A token's first byte and the byte behind its last.
    struct Token {
        std::size_t begin = 0;
        std::size_t end = 0;
    };

    explicit constexpr TokenCursor(std::string_view text) : text_{text} {}

    /// The next token; commas and colons are passed over. Linear over the whole text.
    constexpr Token next() {
        std::size_t at = skip_blanks(text_, last_.end);
        while (at < text_.size() && (text_[at] == ',' || text_[at] == ':'))
            at = skip_blanks(text_, at + 1);
        last_ = {at, end_of(at)};
        return last_;
    }
    /// The last token that next() returned.
    [[nodiscard]] constexpr Token last() const { return last_; }

private:
    [[nodiscard]] constexpr std::size_t end_of(std::size_t at) const {
        if (at >= text_.size()) return text_.size();
        if (text_[at] == '"') {
            for (++at; at < text_.size() && text_[at] != '"'; ++at)
                if (text_[at] == '\\') ++at;
            return std::min(at + 1, text_.size());
        }
        if (!is_word_byte(text_[at])) return at + 1;
        while (at < text_.size() && is_word_byte(text_[at])) ++at;
        return at;
    }

    std::string_view text_;
    Token last_;
};

}  // namespace archsim::scenarios

// Says in plain words what is wrong with text that a JSON parser refused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace archsim::scenarios {

/// What surrounded the parser when it gave up.
struct SyntaxContext {
    enum class Inside : std::uint8_t { nothing, array, object };
    enum class After : std::uint8_t { start, opening, key, value };
    Inside inside = Inside::nothing;
    After after = After::start;
    std::size_t token_begin = 0;         ///< First byte of the last accepted token.
    std::size_t token_end = 0;           ///< The byte behind it.
    std::optional<std::size_t> opening;  ///< Where the surrounding bracket was opened.
};

/// A syntax error in words.
struct SyntaxError {
    std::size_t offset = 0;
    std::string message;
    std::string hint;
    bool about_opening = false;  ///< The opening bracket belongs to the story.
};

/// Finds the cause. Requires: the text up to context.token_end is valid UTF-8 and accepted JSON.
[[nodiscard]] SyntaxError explain_syntax_error(std::string_view text, const SyntaxContext& context);

}  // namespace archsim::scenarios

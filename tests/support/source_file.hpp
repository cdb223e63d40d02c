// Text files of the project as the project rules see them: a C++ file also has its code alone, with
// comments and the inside of literals replaced by blanks, so that offsets and lines stay the same.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace archsim::tests {

/// One text file of the project.
struct SourceFile {
    std::string path;            ///< Relative to the root of the project, with '/'.
    std::string text;            ///< As stored.
    std::string code;            ///< C++ only: comments, literals and directives blanked.
    bool is_executable = false;  ///< Whether the owner may run it.

    [[nodiscard]] bool is_header() const { return path.ends_with(".hpp"); }
    [[nodiscard]] bool is_cpp() const { return is_header() || path.ends_with(".cpp"); }
    /// The first folder of the path, such as "sim"; empty for a file at the root.
    [[nodiscard]] std::string_view folder() const;
    /// Whether the path starts with one of the given folders, each written with its '/'.
    [[nodiscard]] bool is_below(std::initializer_list<std::string_view> folders) const;
};

/// One `#include` of a file.
struct Include {
    std::string target;     ///< What stands between the quotes or angle brackets.
    bool is_quoted = true;  ///< Written with quotes.
    std::size_t line = 0;   ///< From 1.
};

/// A file with the given content, for the rules to judge.
[[nodiscard]] SourceFile make_source(std::string path, std::string text);

/// All texts of the project below `root`, in the order of their paths: sources, scripts, scenarios
/// and Markdown, without build folders and third-party assets.
[[nodiscard]] std::vector<SourceFile> project_files(const std::filesystem::path& root);

/// The text with comments and the inside of string and character literals blanked.
/// Requires: lexically valid C++.
[[nodiscard]] std::string blank_comments_and_literals(std::string_view text);

/// The code with preprocessor directives blanked, continuation lines included.
[[nodiscard]] std::string blank_directives(std::string code);

/// The includes of a C++ file, in order.
[[nodiscard]] std::vector<Include> includes_of(const SourceFile& file);

/// The lines of a text, without their line feeds.
[[nodiscard]] std::vector<std::string_view> lines_of(std::string_view text);

/// The line, from 1, of an offset into a text.
[[nodiscard]] std::size_t line_of(std::string_view text, std::size_t offset);

/// The offsets at which `word` stands alone, not as a part of a longer identifier.
[[nodiscard]] std::vector<std::size_t> find_word(std::string_view text, std::string_view word);

/// Whether `word` stands alone somewhere in the text.
[[nodiscard]] bool has_word(std::string_view text, std::string_view word);

/// Whether a character may be a part of an identifier.
[[nodiscard]] bool is_identifier_character(char character);

/// The text without blanks at both ends.
[[nodiscard]] std::string_view trimmed(std::string_view text);

}  // namespace archsim::tests

// The rules of the project that a program can check, one function each. A rule reads files and
// returns what it objects to; tests/tidy_test.cpp runs all of them over the whole project.
#pragma once

#include "tests/support/source_file.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace archsim::tests {

/// One objection of a rule.
struct Finding {
    std::string path;
    std::size_t line = 0;  ///< From 1; 0 for the file as a whole.
    std::string message;   ///< What is wrong, and what to do instead.
};

using Findings = std::vector<Finding>;

// Rules about one file: shape (tidy_shape.cpp).
Findings check_length(const SourceFile& file);           ///< At most 400 lines.
Findings check_columns(const SourceFile& file);          ///< At most 100 columns, save for URLs.
Findings check_function_length(const SourceFile& file);  ///< At most 60 lines.
Findings check_purpose_comment(const SourceFile& file);  ///< Starts by saying what it is for.

// Rules about one file: words and includes (tidy_words.cpp).
Findings check_banned_words(const SourceFile& file);   ///< Each with its replacement.
Findings check_leftovers(const SourceFile& file);      ///< No marker of unfinished work.
Findings check_machine_paths(const SourceFile& file);  ///< No path of somebody's machine.
Findings check_layers(const SourceFile& file);         ///< sim <- models <- ... <- tools.
Findings check_heavy_includes(
    const SourceFile& file);                        ///< json, CLI11, Boost.Graph in their place.
Findings check_test_names(const SourceFile& file);  ///< No ';', which ctest takes for a list.

// Rules about one file: state and coroutines (tidy_state.cpp, tidy_coroutines.cpp).
Findings check_mutable_state(const SourceFile& file);    ///< No static or global variables.
Findings check_coroutine_fence(const SourceFile& file);  ///< co_await only where g++ 12 is right.

// Rules about the project (tidy_project.cpp, tidy_names.cpp).
using Files = std::vector<SourceFile>;
Findings check_unordered_iteration(const Files& files);   ///< Order must not depend on a hash.
Findings check_unreferenced_headers(const Files& files);  ///< Each header is included by somebody.
Findings check_unlisted_components(const Files& files);   ///< Each component stands in its list.
Findings check_markdown_titles(const Files& files);       ///< Exactly one title per document.
Findings check_run_bits(const Files& files);              ///< A script can be run.
Findings check_type_names(const Files& files);            ///< One type per name and namespace.

/// A brace-delimited part of C++ code.
struct Block {
    enum class Kind { namespace_scope, type, function, data };
    Kind kind = Kind::data;
    std::size_t header = 0;  ///< Offset of the first character of what stands before the brace.
    std::size_t open = 0;    ///< Offset of '{'.
    std::size_t close = 0;   ///< Offset of '}'.
};

/// The blocks of a file down to, and without the inside of, functions and initialisers.
/// Requires: code without comments, literals and directives (SourceFile::code).
[[nodiscard]] std::vector<Block> outer_blocks(std::string_view code);

}  // namespace archsim::tests

// Rules about hidden state: no static variables and no globals that can change. Two simulations
// must be able to live side by side in one process.
#include "tests/support/tidy_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

namespace archsim::tests {
namespace {

bool has_any(std::string_view text, std::initializer_list<const char*> words) {
    return std::any_of(words.begin(), words.end(),
                       [text](const char* word) { return has_word(text, word); });
}

bool is_constant(std::string_view declaration) {
    return has_any(declaration, {"const", "constexpr"});
}

// The text without template arguments: "std::map<int, int> f" becomes "std::map f".
std::string without_template_arguments(std::string_view text) {
    std::string result;
    std::size_t depth = 0;
    for (const char character : text) {
        if (character == '<') ++depth;
        if (depth == 0) result += character;
        if (character == '>' && depth > 0) --depth;
    }
    return result;
}

// `static` before a variable, inside or outside of functions.
void find_static_variables(const SourceFile& file, Findings& findings) {
    for (const std::size_t offset : find_word(file.code, "static")) {
        std::size_t end = file.code.find_first_of(";={", offset);
        if (end == std::string::npos) end = file.code.size();
        const std::string declaration =
            without_template_arguments(std::string_view(file.code).substr(offset, end - offset));
        const bool is_function = declaration.find('(') != std::string::npos;
        if (is_function || is_constant(declaration)) continue;
        findings.push_back({file.path, line_of(file.code, offset),
                            "a static variable: keep state in an object that somebody owns"});
    }
}

// Whether a declaration at namespace scope declares a variable that can change.
bool is_mutable_global(std::string_view declaration) {
    if (!is_identifier_character(declaration.front())) return false;  // Goes on after a brace.
    const std::string plain = without_template_arguments(declaration);
    const std::string_view before_value =
        trimmed(std::string_view(plain).substr(0, plain.find('=')));
    if (before_value.find('(') != std::string_view::npos || is_constant(before_value)) return false;
    if (has_any(before_value,
                {"using", "typedef", "class", "struct", "union", "enum", "template", "friend",
                 "extern", "namespace", "concept", "static", "operator", "thread_local"})) {
        return false;
    }
    return before_value.find(' ') != std::string_view::npos;
}

bool is_inside(std::size_t offset, const std::vector<Block>& blocks) {
    return std::any_of(blocks.begin(), blocks.end(), [offset](const Block& block) {
        return block.kind != Block::Kind::namespace_scope && offset > block.open &&
               offset <= block.close;
    });
}

// Variables at namespace scope, with `=`, `{...}` or nothing after their name.
void find_globals(const SourceFile& file, Findings& findings) {
    const std::vector<Block> blocks = outer_blocks(file.code);
    const std::string_view code = file.code;
    std::size_t begin = 0;
    for (std::size_t at = 0; at < code.size(); ++at) {
        const char character = code[at];
        if (character != ';' && character != '{' && character != '}') continue;
        const std::size_t first = code.find_first_not_of(" \n", begin);
        begin = at + 1;
        if (character == '}' || first == std::string_view::npos || first >= at) continue;
        if (is_inside(first, blocks) || is_inside(at, blocks)) continue;
        if (!is_mutable_global(code.substr(first, at - first))) continue;
        findings.push_back({file.path, line_of(code, first),
                            "a global variable: keep state in an object that somebody owns"});
    }
}

}  // namespace

Findings check_mutable_state(const SourceFile& file) {
    Findings findings;
    // A signal handler can reach nothing but globals; they live in one file.
    if (!file.is_cpp() || file.path == "tools/signals.cpp") return findings;
    find_static_variables(file, findings);
    find_globals(file, findings);
    return findings;
}

}  // namespace archsim::tests

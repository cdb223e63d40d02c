// The fence around co_await. g++ 12 compiles some forms of it wrongly, without a warning: co_await
// in a condition (PR 106188), and aggregate, lambda or class temporaries in the same statement
// (PR 99576, 100611, 101367, 101976). So it stands alone, with plain arguments.
#include "tests/support/tidy_rules.hpp"

#include <fmt/format.h>

namespace archsim::tests {
namespace {

constexpr auto nowhere = std::string_view::npos;

// The offset after the bracket that closes the one at `open`.
std::size_t after_parentheses(std::string_view code, std::size_t open) {
    std::size_t depth = 0;
    for (std::size_t at = open; at < code.size(); ++at) {
        if (code[at] == '(') ++depth;
        if (code[at] == ')' && --depth == 0) return at + 1;
    }
    return code.size();
}

// Where the statement of an offset begins; `nowhere` if the offset is inside parentheses.
std::size_t statement_begin(std::string_view code, std::size_t offset) {
    std::size_t depth = 0;
    for (std::size_t at = offset; at > 0; --at) {
        const char character = code[at - 1];
        if (character == ')') ++depth;
        if (character == '(') {
            if (depth == 0) return nowhere;
            --depth;
        }
        const bool ends = character == ';' || character == '{' || character == '}';
        if (ends && depth == 0) return at;
    }
    return 0;
}

// Drops what may stand before a statement: if (...), for (...), while (...), else, do, labels.
std::string_view without_control(std::string_view prefix) {
    while (true) {
        prefix = trimmed(prefix);
        bool has_dropped = false;
        for (const std::string_view word : {"if", "for", "while", "else", "do"}) {
            const bool stands =
                prefix.starts_with(word) &&
                (prefix.size() == word.size() || !is_identifier_character(prefix[word.size()]));
            if (!stands) continue;
            const bool has_condition = word != "else" && word != "do";
            const std::size_t open = has_condition ? prefix.find('(') : nowhere;
            prefix.remove_prefix(open == nowhere ? word.size() : after_parentheses(prefix, open));
            has_dropped = true;
            break;
        }
        const bool is_label = prefix.starts_with("case ") || prefix.starts_with("default");
        if (!has_dropped && is_label && prefix.ends_with(':')) return {};
        if (!has_dropped) return prefix;
    }
}

// Whether the text before co_await makes it a statement, an initialiser, an assignment or the
// operand of co_return.
bool is_allowed_before(std::string_view prefix) {
    const std::string_view rest = without_control(prefix);
    if (rest.empty() || rest == "co_return") return true;
    const std::size_t logical = rest.find("&&");
    const bool is_reference = logical != nowhere && rest.substr(0, logical).ends_with("auto");
    const bool is_expression = rest.find('?') != nowhere || rest.find("||") != nowhere ||
                               (logical != nowhere && !is_reference);
    if (!rest.ends_with('=') || is_expression) return false;
    const char before = rest.size() > 1 ? rest[rest.size() - 2] : ' ';
    return before != '=' && before != '<' && before != '>' && before != '!';
}

// The name that the parenthesis at `open` calls, without template arguments.
std::string_view called_name(std::string_view operand, std::size_t open) {
    std::size_t end = open;
    if (end > 0 && operand[end - 1] == '>') {
        std::size_t depth = 0;
        do {
            --end;
            if (operand[end] == '>') ++depth;
            if (operand[end] == '<') --depth;
        } while (end > 0 && depth > 0);
    }
    std::size_t start = end;
    while (start > 0 && is_identifier_character(operand[start - 1])) --start;
    return operand.substr(start, end - start);
}

// The first of the things that may not stand in the operand; empty if there is none.
std::string_view objection_to(std::string_view operand) {
    if (operand.find('{') != nowhere) return "braces";
    if (operand.find('?') != nowhere) return "a ternary";
    if (operand.find("&&") != nowhere || operand.find("||") != nowhere) return "&& or ||";
    if (has_word(operand, "co_await")) return "a second co_await";
    for (std::size_t at = 0; at < operand.size(); ++at) {
        const std::string_view before = trimmed(operand.substr(0, at));
        const char last = before.empty() ? '(' : before.back();
        const bool is_subscript = is_identifier_character(last) || last == ')' || last == ']';
        if (operand[at] == '[' && !is_subscript) return "a lambda";
        if (operand[at] != '(') continue;
        const std::string_view name = called_name(operand, at);
        const bool is_type = !name.empty() && name.front() >= 'A' && name.front() <= 'Z';
        if (is_type || name == "string" || name == "vector") return "a class temporary";
    }
    return {};
}

// The operand of the co_await at `offset`, up to the end of the statement; sets `is_enclosed` if a
// bracket that was opened before ends first.
std::string_view operand_at(std::string_view code, std::size_t offset, bool& is_enclosed) {
    const std::size_t begin = offset + std::string_view("co_await").size();
    int depth = 0;
    for (std::size_t at = begin; at < code.size(); ++at) {
        if (code[at] == '(' || code[at] == '{') ++depth;
        if (code[at] == ')' || code[at] == '}') --depth;
        is_enclosed = depth < 0;
        if (is_enclosed || (depth == 0 && code[at] == ';')) return code.substr(begin, at - begin);
    }
    return code.substr(begin);
}

}  // namespace

Findings check_coroutine_fence(const SourceFile& file) {
    Findings findings;
    if (!file.is_cpp()) return findings;
    const std::string_view code = file.code;
    for (const std::size_t offset : find_word(code, "co_await")) {
        const std::size_t begin = statement_begin(code, offset);
        bool is_enclosed = false;
        const std::string_view operand = operand_at(code, offset, is_enclosed);
        const std::string_view prefix =
            begin == nowhere ? "(" : trimmed(code.substr(begin, offset - begin));
        if (has_word(prefix, "operator")) continue;
        if (is_enclosed || !is_allowed_before(prefix)) {
            findings.push_back({file.path, line_of(code, offset),
                                "co_await inside an expression or condition: give its result to a "
                                "named local first"});
        } else if (const std::string_view objection = objection_to(operand); !objection.empty()) {
            findings.push_back(
                {file.path, line_of(code, offset),
                 fmt::format("co_await with {}: name the argument first", objection)});
        }
    }
    return findings;
}

}  // namespace archsim::tests

// Rules about the shape of a file: its length and width, the length of its functions, and the
// comment on top. Functions are found with a brace matcher, which is enough for formatted code.
#include "tests/support/tidy_rules.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace archsim::tests {
namespace {

constexpr std::size_t line_limit = 400;
constexpr std::size_t column_limit = 100;
constexpr std::size_t function_limit = 60;

bool is_code(const SourceFile& file) {
    return file.is_cpp() || file.path.ends_with(".cmake") || file.path.ends_with(".sh") ||
           file.path.ends_with("CMakeLists.txt") || file.text.starts_with("#!");
}

// Characters, not bytes: all bytes but the continuation bytes of UTF-8.
std::size_t width(std::string_view line) {
    return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

// The word of a header that decides what the block is, templates and attributes aside.
Block::Kind kind_of(std::string_view header, bool continues_initialisers) {
    if (has_word(header, "namespace") || header.starts_with("TEST_SUITE") ||
        header.starts_with("extern")) {
        return Block::Kind::namespace_scope;
    }
    const bool has_parameters = header.find('(') != std::string_view::npos;
    const bool is_assigned = header.ends_with('=');
    for (const char* word : {"class", "struct", "union", "enum"}) {
        if (has_word(header, word) && !has_parameters && !is_assigned) return Block::Kind::type;
    }
    if (continues_initialisers || (has_parameters && !is_assigned)) return Block::Kind::function;
    return Block::Kind::data;
}

std::size_t matching_brace(std::string_view code, std::size_t open) {
    std::size_t depth = 0;
    for (std::size_t at = open; at < code.size(); ++at) {
        if (code[at] == '{') ++depth;
        if (code[at] == '}' && --depth == 0) return at;
    }
    return code.size();
}

}  // namespace

std::vector<Block> outer_blocks(std::string_view code) {
    std::vector<Block> blocks;
    std::size_t header = 0;
    bool continues_initialisers = false;
    for (std::size_t at = 0; at < code.size(); ++at) {
        if (code[at] == ';' || code[at] == '}') {
            header = at + 1;
            continues_initialisers = false;
        }
        if (code[at] != '{') continue;
        const std::string_view before = trimmed(code.substr(header, at - header));
        Block block{kind_of(before, continues_initialisers), header, at, matching_brace(code, at)};
        blocks.push_back(block);
        const bool is_closed_unit =
            block.kind == Block::Kind::function || block.kind == Block::Kind::data;
        if (is_closed_unit) {
            at = std::min(block.close, code.size() - 1);
            // `Type(int x) : x_{x} {`: a member initialiser in braces is followed by the body.
            const std::string_view rest = trimmed(code.substr(at + 1, 80));
            const bool is_initialiser = rest.starts_with('{') || rest.starts_with(',');
            continues_initialisers = block.kind == Block::Kind::function && is_initialiser;
        }
        header = at + 1;
    }
    return blocks;
}

Findings check_length(const SourceFile& file) {
    if (!is_code(file)) return {};
    const std::size_t count = lines_of(file.text).size();
    if (count <= line_limit) return {};
    return {{file.path, 0, fmt::format("{} lines: split it ({} at most)", count, line_limit)}};
}

Findings check_columns(const SourceFile& file) {
    Findings findings;
    if (!is_code(file)) return findings;
    std::size_t number = 0;
    for (const std::string_view line : lines_of(file.text)) {
        ++number;
        if (width(line) <= column_limit || line.find("https://") != std::string_view::npos)
            continue;
        findings.push_back(
            {file.path, number, fmt::format("{} columns ({} at most)", width(line), column_limit)});
    }
    return findings;
}

Findings check_function_length(const SourceFile& file) {
    Findings findings;
    if (!file.is_cpp()) return findings;
    for (const Block& block : outer_blocks(file.code)) {
        if (block.kind != Block::Kind::function) continue;
        const std::size_t begin = file.code.find_first_not_of(" \n", block.header);
        const std::size_t first = line_of(file.code, begin);
        const std::size_t count = line_of(file.code, block.close) - first + 1;
        if (count <= function_limit) continue;
        findings.push_back(
            {file.path, first,
             fmt::format("a function of {} lines: split it ({} at most)", count, function_limit)});
    }
    return findings;
}

Findings check_purpose_comment(const SourceFile& file) {
    if (!is_code(file)) return {};
    const std::string_view mark = file.is_cpp() ? "//" : "#";
    std::size_t skipped = 0;
    for (const std::string_view line : lines_of(file.text)) {
        const bool is_preamble = line.starts_with("#!") || line.starts_with("# shellcheck") ||
                                 line.starts_with("#pragma once") || trimmed(line).empty();
        if (is_preamble && ++skipped <= 4) continue;
        if (line.starts_with(mark)) return {};
        break;
    }
    return {{file.path, 1, "start the file with a comment of 2 to 4 lines: what it is for"}};
}

}  // namespace archsim::tests

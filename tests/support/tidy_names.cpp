// A rule about names: one type per name and namespace. Two different types of one name make the
// linker mix their functions, without a word, and the program crashes far away.
#include "tests/support/tidy_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace archsim::tests {
namespace {

// The header without `template <...>` and `requires` clauses before the declaration.
std::string_view without_template(std::string_view header) {
    header = trimmed(header);
    while (header.starts_with("template")) {
        std::size_t depth = 0;
        std::size_t at = header.find('<');
        for (; at < header.size(); ++at) {
            if (header[at] == '<') ++depth;
            if (header[at] == '>' && --depth == 0) break;
        }
        if (at >= header.size()) return {};
        header = trimmed(header.substr(at + 1));
    }
    return header;
}

// The name that `namespace a::b` or `struct A : B` declares; empty for unnamed ones.
std::string declared_name(std::string_view whole_header) {
    const std::string_view header = without_template(whole_header);
    for (const std::string_view word : {"namespace", "class", "struct", "union"}) {
        const std::vector<std::size_t> found = find_word(header, word);
        if (found.empty()) continue;
        const std::string_view rest = trimmed(header.substr(found.back() + word.size()));
        const auto is_end = [](char c) { return !is_identifier_character(c) && c != ':'; };
        const auto end = std::find_if(rest.begin(), rest.end(), is_end);
        std::string name(rest.begin(), end);
        while (name.ends_with(':')) name.pop_back();
        // A specialisation of a template is told from others by its arguments.
        const bool is_specialised = end != rest.end() && *end == '<';
        return is_specialised ? std::string(rest.substr(0, rest.find('{'))) : name;
    }
    return {};
}

// The namespaces around an offset, such as "archsim::sim"; empty if one of them has no name.
std::string namespace_at(const SourceFile& file, const std::vector<Block>& blocks,
                         std::size_t offset) {
    std::string path;
    for (const Block& block : blocks) {
        const bool is_around = block.open < offset && offset < block.close;
        if (!is_around) continue;
        const std::string name = declared_name(
            std::string_view(file.code).substr(block.header, block.open - block.header));
        const bool is_named = block.kind == Block::Kind::namespace_scope && !name.empty();
        if (!is_named) return {};
        path += (path.empty() ? "" : "::") + name;
    }
    return path;
}

}  // namespace

Findings check_type_names(const Files& files) {
    std::map<std::string, std::string> first_file;
    Findings findings;
    for (const SourceFile& file : files) {
        if (!file.is_cpp()) continue;
        const std::vector<Block> blocks = outer_blocks(file.code);
        for (const Block& block : blocks) {
            const std::string_view header = trimmed(
                std::string_view(file.code).substr(block.header, block.open - block.header));
            if (block.kind != Block::Kind::type || has_word(header, "enum")) continue;
            const std::string scope = namespace_at(file, blocks, block.open);
            const std::string name = declared_name(header);
            if (scope.empty() || name.empty()) continue;
            const std::string full_name = scope + "::" + name;
            const auto [known, is_new] = first_file.emplace(full_name, file.path);
            if (is_new) continue;
            findings.push_back({file.path, line_of(file.code, block.open),
                                fmt::format("{} is also in {}: rename one, or use an unnamed "
                                            "namespace",
                                            full_name, known->second)});
        }
    }
    return findings;
}

}  // namespace archsim::tests

// Rules that look at more than one file, or at files that are not C++: order that depends on a
// hash, headers and components that nobody lists, titles of documents, scripts that cannot be run.
#include "tests/support/tidy_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace archsim::tests {
namespace {

std::string folder_of(const std::string& path) { return path.substr(0, path.rfind('/') + 1); }

std::string stem_of(const std::string& path) { return path.substr(0, path.rfind('.')); }

// The names declared with an unordered container as their type, such as `entries_`.
std::set<std::string> unordered_names(std::string_view code) {
    std::set<std::string> names;
    for (const char* type : {"unordered_map", "unordered_set", "unordered_multimap",
                             "unordered_multiset", "unordered_flat_map"}) {
        for (std::size_t at : find_word(code, type)) {
            at = code.find('<', at);
            std::size_t depth = 0;
            while (at < code.size()) {
                if (code[at] == '<') ++depth;
                if (code[at] == '>' && --depth == 0) break;
                ++at;
            }
            const std::size_t begin = code.find_first_not_of(">&* \n", at);
            if (begin == std::string_view::npos) continue;
            std::size_t end = begin;
            while (end < code.size() && is_identifier_character(code[end])) ++end;
            if (end > begin) names.emplace(code.substr(begin, end - begin));
        }
    }
    return names;
}

// Whether the name at `offset` is gone through: `for (... : name)` or `name.begin()`.
bool is_iterated(std::string_view code, std::size_t offset, std::size_t size) {
    const std::string_view before = trimmed(code.substr(0, offset));
    const std::string_view after = trimmed(code.substr(offset + size, 20));
    const bool is_range =
        before.ends_with(':') && !before.ends_with("::") && after.starts_with(')');
    return is_range || after.starts_with(".begin(") || after.starts_with(".cbegin(");
}

// A header that declares the parameters of a component.
bool declares_parameters(const SourceFile& file) {
    return file.is_header() && file.is_below({"models/"}) &&
           file.code.find(">& spec()") != std::string::npos;
}

// The names of the kinds that a source defines, as in `const NodeKind cache_kind = NodeKind::of<`.
std::vector<std::string> defined_kinds(const SourceFile& file) {
    std::vector<std::string> names;
    const std::string_view code = file.code;
    constexpr std::string_view factory = "Kind::of<";
    for (std::size_t at = code.find(factory); at != std::string_view::npos;
         at = code.find(factory, at + 1)) {
        const std::size_t line = code.rfind('\n', at) + 1;
        const std::string_view before = trimmed(code.substr(line, at - line));
        const std::size_t assigned = before.rfind('=');
        if (assigned == std::string_view::npos) continue;
        const std::string_view left = trimmed(before.substr(0, assigned));
        names.emplace_back(left.substr(left.rfind(' ') + 1));
    }
    return names;
}

// Kinds whose address no table of the models takes, so that no scenario can name them.
Findings unlisted_kinds(const Files& files) {
    std::string tables;
    for (const SourceFile& file : files) {
        if (file.is_cpp() && file.is_below({"models/"})) tables += file.code;
    }
    Findings findings;
    for (const SourceFile& file : files) {
        if (file.is_header() || !file.is_below({"models/"})) continue;
        for (const std::string& name : defined_kinds(file)) {
            if (has_word(tables, "&" + name)) continue;
            findings.push_back({file.path, 0, fmt::format("{} stands in no table of kinds", name)});
        }
    }
    return findings;
}

}  // namespace

Findings check_unordered_iteration(const Files& files) {
    std::map<std::string, std::set<std::string>> names_of_folder;
    for (const SourceFile& file : files) {
        if (!file.is_cpp() || !file.is_below({"sim/", "models/"})) continue;
        names_of_folder[folder_of(file.path)].merge(unordered_names(file.code));
    }
    Findings findings;
    for (const SourceFile& file : files) {
        const auto names = names_of_folder.find(folder_of(file.path));
        if (!file.is_cpp() || names == names_of_folder.end()) continue;
        for (const std::string& name : names->second) {
            for (const std::size_t offset : find_word(file.code, name)) {
                if (!is_iterated(file.code, offset, name.size())) continue;
                findings.push_back(
                    {file.path, line_of(file.code, offset),
                     fmt::format("{} is unordered: going through it depends on the library; keep "
                                 "an ordered container beside it",
                                 name)});
            }
        }
    }
    return findings;
}

Findings check_unreferenced_headers(const Files& files) {
    std::set<std::string> included;
    for (const SourceFile& file : files) {
        if (!file.is_cpp()) continue;
        for (const Include& include : includes_of(file)) {
            const bool is_own = stem_of(include.target) == stem_of(file.path);
            if (!is_own) included.insert(include.target);
        }
    }
    Findings findings;
    for (const SourceFile& file : files) {
        if (!file.is_header() || included.contains(file.path)) continue;
        findings.push_back({file.path, 0, "no other file includes this header: use it or drop it"});
    }
    return findings;
}

Findings check_unlisted_components(const Files& files) {
    std::map<std::string, const SourceFile*> components;
    for (const SourceFile& file : files) {
        if (declares_parameters(file)) components.emplace(file.path, &file);
    }
    // A list is a header that includes at least two components of its own folder.
    constexpr int fewest = 2;
    std::set<std::string> listed;
    std::set<std::string> folders_with_list;
    for (const SourceFile& file : files) {
        if (!file.is_header()) continue;
        std::set<std::string> here;
        for (const Include& include : includes_of(file)) {
            const bool is_sibling = folder_of(include.target) == folder_of(file.path);
            if (is_sibling && components.contains(include.target)) here.insert(include.target);
        }
        if (std::ssize(here) < fewest) continue;
        listed.merge(here);
        folders_with_list.insert(folder_of(file.path));
    }
    Findings findings = unlisted_kinds(files);
    for (const auto& [path, file] : components) {
        const bool is_expected = folders_with_list.contains(folder_of(path));
        if (!is_expected || listed.contains(path)) continue;
        findings.push_back({path, 0, "a component that no list of its folder includes"});
    }
    return findings;
}

Findings check_markdown_titles(const Files& files) {
    Findings findings;
    for (const SourceFile& file : files) {
        if (!file.path.ends_with(".md")) continue;
        std::size_t titles = 0;
        bool is_code = false;
        for (const std::string_view line : lines_of(file.text)) {
            if (line.starts_with("```")) is_code = !is_code;
            if (!is_code && line.starts_with("# ")) ++titles;
        }
        if (titles == 1) continue;
        findings.push_back({file.path, 0, fmt::format("{} titles: a document has one", titles)});
    }
    return findings;
}

Findings check_run_bits(const Files& files) {
    Findings findings;
    for (const SourceFile& file : files) {
        const bool is_script = file.text.starts_with("#!");
        if (is_script == file.is_executable) continue;
        findings.push_back({file.path, 0,
                            is_script ? "a script that cannot be run: chmod +x"
                                      : "only scripts that start with #! have a run bit"});
    }
    return findings;
}

}  // namespace archsim::tests

// Rules about words and includes: what may not be written, where, and what to write instead.
#include "tests/support/tidy_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace archsim::tests {
namespace {

struct BannedWord {
    std::string_view word;
    std::string_view instead;
    bool (*applies)(const SourceFile&);
};

bool everywhere(const SourceFile&) { return true; }
bool in_simulation(const SourceFile& file) { return file.is_below({"sim/", "models/"}); }
bool in_models(const SourceFile& file) { return file.is_below({"models/"}); }
bool below_reports(const SourceFile& file) {
    return file.is_below({"sim/", "models/", "scenarios/"});
}
bool outside_tests(const SourceFile& file) { return !file.is_below({"tests/"}); }
// Memory of finished frames, and what a failing check prints: neither changes a result.
bool where_state_matters(const SourceFile& file) {
    return file.path != "sim/frame_pool.hpp" && file.path != "sim/simulation.cpp";
}

constexpr std::string_view draw = "draw from a named sim::Rng, whose numbers are the same anywhere";
constexpr std::string_view clock = "ask the simulation for its time; real time is for tools";
constexpr std::string_view failure = "a simulated failure is an Outcome, a mistake ARCHSIM_CHECK";
constexpr std::string_view print = "return the text; reports and tools print";

constexpr std::array banned_words{
    BannedWord{"std::random_device", draw, everywhere},
    BannedWord{"std::mt19937", draw, outside_tests},
    BannedWord{"std::mt19937_64", draw, outside_tests},
    BannedWord{"std::default_random_engine", draw, everywhere},
    BannedWord{"std::shuffle", draw, everywhere},
    BannedWord{"rand(", draw, everywhere},
    BannedWord{"srand(", draw, everywhere},
    BannedWord{"system_clock", clock, in_simulation},
    BannedWord{"steady_clock", clock, in_simulation},
    BannedWord{"high_resolution_clock", clock, in_simulation},
    BannedWord{"std::cout", print, below_reports},
    BannedWord{"printf(", print, below_reports},
    BannedWord{"thread_local", "pass the state: two simulations may share a thread",
               where_state_matters},
    BannedWord{"shared_ptr", "one owner (unique_ptr or a value) and references", everywhere},
    BannedWord{"throw", failure, in_models},
    BannedWord{"catch", failure, in_models},
};

// Markers of unfinished work, written in two parts so that this file is clean itself.
constexpr std::array<std::string_view, 5> leftovers{
    "TO"
    "DO",
    "FIX"
    "ME",
    "XX"
    "X",
    "not imple"
    "mented",
    "place"
    "holder"};

constexpr std::array<std::string_view, 4> machine_paths{
    "/wo"
    "rk/",
    "/ho"
    "me/",
    "/ro"
    "ot/",
    "/tm"
    "p/wt"};

constexpr std::array<std::string_view, 6> layers{"sim",     "models", "scenarios",
                                                 "reports", "tools",  "tests"};

std::size_t layer_of(std::string_view folder) {
    const auto found = std::find(layers.begin(), layers.end(), folder);
    return static_cast<std::size_t>(found - layers.begin());
}

Finding at(const SourceFile& file, std::size_t offset, std::string message) {
    return {file.path, line_of(file.text, offset), std::move(message)};
}

// std:: distributions differ between standard libraries: any name std::x_distribution.
Findings check_distributions(const SourceFile& file) {
    Findings findings;
    constexpr std::string_view ending = "_distribution";
    for (std::size_t found = file.code.find(ending); found != std::string::npos;
         found = file.code.find(ending, found + 1)) {
        std::size_t start = found;
        while (start > 0 && is_identifier_character(file.code[start - 1])) --start;
        if (start < 5 || std::string_view(file.code).substr(start - 5, 5) != "std::") continue;
        findings.push_back(
            at(file, start, "std:: distributions are banned: use sim::Distribution"));
    }
    return findings;
}

// `using namespace` in a header, outside of functions: whoever includes it gets all the names.
Findings check_using_namespace(const SourceFile& file) {
    Findings findings;
    if (!file.is_header()) return findings;
    const std::vector<Block> blocks = outer_blocks(file.code);
    for (const std::size_t offset : find_word(file.code, "using namespace")) {
        const bool is_local = std::any_of(blocks.begin(), blocks.end(), [&](const Block& block) {
            return block.kind == Block::Kind::function && block.open < offset &&
                   offset < block.close;
        });
        if (is_local) continue;
        findings.push_back(at(file, offset, "using namespace in a header: name what you use"));
    }
    return findings;
}

// The first string literal at or after an offset, without its quotes.
std::string_view literal_after(const SourceFile& file, std::size_t offset) {
    const std::size_t open = file.code.find('"', offset);
    if (open == std::string::npos) return {};
    const std::size_t close = file.code.find('"', open + 1);
    return std::string_view(file.text).substr(open + 1, close - open - 1);
}

}  // namespace

Findings check_banned_words(const SourceFile& file) {
    Findings findings;
    if (!file.is_cpp()) return findings;
    for (const BannedWord& banned : banned_words) {
        if (!banned.applies(file)) continue;
        for (const std::size_t offset : find_word(file.code, banned.word)) {
            findings.push_back(
                at(file, offset, fmt::format("{} is banned: {}", banned.word, banned.instead)));
        }
    }
    for (const Findings& more : {check_distributions(file), check_using_namespace(file)}) {
        findings.insert(findings.end(), more.begin(), more.end());
    }
    return findings;
}

Findings check_leftovers(const SourceFile& file) {
    Findings findings;
    for (const std::string_view word : leftovers) {
        for (const std::size_t offset : find_word(file.text, word)) {
            findings.push_back(at(file, offset, fmt::format("\"{}\": finish it or drop it", word)));
        }
    }
    return findings;
}

Findings check_machine_paths(const SourceFile& file) {
    Findings findings;
    for (const std::string_view path : machine_paths) {
        for (std::size_t found = file.text.find(path); found != std::string::npos;
             found = file.text.find(path, found + 1)) {
            findings.push_back(at(file, found, fmt::format("a path of one machine: {}", path)));
        }
    }
    return findings;
}

Findings check_layers(const SourceFile& file) {
    Findings findings;
    if (!file.is_cpp()) return findings;
    const std::size_t own = layer_of(file.folder());
    for (const Include& include : includes_of(file)) {
        if (!include.is_quoted) continue;
        const std::size_t slash = include.target.find('/');
        const std::string folder =
            slash == std::string::npos ? "" : include.target.substr(0, slash);
        const std::size_t other = layer_of(folder);
        if (other == layers.size()) {
            findings.push_back({file.path, include.line,
                                fmt::format("\"{}\": include from the root of the project, such as "
                                            "\"sim/units.hpp\"",
                                            include.target)});
        } else if (other > own) {
            findings.push_back(
                {file.path, include.line,
                 fmt::format("{} may not know {}: \"{}\"", file.folder(), folder, include.target)});
        }
    }
    return findings;
}

Findings check_heavy_includes(const SourceFile& file) {
    Findings findings;
    if (!file.is_cpp() || file.is_below({"tests/"})) return findings;
    const bool may_use_json = !file.is_header() && file.is_below({"scenarios/", "reports/"});
    const bool may_use_graph = !file.is_header() && file.is_below({"scenarios/topology"});
    const bool may_use_cli = file.is_below({"tools/"});
    for (const Include& include : includes_of(file)) {
        const std::string_view target = include.target;
        if (target == "nlohmann/json.hpp" && !may_use_json) {
            findings.push_back({file.path, include.line,
                                "json.hpp only in scenarios/*.cpp and reports/*.cpp: it costs "
                                "seconds per file; use models::Value"});
        } else if (target.starts_with("CLI/") && !may_use_cli) {
            findings.push_back({file.path, include.line, "CLI11 only in tools/"});
        } else if (target.starts_with("boost/graph/") && !may_use_graph) {
            findings.push_back(
                {file.path, include.line, "Boost.Graph only in scenarios/topology*.cpp"});
        }
    }
    return findings;
}

Findings check_test_names(const SourceFile& file) {
    Findings findings;
    if (!file.is_cpp()) return findings;
    for (const char* macro : {"TEST_CASE", "TEST_CASE_FIXTURE", "TEST_SUITE", "SUBCASE"}) {
        for (const std::size_t offset : find_word(file.code, macro)) {
            if (literal_after(file, offset).find(';') == std::string_view::npos) continue;
            findings.push_back(at(file, offset, "a test name with ';': ctest would split it"));
        }
    }
    return findings;
}

}  // namespace archsim::tests

// Every file of tests/bad is refused with exactly the problems that its .expect file lists:
// "exit 2", then one line per problem, "line:column code pointer". A problem in another file has
// that file's path, relative to tests/bad, and a colon in front.
#include "scenarios/load.hpp"
#include "tests/support/checkout.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace fs = std::filesystem;
using namespace archsim;

/// Where the corpus is.
fs::path corpus() { return fs::path{tests::checkout()} / "tests" / "bad"; }

std::vector<std::string> lines_of(const fs::path& path) {
    std::ifstream file{path};
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
}

std::vector<fs::path> bad_scenarios() {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator{corpus()}) {
        if (entry.path().extension() == ".json") found.push_back(entry.path());
    }
    std::sort(found.begin(), found.end());
    return found;
}

/// "line:column code pointer", with the file in front unless it is the scenario itself.
std::string line_for(const models::Diagnostic& problem, const models::Sources& sources) {
    std::string line;
    if (problem.spot.source < sources.size()) {
        const models::LineColumn place = sources.locate(problem.spot);
        if (problem.spot.source != 0) {
            const fs::path name{sources.name(problem.spot.source)};
            const fs::path shown =
                name.is_absolute() ? name.lexically_relative(corpus()) : name.lexically_normal();
            line += shown.string() + ":";
        }
        line += std::to_string(place.line) + ":" + std::to_string(place.column) + " ";
    } else if (!problem.pointer.empty()) {
        line += "? ";
    }
    line += models::entry_of(problem.code).name;
    return problem.pointer.empty() ? line : line + " " + problem.pointer;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += "\n    " + line;
    return text;
}

TEST_SUITE("bad_scenarios") {
    TEST_CASE("each is refused with exactly the problems that it has, at their places") {
        for (const fs::path& path : bad_scenarios()) {
            std::vector<std::string> expected =
                lines_of(fs::path{path}.replace_extension("expect"));
            REQUIRE_MESSAGE(expected.size() >= 2, path.string(), " has no problem expected");
            CHECK(expected.front() == "exit 2");
            expected.erase(expected.begin());

            models::Sources sources;
            models::Diagnostics diagnostics;
            const auto scenario = scenarios::load_scenario(path.string(), {}, sources, diagnostics);
            CHECK_MESSAGE(!scenario, path.filename().string(), " was accepted");
            std::vector<std::string> found;
            for (const models::Diagnostic& problem : diagnostics.all()) {
                if (problem.severity != models::Severity::error) continue;
                found.push_back(line_for(problem, sources));
                CHECK_MESSAGE(!problem.message.empty(), path.filename().string());
            }
            std::sort(expected.begin(), expected.end());
            std::sort(found.begin(), found.end());
            CHECK_MESSAGE(found == expected, path.filename().string(),
                          "\n  expected:", joined(expected), "\n  found:", joined(found), "\n",
                          diagnostics.format(sources));
        }
    }

    TEST_CASE("what was probably meant is said, for keys, kinds, nodes and metrics") {
        const std::vector<std::pair<std::string, std::string>> meant = {
            {"unknown_key_top", "warm_up"},   {"unknown_key_node", "instances"},
            {"unknown_key_edge", "timeout"},  {"unknown_key_other_name", "minimum"},
            {"unknown_kind_node", "service"}, {"unknown_kind_policy", "round_robin"},
            {"unknown_kind_fault", "crash"},  {"unknown_name_discipline", "fifo"},
            {"dangling_call", "web"},         {"dangling_edge", "web"},
            {"dangling_fault", "web"},        {"expect_unknown_metric", "users/latency/p99"}};
        for (const auto& [file, name] : meant) {
            models::Sources sources;
            models::Diagnostics diagnostics;
            const std::string path = (corpus() / (file + ".json")).string();
            CHECK(!scenarios::load_scenario(path, {}, sources, diagnostics));
            REQUIRE_MESSAGE(diagnostics.all().size() == 1, file);
            CHECK_MESSAGE(
                diagnostics.all().front().hint.find("'" + name + "'") != std::string::npos, file,
                ": ", diagnostics.all().front().hint);
        }
    }

    TEST_CASE("there are enough of them, and no expectation without its file") {
        CHECK(bad_scenarios().size() >= 195);
        for (const auto& entry : fs::directory_iterator{corpus()}) {
            if (entry.path().extension() != ".expect") continue;
            CHECK_MESSAGE(fs::exists(fs::path{entry.path()}.replace_extension("json")),
                          entry.path().string());
        }
    }
}

}  // namespace

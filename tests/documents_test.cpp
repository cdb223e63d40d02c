// The examples that documents show are files that are compiled and tested; here both are compared.
#include "tests/support/source_file.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <string_view>

namespace {

using namespace archsim::tests;

// The code blocks of a document that say whose text they are, by the path of the file.
std::map<std::string, std::string> quoted_files(std::string_view document) {
    constexpr std::string_view mark = "<!-- the text of ";
    std::map<std::string, std::string> blocks;
    for (std::size_t at = document.find(mark); at != std::string_view::npos;
         at = document.find(mark, at + 1)) {
        const std::size_t path = at + mark.size();
        const std::size_t path_end = document.find(" -->", path);
        const std::size_t begin = document.find('\n', document.find("```", path_end)) + 1;
        const std::size_t end = document.find("```\n", begin);
        blocks.emplace(document.substr(path, path_end - path), document.substr(begin, end - begin));
    }
    return blocks;
}

}  // namespace

TEST_SUITE("documents") {
    TEST_CASE("a document shows exactly the text of the files that it quotes") {
        std::map<std::string, std::string> text_of;
        for (const SourceFile& file : project_files(ARCHSIM_SOURCE_DIR)) {
            text_of.emplace(file.path, file.text);
        }
        REQUIRE(text_of.contains("CONTRIBUTING.md"));
        REQUIRE(text_of.contains("README.md"));
        auto quoted = quoted_files(text_of.at("CONTRIBUTING.md"));
        CHECK(quoted.contains("tests/models/load_balancer/stay_until_busy.hpp"));
        quoted.merge(quoted_files(text_of.at("README.md")));
        CHECK(quoted.contains("scenarios/templates/one_queue.json"));
        for (const auto& [path, text] : quoted) {
            CAPTURE(path);
            REQUIRE(text_of.contains(path));
            CHECK(text == text_of.at(path));
        }
    }

    TEST_CASE("a quoted block that differs by one character is seen") {
        const auto blocks = quoted_files("# A\n<!-- the text of a.hpp -->\n```cpp\nint a;\n```\n");
        REQUIRE(blocks.size() == 1);
        CHECK(blocks.at("a.hpp") == "int a;\n");
        CHECK(blocks.at("a.hpp") != "int b;\n");
    }
}

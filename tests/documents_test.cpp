// The examples that documents show are files that are compiled and tested; here both are compared.
#include "tests/support/checkout.hpp"
#include "tests/support/source_file.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

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

/// A number that a document takes from an entry of a page of results: "[41 ms](RESULTS.md#entry)".
struct Taken {
    std::string number;
    std::string entry;
};

std::vector<Taken> taken_numbers(std::string_view document) {
    constexpr std::string_view mark = "](RESULTS.md#";
    std::vector<Taken> found;
    for (std::size_t at = document.find(mark); at != std::string_view::npos;
         at = document.find(mark, at + 1)) {
        const std::size_t begin = document.rfind('[', at) + 1;
        const std::size_t name = at + mark.size();
        found.push_back({std::string(document.substr(begin, at - begin)),
                         std::string(document.substr(name, document.find(')', name) - name))});
    }
    return found;
}

/// Whether the text has the number, not as a part of a longer one.
bool has_number(std::string_view text, std::string_view number) {
    const auto belongs = [](char c) { return (c >= '0' && c <= '9') || c == '.'; };
    for (std::size_t at = text.find(number); at != std::string_view::npos;
         at = text.find(number, at + 1)) {
        const std::size_t end = at + number.size();
        const bool goes_on = end + 1 < text.size() && belongs(text[end]) &&
                             (text[end] != '.' || belongs(text[end + 1]));
        if ((at == 0 || !belongs(text[at - 1])) && !goes_on) return true;
    }
    return false;
}

std::string text_of(const std::string& path) {
    std::ifstream file{std::filesystem::path{checkout()} / path};
    return std::string{std::istreambuf_iterator<char>{file}, {}};
}

/// The part of a document from one text up to another.
std::string between(const std::string& document, const std::string& begin, const std::string& end) {
    const std::size_t from = document.find(begin);
    REQUIRE_MESSAGE(from != std::string::npos, begin);
    const std::size_t to = document.find(end, from + begin.size());
    return document.substr(from, to == std::string::npos ? to : to - from);
}

/// "60.8", "145", ...: runs of digits with at most one dot.
std::vector<std::string> numbers_in(const std::string& text) {
    std::vector<std::string> numbers;
    static const std::regex number{"[0-9]+(\\.[0-9]+)?"};
    for (std::sregex_iterator at{text.begin(), text.end(), number}, end; at != end; ++at) {
        numbers.push_back(at->str());
    }
    return numbers;
}

/// The text of an entry below its heading; nothing if there is none.
std::string_view entry_in(std::string_view page, const std::string& name) {
    const std::string heading = "### " + name + "\n";
    const std::size_t begin = page.find(heading);
    if (begin == std::string_view::npos) return {};
    const std::size_t end = page.find("\n### ", begin + heading.size());
    return page.substr(begin, end == std::string_view::npos ? end : end - begin);
}

}  // namespace

TEST_SUITE("documents") {
    TEST_CASE("what the published minute costs is one measurement, wherever it is told") {
        const std::string measured =
            between(text_of("tests/bench/README.md"), "- `published_scale`:", "\n- ");
        const std::string told =
            between(text_of("scenarios/twitter/README.md"), "## Published scale", "\n## ");
        const auto numbers = numbers_in(measured);
        CHECK(numbers.size() == 6);
        for (const std::string& number : numbers) {
            CAPTURE(number);
            CHECK(has_number(told, number));
        }
    }

    TEST_CASE("the map of Twitter takes every number from what its scenarios showed") {
        const std::string results = text_of("scenarios/twitter/RESULTS.md");
        const std::vector<Taken> taken = taken_numbers(text_of("scenarios/twitter/README.md"));
        CHECK(taken.size() > 40);
        for (const Taken& one : taken) {
            CAPTURE(one.number);
            CAPTURE(one.entry);
            CHECK(has_number(entry_in(results, one.entry), one.number));
        }
    }

    TEST_CASE("a number is looked for in its own entry only") {
        const std::string page = "# A\n\n### one\n\nIt takes 5 ms.\n\n### two\n\nIt takes 6 ms.\n";
        CHECK(entry_in(page, "one").find("5 ms") != std::string_view::npos);
        CHECK(entry_in(page, "one").find("6 ms") == std::string_view::npos);
        CHECK(entry_in(page, "three").empty());
        const auto taken = taken_numbers("see [5 ms](RESULTS.md#one) and [this](OTHER.md#one)");
        REQUIRE(taken.size() == 1);
        CHECK(taken.front().number == "5 ms");
        CHECK(taken.front().entry == "one");
    }

    TEST_CASE("a document shows exactly the text of the files that it quotes") {
        std::map<std::string, std::string> text_of;
        for (const SourceFile& file : project_files(checkout())) {
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

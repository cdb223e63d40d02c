// Places, excerpts and the printed form of problems.
#include "models/diagnostics.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace archsim::models;

TEST_SUITE("diagnostics") {
    TEST_CASE("an offset becomes a line and a column of code points") {
        Sources sources;
        const auto a = sources.add("a", "\xEF\xBB\xBF\xC3\xA9x\r\n\ty\rz\n");
        const auto at = [&](std::uint32_t offset) { return sources.locate({a, offset}); };
        CHECK(at(0) == LineColumn{1, 1});
        CHECK(at(3) == LineColumn{1, 1});
        CHECK(at(5) == LineColumn{1, 2});
        CHECK(at(6) == LineColumn{1, 3});
        CHECK(at(7) == LineColumn{1, 3});  // between CR and LF
        CHECK(at(8) == LineColumn{2, 1});
        CHECK(at(9) == LineColumn{2, 2});
        CHECK(at(11) == LineColumn{3, 1});
        CHECK(at(13) == LineColumn{4, 1});
        CHECK(at(999) == LineColumn{4, 1});
    }

    TEST_CASE("problems are printed in the order of their places, warnings among them") {
        Sources sources;
        const auto source = sources.add("s.json", "one\ntwo\n");
        Diagnostics diagnostics;
        diagnostics.add({.code = Code::wrong_type,
                         .message = "second",
                         .pointer = "/a/1",
                         .spot = {source, 5},
                         .hint = "mend it"});
        diagnostics.add({.severity = Severity::warning,
                         .code = Code::overload,
                         .message = "first",
                         .spot = {source, 0},
                         .see_also = Spot{source, 4}});
        diagnostics.add({.code = Code::no_load, .message = "nowhere"});
        CHECK(diagnostics.error_count() == 2);
        CHECK(diagnostics.warning_count() == 1);
        CHECK(diagnostics.format(sources) ==
              "s.json:1:1: warning[overload]: first\n"
              "    one\n"
              "    ^\n"
              "    see also: s.json:2:1\n"
              "s.json:2:2: error[wrong_type]: second (/a/1)\n"
              "    two\n"
              "     ^\n"
              "    hint: mend it\n"
              "error[no_load]: nowhere\n");
    }

    TEST_CASE("beyond the limit problems are counted, not printed") {
        Sources sources;
        Diagnostics diagnostics;
        for (int i = 0; i < 1500; ++i)
            diagnostics.add({.code = Code::no_load, .message = "m" + std::to_string(i)});
        CHECK(diagnostics.all().size() == Diagnostics::kept);
        CHECK(diagnostics.error_count() == 1500);
        const std::string text = diagnostics.format(sources, 2);
        CHECK(text == "error[no_load]: m0\nerror[no_load]: m1\nand 1498 more\n");
    }

    TEST_CASE("a long line is cut to a window around the caret") {
        Sources sources;
        std::string line(1'000'000, '.');
        line[500'000] = 'X';
        const auto source = sources.add("s", line);
        const std::string excerpt = sources.excerpt({source, 500'000});
        const std::size_t end = excerpt.find('\n');
        CHECK(end == 4 + 4 + 100 + 4);
        CHECK(excerpt.find('^') - end - 1 == excerpt.find('X'));
        CHECK(excerpt.starts_with("    ... .."));
    }

    TEST_CASE("what a terminal would obey is never printed") {
        Sources sources;
        const auto source = sources.add("a\x1B[31m.json", "\x1B[2J\t\xE2\x80\xAE\xFF!");
        CHECK(sources.excerpt({source, 9}) ==
              "    \xEF\xBF\xBD[2J \xEF\xBF\xBD\xEF\xBF\xBD!\n           ^\n");
        CHECK(sources.place({source, 0}) == "a\\u001b[31m.json:1:1");
        CHECK(escaped("a\nb\t\xE2\x80\xAE\xFF\xC3\xA9") == "a\\nb\\t\\u202e\\xff\xC3\xA9");
        CHECK(quoted(std::string(61, 'x')) == "'" + std::string(60, 'x') + "...'");
    }

    TEST_CASE("every code has a name of its own and a sentence") {
        for (const CodeEntry& entry : code_table) {
            CAPTURE(entry.name);
            CHECK(code_named(entry.name) == entry.code);
            CHECK(entry.explanation.ends_with('.'));
        }
        CHECK_FALSE(code_named("no_such_code").has_value());
    }
}

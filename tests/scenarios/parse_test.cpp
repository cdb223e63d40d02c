// Text to document: what is accepted, what is refused, and exactly where.
#include "scenarios/parse.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace {

using namespace archsim::models;
using archsim::scenarios::parse;

struct Parsed {
    std::optional<Value> value;
    std::vector<Diagnostic> problems;
    std::vector<LineColumn> places;
    std::string printed;
};

Parsed parse_text(std::string text) {
    Sources sources;
    const auto source = sources.add("x.json", std::move(text));
    Diagnostics diagnostics;
    Parsed outcome;
    outcome.value = parse(sources.text(source), source, diagnostics);
    outcome.problems = diagnostics.sorted();
    for (const Diagnostic& problem : outcome.problems)
        outcome.places.push_back(sources.locate(problem.spot));
    outcome.printed = diagnostics.format(sources);
    return outcome;
}

struct BadText {
    std::string text;
    Code code;
    std::size_t line;
    std::size_t column;
    std::string message;  // part of it
    std::string hint;     // part of it
};

void check_refused(const BadText& bad) {
    CAPTURE(bad.text);
    const Parsed outcome = parse_text(bad.text);
    CHECK_FALSE(outcome.value.has_value());
    REQUIRE(outcome.problems.size() == 1);
    CHECK(outcome.problems[0].code == bad.code);
    CHECK(outcome.places[0].line == bad.line);
    CHECK(outcome.places[0].column == bad.column);
    CHECK_MESSAGE(outcome.problems[0].message.find(bad.message) != std::string::npos,
                  outcome.problems[0].message);
    CHECK_MESSAGE(outcome.problems[0].hint.find(bad.hint) != std::string::npos,
                  outcome.problems[0].hint);
}

using std::string_literals::operator""s;

}  // namespace

TEST_SUITE("parse") {
    TEST_CASE("every form of value is kept with its text and its place") {
        const Parsed outcome =
            parse_text("{\n  \"a\": [1, -2.50, 1e2, \"t\\u00e9\"],\n  \"b\": {}, \"c\": true}\n");
        REQUIRE(outcome.value.has_value());
        const Value& value = *outcome.value;
        CHECK(value.at("/a/0")->is_integer());
        CHECK(value.at("/a/1")->text() == "-2.50");
        CHECK(value.at("/a/2")->as_integer() == 100);
        CHECK(value.at("/a/3")->text() == "t\xC3\xA9");
        CHECK(value.at("/b")->is_object());
        CHECK(value.at("/c")->as_boolean());
        CHECK(value.spot().offset == 0);
        CHECK(value.at("/a/1")->spot().offset == 13);
        CHECK(value.members()[1].key == "b");
        CHECK(value.members()[1].key_spot.offset == 39);
        CHECK(value.at("/c")->spot().offset == 53);
    }

    TEST_CASE("valid forms of JSON are accepted") {
        const std::vector<std::string> texts = {"null",
                                                " true\n",
                                                "\"\"",
                                                "[]",
                                                "[[]   ]",
                                                "{}",
                                                "0",
                                                "-0",
                                                "-0.0e+1",
                                                "1E-2",
                                                "123.456e78",
                                                "[1,\r\n2]",
                                                "{\"\":0}",
                                                "{\"a\\u0000b\":1}",
                                                "\"\\uD83D\\uDE00\"",
                                                "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
                                                "\"\xF0\x9F\x98\x80\"",
                                                "\"\x7F\"",
                                                "18446744073709551616",
                                                "[0.1e-400]",
                                                "\"\xEF\xBF\xBF\"",
                                                "\"\xE2\x80\xA8\""};
        for (const std::string& text : texts) {
            CAPTURE(text);
            const Parsed outcome = parse_text(text);
            CHECK_MESSAGE(outcome.value.has_value(), outcome.printed);
            CHECK(outcome.problems.empty());
        }
    }

    TEST_CASE("comments are passed over and do not move places") {
        const Parsed outcome = parse_text("// one\r[/* two, : { */1 // three\r\n, /***/ 2 ]//end");
        REQUIRE_MESSAGE(outcome.value.has_value(), outcome.printed);
        CHECK(outcome.value->spot().offset == 7);
        CHECK(outcome.value->at("/0")->spot().offset == 22);
        CHECK(outcome.value->at("/1")->spot().offset == 42);
    }

    TEST_CASE("what people write by mistake is explained at its place") {
        const std::vector<BadText> table = {
            {"[1, 2,]", Code::syntax, 1, 6, "a comma before ']'", "remove the comma"},
            {"{\"a\": 1,\n}", Code::syntax, 1, 8, "a comma before '}'", "remove the comma"},
            {"{'a': 1}", Code::syntax, 1, 2, "expected a key", "double quotes"},
            {"{\"a\": 'b'}", Code::syntax, 1, 7, "expected a value, found '''", "double quotes"},
            {"{a: 1}", Code::syntax, 1, 2, "found 'a'", "\"a\""},
            {"{\"a\" 1}", Code::syntax, 1, 6, "expected ':' after the key", ""},
            {"{\"a\": 1 \"b\": 2}", Code::syntax, 1, 9, "found the string 'b'", "comma is missing"},
            {"[1 2]", Code::syntax, 1, 4, "expected ',' or ']', found '2'", "comma is missing"},
            {"{\"t\": 5ms}", Code::syntax, 1, 7, "'5ms' is not a number", "\"5ms\""},
            {"[012]", Code::syntax, 1, 2, "'012'", "leading zeros"},
            {"[+1]", Code::syntax, 1, 2, "'+1'", "leave the '+' out"},
            {"[.5]", Code::syntax, 1, 2, "'.5'", "digit before the point"},
            {"[1.]", Code::syntax, 1, 2, "'1.'", ""},
            {"[1e]", Code::syntax, 1, 2, "'1e'", ""},
            {"[-]", Code::syntax, 1, 2, "'-'", ""},
            {"[0x1F]", Code::syntax, 1, 2, "'0x1F'", "decimal"},
            {"[1.2.3]", Code::syntax, 1, 2, "'1.2.3'", ""},
            {"[True]", Code::syntax, 1, 2, "'True'", "write true"},
            {"[NaN]", Code::syntax, 1, 2, "'NaN'", "no NaN"},
            {"[-Infinity]", Code::syntax, 1, 2, "'-Infinity'", "no infinity"},
            {"[truefalse]", Code::syntax, 1, 2, "'truefalse'", ""},
            {"{\"policy\": round_robin}", Code::syntax, 1, 12, "'round_robin'", "\"round_robin\""},
            {"[\"a\nb\"]", Code::syntax, 1, 2, "not closed on its line", "\\n"},
            {"[\"a\tb\"]", Code::syntax, 1, 4, "control character", "\\t"},
            {"[\"a\\x\"]", Code::syntax, 1, 4, "not an escape", "\\\\"},
            {"[\"\\u12G4\"]", Code::syntax, 1, 3, "four hexadecimal digits", ""},
            {"[\"\\uD800\"]", Code::syntax, 1, 3, "half of a surrogate pair", ""},
            {"[\"\\uDC00\\uD800\"]", Code::syntax, 1, 3, "half of a surrogate pair", ""},
            {"[\"abc", Code::syntax, 1, 2, "never closed", ""},
            {"[\"abc\\", Code::syntax, 1, 2, "never closed", ""},
            {"[1", Code::syntax, 1, 3, "found the end of the text", ""},
            {"{\"a\"", Code::syntax, 1, 5, "found the end of the text", ""},
            {"{\"a\":", Code::syntax, 1, 6, "found the end of the text", ""},
            {"[", Code::syntax, 1, 2, "expected a value or ']'", ""},
            {"{", Code::syntax, 1, 2, "expected a key in double quotes or '}'", ""},
            {"[1}", Code::syntax, 1, 3, "expected ',' or ']', found '}'", ""},
            {"{\"a\": 1]", Code::syntax, 1, 8, "expected ',' or '}', found ']'", ""},
            {"]", Code::syntax, 1, 1, "expected a value, found ']'", ""},
            {"[,1]", Code::syntax, 1, 2, "expected a value or ']', found ','", ""},
            {"[1,,2]", Code::syntax, 1, 4, "expected a value, found ','", ""},
            {"{,}", Code::syntax, 1, 2, "expected a key", ""},
            {"{\"a\"::1}", Code::syntax, 1, 6, "expected a value, found ':'", ""},
            {"{} {}", Code::syntax, 1, 4, "expected the end of the text", "one value"},
            {"{},", Code::syntax, 1, 3, "expected the end of the text", ""},
            {"# x\n{}", Code::syntax, 1, 1, "found '#'", "// or /* */"},
            {"[1] / 2", Code::syntax, 1, 5, "a single '/'", "//"},
            {"[1 /* x", Code::syntax, 1, 4, "comment that begins here is never closed", "*/"},
            {"[1, /* x", Code::syntax, 1, 5, "comment that begins here is never closed", "*/"},
            {"[\xC2\xA0", Code::syntax, 1, 2, "U+00A0", "plain space"},
            {"[\xE2\x80\x9Cx\xE2\x80\x9D]", Code::syntax, 1, 2, "expected a value",
             "double quotes"},
            {"", Code::syntax, 1, 1, "the text is empty", ""},
            {" // nothing\n", Code::syntax, 2, 1, "the text is empty", ""},
            {"[1e400]", Code::out_of_range, 1, 2, "'1e400'", ""},
        };
        for (const BadText& bad : table) check_refused(bad);
    }

    TEST_CASE("text that is not UTF-8 is refused at its first bad byte") {
        const std::vector<BadText> table = {
            {"[1]\0[2]"s, Code::encoding, 1, 4, "NUL", "UTF-8"},
            {"123\0"s, Code::encoding, 1, 4, "NUL", "UTF-8"},
            {"\xFF\xFE[\0]\0"s, Code::encoding, 1, 1, "UTF-16", "UTF-8"},
            {"\xFE\xFF\0[\0]"s, Code::encoding, 1, 1, "UTF-16", "UTF-8"},
            {"[\0]\0"s, Code::encoding, 1, 2, "NUL", "UTF-8"},
            {"[\"\xE9\"]", Code::encoding, 1, 3, "0xE9", "UTF-8"},
            {"[\"\xC3\xA9\xC0\xAF\"]", Code::encoding, 1, 4, "0xC0", "UTF-8"},
            {"[\"\xE0\x80\xAF\"]", Code::encoding, 1, 3, "0xE0", "UTF-8"},
            {"[\"\xED\xA0\x80\"]", Code::encoding, 1, 3, "0xED", "UTF-8"},
            {"[\"\xF4\x90\x80\x80\"]", Code::encoding, 1, 3, "0xF4", "UTF-8"},
            {"[\"\xF5\x80\x80\x80\"]", Code::encoding, 1, 3, "0xF5", "UTF-8"},
            {"[\"\x80\"]", Code::encoding, 1, 3, "0x80", "UTF-8"},
            {"[\"\xE2\x82", Code::encoding, 1, 3, "0xE2", "UTF-8"},
            {"\xEF\xBB\xBF\xEF\xBB\xBF{}", Code::encoding, 1, 1, "second byte order mark", ""},
        };
        for (const BadText& bad : table) check_refused(bad);
    }

    TEST_CASE("a byte order mark is passed over and does not count as a column") {
        CHECK(parse_text("\xEF\xBB\xBF{}").value.has_value());
        check_refused({"\xEF\xBB\xBF[x]", Code::syntax, 1, 2, "'x'", ""});
        check_refused({"\xEF\xBB\xBF", Code::syntax, 1, 1, "empty", ""});
        check_refused({"\xEF\xBB", Code::encoding, 1, 1, "0xEF", ""});
    }

    TEST_CASE("a column is a code point, a tab counts one, CRLF is one line break") {
        check_refused({"[\"\xC3\xA9\xF0\x9F\x98\x80\", x]", Code::syntax, 1, 8, "'x'", ""});
        check_refused({"[\t\tx]", Code::syntax, 1, 4, "'x'", ""});
        check_refused({"[\r\n\r\n x]", Code::syntax, 3, 2, "'x'", ""});
        check_refused({"[\r\r x]", Code::syntax, 3, 2, "'x'", ""});
    }

    TEST_CASE("every duplicate key is refused where it is given again") {
        const Parsed outcome =
            parse_text("{\"a\": [{\"b\": 1, \"c\": 2,\n \"b\": 3}], \"\\u0061\": 4, \"a\": 5}");
        CHECK_FALSE(outcome.value.has_value());
        REQUIRE(outcome.problems.size() == 3);
        CHECK(outcome.problems[0].code == Code::duplicate_key);
        CHECK(outcome.problems[0].pointer == "/a/0/b");
        CHECK(outcome.places[0] == LineColumn{2, 2});
        CHECK(outcome.problems[0].see_also->offset == 8);
        CHECK(outcome.problems[1].pointer == "/a");
        CHECK(outcome.places[1] == LineColumn{2, 12});
        CHECK(outcome.places[2] == LineColumn{2, 25});
    }

    TEST_CASE("64 levels are accepted and the bracket that opens the 65th is refused") {
        const std::string good = std::string(64, '[') + std::string(64, ']');
        CHECK(parse_text(good).value.has_value());
        check_refused({std::string(100'000, '['), Code::depth_limit, 1, 65, "64 levels", ""});
        std::string objects;
        for (int i = 0; i < 50'000; ++i) objects += "{\"a\":[";
        check_refused({objects, Code::depth_limit, 1, 32 * 6 + 1, "64 levels", ""});
    }

    TEST_CASE("more than a million values are refused at the first of them") {
        std::string text = "[0";
        while (text.size() < 2 * archsim::scenarios::value_limit) text += ",0";
        check_refused({text + "]", Code::size_limit, 1, 2'000'000, "1000000 values", ""});
    }

    TEST_CASE("a text above the size limit is refused unread") {
        const std::string text(archsim::scenarios::size_limit + 1, ' ');
        check_refused({text, Code::size_limit, 1, 1, "67108865 bytes", ""});
    }

    TEST_CASE("a problem is printed with its place, line, caret and hint") {
        CHECK(parse_text("{\n  \"a\": [1, 2,]\n}").printed ==
              "x.json:2:13: error[syntax]: a comma before ']'\n"
              "      \"a\": [1, 2,]\n"
              "                ^\n"
              "    hint: remove the comma after the last element\n");
    }

    TEST_CASE("text cut or changed at any byte is refused or accepted without a crash") {
        const std::string text =
            "\xEF\xBB\xBF{\"a\": [1, -2.5e3, true, null, \"\\u00e9\\n\xC3\xA9\"], // c\n"
            " \"b\": {\"c\": \"5ms\" /* d */}}";
        for (std::size_t cut = 0; cut < text.size(); ++cut)
            CHECK_FALSE(parse_text(text.substr(0, cut)).value.has_value());
        const std::string replacements = "\"\\{}[],:/*x0-. \n\xC3\x01";
        std::size_t refused = 0;
        for (std::size_t at = 0; at < text.size(); ++at) {
            for (const char c : replacements) {
                std::string changed = text;
                changed[at] = c;
                const Parsed outcome = parse_text(changed);
                CHECK(outcome.value.has_value() == outcome.problems.empty());
                refused += outcome.value ? 0 : 1;
            }
        }
        CHECK(refused > text.size() * replacements.size() / 2);
    }
}

// JSON by classes: what the grammar of RFC 8259 demands, what it forbids, and what it leaves open,
// where the answer is archsim's own. Each text gets one verdict from the parser, and none of them,
// taken for a scenario, brings the loader down.
#include "scenarios/load.hpp"
#include "scenarios/parse.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace archsim;
using models::Code;
using std::string_literals::operator""s;

/// Reads a text all the way and says what the parser made of it.
struct Verdict {
    bool accepted = false;
    std::vector<Code> problems;
};

Verdict verdict_on(const std::string& text) {
    models::Sources sources;
    models::Diagnostics diagnostics;
    const auto source = sources.add("x.json", text);
    const auto value = scenarios::parse(sources.text(source), source, diagnostics);
    Verdict verdict{value.has_value(), {}};
    for (const models::Diagnostic& problem : diagnostics.all()) {
        verdict.problems.push_back(problem.code);
        CHECK(!problem.message.empty());
        CHECK(problem.spot.offset <= text.size());
    }
    if (value) {
        // None of these is a scenario: the loader says why, and prints it.
        CHECK(!scenarios::read_scenario(*value, ".", sources, diagnostics));
        CHECK(diagnostics.has_errors());
    }
    CHECK(!diagnostics.format(sources).empty());
    return verdict;
}

void check_accepted(const std::vector<std::string>& texts) {
    for (const std::string& text : texts) {
        CAPTURE(text);
        const Verdict verdict = verdict_on(text);
        CHECK(verdict.accepted);
        CHECK(verdict.problems.empty());
    }
}

void check_refused(Code code, const std::vector<std::string>& texts) {
    for (const std::string& text : texts) {
        CAPTURE(text);
        const Verdict verdict = verdict_on(text);
        CHECK(!verdict.accepted);
        REQUIRE(verdict.problems.size() == 1);
        CHECK(verdict.problems.front() == code);
    }
}

std::string repeated(std::string_view part, int times) {
    std::string text;
    for (int i = 0; i < times; ++i) text += part;
    return text;
}

/// A list with one string of these bytes.
std::string in_quotes(std::string_view bytes) { return "[\"" + std::string(bytes) + "\"]"; }

TEST_SUITE("JSON classes") {
    TEST_CASE("what the grammar has is accepted") {
        check_accepted({"[]",
                        "[[]]",
                        "[[[[[]]]]]",
                        "{}",
                        "[ ]",
                        "[\n]",
                        " [] ",
                        "\t[\r\n]\n",
                        "[[],{},[]]",
                        "[null,1,\"1\",{}]",
                        "[1,null,null,null,2]",
                        "[\"\"]",
                        "[false]",
                        "[true]",
                        "[null]",
                        "[\"a\"]",
                        "{\"a\":[]}",
                        "{\"a\":{}}",
                        "{\"\":0}",
                        "{\"a\":1,\"b\":2}",
                        "{\"a\":\"b\",\"c\":\"a\"}",
                        "{\"min\":-1.0e+28,\"max\":1.0e+28}",
                        "{\"a\\u0000b\":0}",
                        "{\"a\" :\n0 }",
                        "\"text\"",
                        "42",
                        "-0.1",
                        "true",
                        "false",
                        "null",
                        "\"\"",
                        "[1]\n",
                        "{\"a\":{\"a\":{\"a\":{}}}}"});
    }

    TEST_CASE("numbers of every form are accepted") {
        check_accepted({"[0]",          "[-0]",
                        "[1]",          "[-1]",
                        "[123]",        "[0e1]",
                        "[0e+1]",       "[0.0]",
                        "[20e1]",       "[1e-2]",
                        "[1E+2]",       "[1E22]",
                        "[123e45]",     "[123.456e78]",
                        "[123.456789]", "[-0.000000000000000000000000000000000000000001]",
                        "[1.000]",      "[1e0]",
                        "[1e00]",       "[1.5E-0]"});
    }

    TEST_CASE("strings and escapes of every form are accepted") {
        check_accepted({R"(["\"\\\/\b\f\n\r\t"])",
                        R"(["\u0060\u012a\u12AB"])",
                        R"(["\u0000"])",
                        R"(["\u001F"])",
                        R"(["\uD801\udc37"])",
                        R"(["\ud83d\ude39\ud83d\udc8d"])",
                        R"(["\uDBFF\uDFFF"])",
                        R"(["\uFDD0"])",
                        R"(["\uFFFF"])",
                        R"(["\u2028\u2029"])",
                        R"(["a/*b*/c//d"])",
                        R"(["\\u0000"])",
                        R"(["\\a"])",
                        R"(["[{,:}]"])",
                        in_quotes("\x7F"),
                        in_quotes("\xC2\x80"),
                        in_quotes("\xE2\x82\xAC"),
                        in_quotes("\xF0\x9D\x84\x9E"),
                        in_quotes("\xEF\xBF\xBF"),
                        in_quotes("\xF4\x8F\xBF\xBF"),
                        in_quotes("\xED\x9F\xBF"),
                        in_quotes("\xEE\x80\x80"),
                        in_quotes("\xE2\x80\xA8"),
                        in_quotes("\xE2\x81\xA4"),
                        in_quotes("\xEF\xBB\xBF"),
                        in_quotes(repeated("x", 100'000))});
    }

    TEST_CASE(
        "structures that are not closed, not opened or closed by another bracket are refused") {
        check_refused(Code::syntax, {"[",         "]",    "{",      "}",        "[1",
                                     "[1,",       "[,",   "[\"",    "[\"a",     "[\"a\"",
                                     "{\"",       "{\"a", "{\"a\"", "{\"a\":",  "{\"a\":1",
                                     "{\"a\":1,", "[[",   "[{",     "{\"a\":[", "[1]]",
                                     "{}}",       "[}",   "{]",     "[1}",      "{\"a\":1]"});
    }

    TEST_CASE("what is not separated, or stands where nothing may stand, is refused") {
        check_refused(Code::syntax, {"[1 2]",
                                     "[1,,2]",
                                     "[,1]",
                                     "[1,]",
                                     "[1,,]",
                                     "[\"a\",,]",
                                     "[1:2]",
                                     "[\"a\":1]",
                                     "{\"a\" 1}",
                                     "{\"a\"::1}",
                                     "{\"a\":1,,}",
                                     "{,}",
                                     "{,\"a\":1}",
                                     "{\"a\":1,}",
                                     "{\"a\"}",
                                     "{1:1}",
                                     "{null:null}",
                                     "{a:1}",
                                     "{'a':1}",
                                     "{[]:1}",
                                     "{\"a\":1 \"b\":2}",
                                     "{\"a\",\"b\"}",
                                     "[]1",
                                     "[][]",
                                     "1 2",
                                     "{}{}",
                                     "\"a\"\"b\"",
                                     "[1];",
                                     "*",
                                     "<",
                                     "",
                                     " ",
                                     "\n",
                                     "[" + repeated("{\"\":", 20),
                                     "&",
                                     "\xC3\xA5",
                                     "[\xC3\xA5]",
                                     "[\\u0020\"a\"]",
                                     "[\\n]",
                                     "[a",
                                     "<null>",
                                     "{\"a\":/*never closed",
                                     "# text",
                                     "[1] x",
                                     "/",
                                     "[1]/"});
    }

    TEST_CASE("words that are not values are refused") {
        check_refused(Code::syntax, {"[nul]",        "[fals]",      "[tru]", "[True]", "[NULL]",
                                     "[nulL]",       "[truth]",     "[NaN]", "[-NaN]", "[Infinity]",
                                     "[-Infinity]",  "[undefined]", "['a']", "[`a`]",  "[a]",
                                     "[true false]", "[truenull]",  "nulll", "tru",    "yes"});
    }

    TEST_CASE("what only looks like a number is refused") {
        check_refused(
            Code::syntax,
            {"[+1]",    "[++1]",       "[-]",     "[--1]",   "[- 1]",          "[.5]",   "[-.5]",
             "[1.]",    "[-1.]",       "[1.e1]",  "[0.e1]",  "[.e1]",          "[1e]",   "[1E]",
             "[1e+]",   "[1e-]",       "[1.0e]",  "[1eE2]",  "[1e1.5]",        "[01]",   "[-01]",
             "[00]",    "[012]",       "[0x1]",   "[0x]",    "[1a]",           "[-1x]",  "[1 000]",
             "[1_000]", "[1,000.0.0]", "[1.2.3]", "[0.1.2]", "[1+2]",          "[9.e+]", "[2.e-3]",
             "[1/2]",   "[5ms]",       "[50%]",   "[$1]",    "[\xEF\xBC\x91]", "[0e]",   "[0e+]",
             "[0E+]",   "[1e0e0]",     "[-a]",    "[1ea]",   "[0\"a\"]"});
    }

    TEST_CASE("strings with wrong escapes or naked control characters are refused") {
        check_refused(Code::syntax, {R"(["\a"])",
                                     R"(["\x00"])",
                                     R"(["\0"])",
                                     R"(["\'"])",
                                     R"(["\ "])",
                                     R"(["\U0041"])",
                                     R"(["\u"])",
                                     R"(["\u1"])",
                                     R"(["\u12"])",
                                     R"(["\u123"])",
                                     R"(["\u12G4"])",
                                     R"(["\u00A"])",
                                     R"(["\uD800"])",
                                     R"(["\uDFFF"])",
                                     R"(["\uD800a"])",
                                     R"(["\uD800\n"])",
                                     R"(["\uD800\u"])",
                                     R"(["\uD800\u1"])",
                                     R"(["\uD800\uD800"])",
                                     R"(["\uDC00\uD800"])",
                                     R"(["\uD800\u0041"])",
                                     R"(["\)",
                                     R"(["\"])",
                                     R"(["\\\"])",
                                     R"(["\{"])",
                                     in_quotes("a\nb"),
                                     in_quotes("a\tb"),
                                     in_quotes("\x01"),
                                     in_quotes("\x1F"),
                                     in_quotes("\b"),
                                     in_quotes("\r"),
                                     in_quotes("\x1B[31m"),
                                     in_quotes("\\\xC3\xA5"),
                                     "{\"a\nb\":1}",
                                     R"(["a)",
                                     R"(["a\)",
                                     "[\"a\n",
                                     "[\"\\u00"});
    }

    TEST_CASE("bytes that are not UTF-8 are refused wherever they stand") {
        check_refused(Code::encoding, {in_quotes("\x80"),
                                       in_quotes("\xBF"),
                                       in_quotes("\xC0\xAF"),
                                       in_quotes("\xC1\xBF"),
                                       in_quotes("\xC3"),
                                       in_quotes("\xC3("),
                                       in_quotes("\xE0\x80\xAF"),
                                       in_quotes("\xE0\xFF"),
                                       in_quotes("\xE2\x82"),
                                       in_quotes("\xED\xA0\x80"),
                                       in_quotes("\xED\xBF\xBF"),
                                       in_quotes("\xF0\x80\x80\xAF"),
                                       in_quotes("\xF0\x9D\x84"),
                                       in_quotes("\xF4\x90\x80\x80"),
                                       in_quotes("\xF5\x80\x80\x80"),
                                       in_quotes("\xF8\x88\x80\x80\x80"),
                                       in_quotes("\xFC\x83\xBF\xBF\xBF\xBF"),
                                       in_quotes("\xFE"),
                                       in_quotes("\xFF"),
                                       in_quotes("\xE9"),
                                       "[\xFF]",
                                       "\xE5",
                                       "{\"\xB9\":0}",
                                       "[1]\x80",
                                       "\xFF\xFE[\0]\0"s,
                                       "\xFE\xFF\0[\0]"s,
                                       "[\0]"s,
                                       "\0"s,
                                       in_quotes("a\0b"s),
                                       "[1]\0"s,
                                       "// \xFF\n[]"});
    }

    TEST_CASE("where the standard leaves it open: very large and very small numbers") {
        // Large and small numbers keep their digits until something wants them as a number.
        check_accepted({"[18446744073709551616]", "[-9223372036854775809]",
                        "[100000000000000000000]", "[123e-10000000]", "[0.4e-400]", "[-1e-9999]",
                        "[0." + repeated("1", 1000) + "]", "[1" + repeated("0", 300) + "]"});
        check_refused(Code::out_of_range,
                      {"[1e400]", "[-1e9999]", "[123123e100000]", "[0.4e00669999999999]",
                       "[1" + repeated("0", 400) + "]"});
    }

    TEST_CASE("where the standard leaves it open: marks, comments, white space, keys and depth") {
        // A byte order mark at the start is passed over, a second one is not.
        check_accepted({"\xEF\xBB\xBF{}", "\xEF\xBB\xBF[1]"});
        check_refused(Code::encoding, {"\xEF\xBB\xBF\xEF\xBB\xBF{}"});
        check_refused(Code::syntax, {"\xEF\xBB\xBF", "{\xEF\xBB\xBF}", "[\xEF\xBB\xBF]"});
        // Comments are an extension of this format.
        check_accepted({"/**/[]", "//\n[]", "[]//", "[1/*, 2*/]", "{\"a\":/*b*/1}", "/* // */[]"});
        // White space is the four characters of the standard.
        check_refused(Code::syntax, {"[\f]", "[\v]", "[\xC2\xA0]", "[\xE2\x81\xA0]",
                                     "\xE2\x80\xA8[]", "[\x0C]", "\x1F[]"});
        // The same key twice is refused; keys that only look alike are two.
        check_refused(Code::duplicate_key, {"{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":1}",
                                            "[{\"\":0,\"\":0}]", "{\"a\":{\"b\":0,\"b\":0}}"});
        check_accepted({"{\"a\":1,\"A\":2}", "{\"\xC3\xA9\":1,\"e\xCC\x81\":2}"});
        // Depth: 64 levels, not one more, whatever follows.
        check_accepted({repeated("[", 64) + repeated("]", 64),
                        repeated("{\"a\":", 63) + "{}" + repeated("}", 63)});
        check_refused(Code::depth_limit,
                      {repeated("[", 65) + repeated("]", 65), repeated("[", 100'000),
                       repeated("{\"a\":", 70), repeated("[{\"a\":", 50'000)});
    }
}

}  // namespace

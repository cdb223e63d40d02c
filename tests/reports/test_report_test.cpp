// The outcome of tests in the forms of CI systems, with the limits that they have.
#include "reports/test_report.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace {

using namespace archsim::reports;

TestReport example() {
    return {.cases = {{"a.json", "u/latency/p99 <= 40ms", TestOutcome::passed, "observed 38 ms", 7,
                       3, 60.0},
                      {"a.json", "u/x < 1", TestOutcome::no_data, "nothing \"waited\""},
                      {"b&c.json", "<script>", TestOutcome::failed, "50%, a:b\nnext", 2, 5, 1.5},
                      {"d.json", "w/y < 1", TestOutcome::undecided, "between"},
                      {"e.json", "expect", TestOutcome::skipped, "expects nothing"},
                      {"f.json", "load", TestOutcome::error, "not a valid scenario"}}};
}

std::size_t count(const std::string& text, std::string_view part) {
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
        ++found;
    return found;
}

TestReport many(std::size_t failures) {
    TestReport report;
    for (std::size_t i = 0; i < failures; ++i)
        report.cases.push_back({fmt::format("{}.json", i), "x < 1", TestOutcome::failed, "2"});
    return report;
}

}  // namespace

TEST_SUITE("test report") {
    TEST_CASE("no data and undecided are failures, skipped is none") {
        TestReport report = example();
        CHECK(report.failures() == 4);
        report.allow_undecided = true;
        CHECK(report.failures() == 3);
    }

    TEST_CASE("JUnit has one suite a scenario and its counts are right") {
        const std::string xml = write_junit(example());
        CHECK(count(xml, "<testsuite ") == 5);
        CHECK(count(xml, "<testcase ") == 6);
        CHECK(count(xml, "<failure ") == 3);
        CHECK(count(xml, "<error ") == 1);
        CHECK(count(xml, "<skipped ") == 1);
        CHECK(count(xml, R"(tests="6" failures="3" errors="1" skipped="1")") == 1);
        CHECK(count(xml, R"(<failure type="no-data" message="nothing &quot;waited&quot;"/>)") == 1);
        CHECK(count(xml, R"(<failure type="threshold")") == 1);
        CHECK(count(xml, R"(classname="b&amp;c.json" name="&lt;script&gt;" time="1.500")") == 1);
        CHECK(count(xml, "<script>") == 0);
    }

    TEST_CASE("an annotation has its place, and cannot begin another one") {
        const std::string text = write_github_annotations(example());
        CHECK(count(text,
                    "::error file=b&c.json,line=2,col=5,title=<script>::<script>: 50%25, "
                    "a:b%0Anext\n") == 1);
        CHECK(count(text, "::error ") == 4);
        CHECK(count(text, "\n") == 4);
        TestReport allowed = example();
        allowed.allow_undecided = true;
        CHECK(count(write_github_annotations(allowed), "::warning file=d.json") == 1);
    }

    TEST_CASE("GitHub shows ten annotations, so the tenth counts the rest") {
        CHECK(count(write_github_annotations(many(10)), "::error file=") == 10);
        const std::string text = write_github_annotations(many(25));
        CHECK(count(text, "::error ") == 10);
        CHECK(count(text, "::error file=") == 9);
        CHECK(count(text, "and 16 more") == 1);
    }

    TEST_CASE("a step summary stays below its limit and keeps the failures") {
        TestReport report = many(3);
        for (int i = 0; i < 1000; ++i)
            report.cases.insert(report.cases.begin(),
                                {"ok.json", "y < 1", TestOutcome::passed, ""});
        const std::string text = write_github_summary(report, 4000);
        CHECK(text.size() <= 4000);
        CHECK(count(text, "failed |") == 3);
        CHECK(text.find("more\n") != std::string::npos);
        CHECK(count(write_github_summary(report), "ok.json") == 1000);
    }

    TEST_CASE("the text shows what failed, and all on request") {
        const std::string text = write_test_text(example(), {}, false);
        CHECK(count(text, "u/latency/p99") == 0);
        CHECK(count(text, "b&c.json:2") == 1);
        CHECK(count(text, "1 passed, 1 failed, 1 undecided, 1 no-data, 1 error, 1 skipped") == 1);
        CHECK(count(write_test_text(example(), {}, true), "u/latency/p99") == 1);
    }
}

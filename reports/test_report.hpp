// The outcome of `archsim test` as text, JUnit XML, GitHub annotations and a GitHub step summary.
#pragma once

#include "reports/text.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace archsim::reports {

/// What became of one thing that was tested.
enum class TestOutcome : std::uint8_t {
    passed,
    failed,
    undecided,  ///< Fails unless it is allowed.
    no_data,    ///< Fails always.
    skipped,    ///< A scenario that expects nothing.
    error,      ///< A file that is no valid scenario, or a run that was cut short.
};

/// "passed", "failed", "undecided", "no-data", "skipped" or "error".
[[nodiscard]] std::string_view name_of(TestOutcome outcome);

/// One expectation, or one metric held to its baseline.
struct TestCase {
    std::string scenario;  ///< Path of the file as it was found.
    std::string name;      ///< The expectation, or "baseline METRIC".
    TestOutcome outcome = TestOutcome::passed;
    std::string message{};   ///< What was observed, or what went wrong.
    std::size_t line = 0;    ///< Of the expectation, from 1; 0 where there is none.
    std::size_t column = 0;  ///< Likewise.
    double seconds = 0.0;    ///< Its share of the time that the run took.
};

/// Everything that was tested.
struct TestReport {
    std::vector<TestCase> cases;
    bool allow_undecided = false;

    /// Whether the case counts as a failure.
    [[nodiscard]] bool is_failure(const TestCase& one) const;
    [[nodiscard]] std::size_t failures() const;
    [[nodiscard]] std::size_t count(TestOutcome outcome) const;
};

/// What failed, and one line at the end that counts; `all` shows what passed as well.
[[nodiscard]] std::string write_test_text(const TestReport& report, const Style& style, bool all);

/// JUnit XML: one testsuite a scenario, one testcase a case, in the form that CI systems share.
[[nodiscard]] std::string write_junit(const TestReport& report);

/// "::error file=...::..." lines for failures and "::warning" for what is undecided but allowed; at
/// most 10 of each, the last of which counts the rest, because GitHub drops what is beyond.
[[nodiscard]] std::string write_github_annotations(const TestReport& report);

/// Markdown for $GITHUB_STEP_SUMMARY of at most `limit` bytes: GitHub refuses more than 1 MiB.
[[nodiscard]] std::string write_github_summary(const TestReport& report,
                                               std::size_t limit = 900 * 1024);

}  // namespace archsim::reports

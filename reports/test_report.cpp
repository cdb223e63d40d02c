// Four forms of one list of cases.
#include "reports/test_report.hpp"

#include "reports/compare.hpp"
#include "reports/html/markup.hpp"
#include "reports/table.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace archsim::reports {

namespace {

/// The message of a workflow command; a property also escapes ':' and ','.
std::string command_text(std::string_view text, bool is_property) {
    std::string safe;
    for (const char c : text) {
        const bool escape =
            c == '%' || c == '\r' || c == '\n' || (is_property && (c == ':' || c == ','));
        safe += escape ? fmt::format("%{:02X}", static_cast<unsigned char>(c)) : std::string{c};
    }
    return safe;
}

std::string_view sign_for(TestOutcome outcome, const Signs& signs) {
    switch (outcome) {
        case TestOutcome::passed:
            return signs.pass;
        case TestOutcome::failed:
        case TestOutcome::error:
            return signs.fail;
        case TestOutcome::undecided:
            return signs.undecided;
        default:
            return signs.no_data;
    }
}

Colour colour_for(TestOutcome outcome) {
    switch (outcome) {
        case TestOutcome::passed:
            return Colour::green;
        case TestOutcome::undecided:
            return Colour::yellow;
        case TestOutcome::skipped:
            return Colour::dim;
        default:
            return Colour::red;
    }
}

std::string counts_text(const TestReport& report) {
    std::string text = fmt::format("{} passed, {} failed", report.count(TestOutcome::passed),
                                   report.count(TestOutcome::failed));
    for (const TestOutcome outcome :
         {TestOutcome::undecided, TestOutcome::no_data, TestOutcome::error, TestOutcome::skipped}) {
        if (const std::size_t n = report.count(outcome); n > 0)
            text += fmt::format(", {} {}", n, name_of(outcome));
    }
    return text;
}

std::string junit_case(const TestReport& report, const TestCase& one) {
    std::string text =
        fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"{:.3f}\" file=\"{}\"{}",
                    escaped(one.scenario), escaped(one.name), one.seconds, escaped(one.scenario),
                    one.line > 0 ? fmt::format(" line=\"{}\"", one.line) : "");
    if (one.outcome == TestOutcome::skipped)
        return text + fmt::format("><skipped message=\"{}\"/></testcase>\n", escaped(one.message));
    if (one.outcome == TestOutcome::error)
        return text + fmt::format("><error type=\"error\" message=\"{}\"/></testcase>\n",
                                  escaped(one.message));
    if (!report.is_failure(one)) return text + "/>\n";
    const std::string_view type =
        one.outcome == TestOutcome::failed ? "threshold" : name_of(one.outcome);
    return text + fmt::format("><failure type=\"{}\" message=\"{}\"/></testcase>\n", type,
                              escaped(one.message));
}

std::string annotation(std::string_view kind, const TestCase& one) {
    std::string place = "file=" + command_text(one.scenario, true);
    if (one.line > 0) place += fmt::format(",line={},col={}", one.line, one.column);
    return fmt::format("::{} {},title={}::{}\n", kind, place, command_text(one.name, true),
                       command_text(one.name + ": " + one.message, false));
}

/// Annotations that GitHub shows for each kind and step.
constexpr std::size_t annotations_most = 10;

std::string annotations(std::string_view kind, const std::vector<const TestCase*>& cases) {
    std::string text;
    const bool too_many = cases.size() > annotations_most;
    const std::size_t shown = too_many ? annotations_most - 1 : cases.size();
    for (std::size_t i = 0; i < shown; ++i) text += annotation(kind, *cases[i]);
    if (too_many)
        text += fmt::format("::{} title=archsim test::and {} more\n", kind, cases.size() - shown);
    return text;
}

}  // namespace

std::string_view name_of(TestOutcome outcome) {
    constexpr std::string_view names[] = {"passed",  "failed",  "undecided",
                                          "no-data", "skipped", "error"};
    return names[static_cast<int>(outcome)];
}

bool TestReport::is_failure(const TestCase& one) const {
    if (one.outcome == TestOutcome::undecided) return !allow_undecided;
    return one.outcome != TestOutcome::passed && one.outcome != TestOutcome::skipped;
}

std::size_t TestReport::failures() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(cases, [this](const TestCase& one) { return is_failure(one); }));
}

std::size_t TestReport::count(TestOutcome outcome) const {
    return static_cast<std::size_t>(std::ranges::count(cases, outcome, &TestCase::outcome));
}

std::string write_test_text(const TestReport& report, const Style& style, bool all) {
    const Signs& signs = signs_of(style);
    TextTable table{{Align::left, Align::left, Align::left, Align::left}};
    for (const TestCase& one : report.cases) {
        if (!all && one.outcome == TestOutcome::passed) continue;
        std::string place = printable(one.scenario);
        if (one.line > 0) place += fmt::format(":{}", one.line);
        const Colour colour = colour_for(one.outcome);
        table.add(
            {TextCell{fmt::format("{} {}", sign_for(one.outcome, signs), name_of(one.outcome)),
                      colour},
             TextCell{place}, TextCell{printable(one.name)}, TextCell{printable(one.message)}});
    }
    return table.text(style, 0) + counts_text(report) + "\n";
}

std::string write_junit(const TestReport& report) {
    std::string text = fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"archsim\" tests=\"{}\" "
        "failures=\"{}\" errors=\"{}\" skipped=\"{}\">\n",
        report.cases.size(), report.failures() - report.count(TestOutcome::error),
        report.count(TestOutcome::error), report.count(TestOutcome::skipped));
    for (std::size_t i = 0; i < report.cases.size();) {
        TestReport suite{.cases = {}, .allow_undecided = report.allow_undecided};
        const std::string& scenario = report.cases[i].scenario;
        double seconds = 0.0;
        std::string lines;
        for (; i < report.cases.size() && report.cases[i].scenario == scenario; ++i) {
            suite.cases.push_back(report.cases[i]);
            lines += junit_case(report, report.cases[i]);
            seconds += report.cases[i].seconds;
        }
        text += fmt::format(
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" "
            "skipped=\"{}\" time=\"{:.3f}\">\n{}  </testsuite>\n",
            escaped(suite.cases.front().scenario), suite.cases.size(),
            suite.failures() - suite.count(TestOutcome::error), suite.count(TestOutcome::error),
            suite.count(TestOutcome::skipped), seconds, lines);
    }
    return text + "</testsuites>\n";
}

std::string write_github_annotations(const TestReport& report) {
    std::vector<const TestCase*> errors;
    std::vector<const TestCase*> warnings;
    for (const TestCase& one : report.cases) {
        if (report.is_failure(one)) errors.push_back(&one);
        if (!report.is_failure(one) && one.outcome == TestOutcome::undecided)
            warnings.push_back(&one);
    }
    return annotations("error", errors) + annotations("warning", warnings);
}

std::string write_github_summary(const TestReport& report, std::size_t limit) {
    const Signs& signs = signs_of({.colour = false, .unicode = true});
    std::string text = fmt::format(
        "## {} archsim test\n\n{}\n\n| | Scenario | Expectation | |\n"
        "|---|---|---|---|\n",
        report.failures() == 0 ? signs.pass : signs.fail, counts_text(report));
    constexpr std::size_t room_for_the_end = 64;
    std::size_t left_out = 0;
    // Failures first: they must not be what the limit cuts off.
    for (const bool failures : {true, false}) {
        for (const TestCase& one : report.cases) {
            if (report.is_failure(one) != failures) continue;
            const std::string row = fmt::format(
                "| {} {} | {} | {} | {} |\n", sign_for(one.outcome, signs), name_of(one.outcome),
                markdown_text(one.scenario), markdown_text(one.name), markdown_text(one.message));
            if (text.size() + row.size() + room_for_the_end > limit) {
                ++left_out;
            } else {
                text += row;
            }
        }
    }
    if (left_out > 0) text += fmt::format("\nand {} more\n", left_out);
    return text;
}

}  // namespace archsim::reports

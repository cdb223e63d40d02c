// The project's rules, run over the project. A failure names the file, the line and the remedy.
#include "tests/support/checkout.hpp"
#include "tests/support/tidy_rules.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace {

using namespace archsim::tests;

class Project {
public:
    /// Fails once per objection of the rule to any single file.
    void each_passes(Findings (*rule)(const SourceFile&)) const {
        for (const SourceFile& file : files_) report(rule(file));
    }

    /// Fails once per objection of the rule to the project.
    void passes(Findings (*rule)(const Files&)) const { report(rule(files_)); }

    [[nodiscard]] const Files& files() const { return files_; }

private:
    static void report(const Findings& findings) {
        for (const Finding& finding : findings) {
            FAIL_CHECK(fmt::format("{}:{}: {}", finding.path, finding.line, finding.message));
        }
        CHECK(findings.empty());
    }

    Files files_ = project_files(checkout());
};

}  // namespace

TEST_SUITE("tidy") {
    TEST_CASE("every file of the project keeps the project's rules") {
        const Project project;
        REQUIRE(project.files().size() > 20);
        project.each_passes(check_length);
        project.each_passes(check_columns);
        project.each_passes(check_function_length);
        project.each_passes(check_purpose_comment);
        project.each_passes(check_banned_words);
        project.each_passes(check_leftovers);
        project.each_passes(check_machine_paths);
        project.each_passes(check_layers);
        project.each_passes(check_heavy_includes);
        project.each_passes(check_test_names);
        project.each_passes(check_mutable_state);
        project.each_passes(check_coroutine_fence);
    }

    TEST_CASE("the project as a whole keeps the project's rules") {
        const Project project;
        project.passes(check_unordered_iteration);
        project.passes(check_unreferenced_headers);
        project.passes(check_unlisted_components);
        project.passes(check_type_names);
        project.passes(check_markdown_titles);
        project.passes(check_run_bits);
    }
}

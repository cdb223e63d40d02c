// The page about the guide: what stands in it comes from the run.
#include "reports/guide_page.hpp"

#include <doctest/doctest.h>

using namespace archsim;

namespace {

reports::GuideEntry entry_of(const std::string& path) {
    scenarios::Result result;
    result.scenario = "one";
    result.question = "Does it *hold*?";
    result.look_at = "p99 is {users/latency/p99}.";
    result.pt.question = "Aguenta?";
    result.metrics.push_back(
        {.name = "users/latency/p99", .unit = "s", .value = 0.0381, .ci95 = {{0.037, 0.039}}});
    result.expect.push_back({.expr = "users/latency/p99 <= 40ms",
                             .metric = "users/latency/p99",
                             .comparison = "<=",
                             .bound = 0.04,
                             .observed = 0.0381,
                             .verdict = scenarios::Verdict::pass});
    return {path, result};
}

}  // namespace

TEST_SUITE("guide page") {
    TEST_CASE("an entry has question, command, observation and text, in both languages") {
        CHECK(reports::write_guide_entry(entry_of("scenarios/guide/02_one.json")) ==
              "### 02_one\n\n"
              "**Does it \\*hold\\*?**\n\n"
              "***Aguenta?***\n\n"
              "```\narchsim run scenarios/guide/02_one.json\n```\n\n"
              "| expected | observed (95 % interval) | |\n|---|---|---|\n"
              "| `users/latency/p99 <= 40ms` | 38.1 ms (37 ms to 39 ms) | pass |\n\n"
              "p99 is 38.1 ms.\n\n");
    }

    TEST_CASE("the page lists the entries below their sections") {
        const std::vector entries = {entry_of("a/02_one.json"), entry_of("a/02_two.json"),
                                     entry_of("a/10_three.json")};
        const std::string page = reports::write_guide_page(entries);
        CHECK(page.find("| 02 Caching | *Cache* | [02_one](#02_one), [02_two](#02_two) |\n") !=
              std::string::npos);
        CHECK(page.find("## 02 Caching · *Cache*\n\n### 02_one\n") != std::string::npos);
        CHECK(page.find("## 10 Asynchronism") < page.find("### 10_three"));
        CHECK(page.find("| 03") == std::string::npos);
    }

    TEST_CASE("scenarios outside the guide stand one after the other") {
        const std::vector entries = {entry_of("a/double_users.json"), entry_of("a/twitter.json")};
        const std::string page = reports::write_guide_page(entries);
        CHECK(page.find("# What the scenarios showed\n") == 0);
        CHECK(page.find("\n\n### double_users\n\n") < page.find("\n\n### twitter\n\n"));
        CHECK(page.find("## 02") == std::string::npos);
    }
}

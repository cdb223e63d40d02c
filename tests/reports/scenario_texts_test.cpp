// Numbers in a scenario's texts are those of the run.
#include "reports/scenario_texts.hpp"

#include "reports/report.hpp"
#include "scenarios/experiment.hpp"
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>

using namespace archsim;

namespace {

scenarios::Result result_with_texts() {
    scenarios::Result result;
    result.scenario = "texts";
    result.description = "A server with {web/utilisation} load.";
    result.look_at = "p99 is {users/latency/p99}, {users/latency/p42} is not measured, {odd";
    result.pt.look_at = "O p99 é {users/latency/p99}.";
    result.metrics.push_back({.name = "users/latency/p99", .unit = "s", .value = 0.0381});
    result.metrics.push_back({.name = "web/utilisation", .unit = "ratio", .value = 0.7});
    return result;
}

}  // namespace

TEST_SUITE("scenario texts") {
    TEST_CASE("a name in braces becomes the value and unit of that metric") {
        const auto texts = reports::texts_in(result_with_texts(), models::Language::english);
        CHECK(texts.description == "A server with 70 % load.");
        CHECK(texts.look_at == "p99 is 38.1 ms, - is not measured, {odd");
        CHECK(texts.question.empty());
    }

    TEST_CASE("a text without translation is given in English") {
        const auto texts = reports::texts_in(result_with_texts(), models::Language::portuguese);
        CHECK(texts.description == "A server with 70 % load.");
        CHECK(texts.look_at == "O p99 é 38.1 ms.");
    }

    TEST_CASE("the summary shows the texts of the language asked for") {
        reports::Style style;
        style.language = models::Language::portuguese;
        const std::string summary = reports::write_summary(result_with_texts(), style);
        CHECK(summary.find("O p99 é 38.1 ms.") != std::string::npos);
        CHECK(summary.find("p99 is") == std::string::npos);
    }

    TEST_CASE("a text that names a metric without value is warned of, in either language") {
        const auto scenario = tests::read_text(R"("duration": "1s",
            "look_at": "{users/latency/mean}", "pt": {"look_at": "{users/latency/median}"},
            "nodes": {"users": {"kind": "open_loop", "calls": ["web"],
                                "arrivals": {"kind": "constant", "rate": "100/s"}},
                      "web": {"kind": "service", "service_time": "1ms"}})");
        const auto result = scenarios::run_experiment(scenario, {});
        REQUIRE(result.warnings.size() == 1);
        CHECK(result.warnings[0].find("users/latency/median") != std::string::npos);
        CHECK(reports::texts_in(result, models::Language::english).look_at == "1 ms");
    }
}

// The bytes of a whole result, kept in the repository: every build, optimised or not, sanitized or
// not, must give them again. They say nothing of right or wrong; the theory tests do.
// ARCHSIM_UPDATE_GOLDEN=1 writes them anew; a change of them belongs into the changelog.
#include "models/document.hpp"
#include "reports/report.hpp"
#include "scenarios/experiment.hpp"
#include "scenarios/load.hpp"
#include "tests/support/checkout.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

using namespace archsim;

namespace {

std::string result_of(const std::string& scenario_file) {
    const std::vector<std::string> settings{"duration=20s", "warm_up=2s", "replications=2"};
    models::Sources sources;
    models::Diagnostics diagnostics;
    const auto scenario = scenarios::load_scenario(
        tests::checkout() + "/scenarios/" + scenario_file, settings, sources, diagnostics);
    INFO(diagnostics.format(sources));
    REQUIRE(scenario);
    scenarios::ExperimentOptions options;
    options.run.jobs = 2;
    scenarios::Result result = scenarios::run_experiment(*scenario, options);
    // Better words in a scenario are no other result.
    result.description.clear();
    result.question.clear();
    result.look_at.clear();
    result.pt = {};
    return reports::write_json(result);
}

void check_golden(const std::string& scenario_file, const std::string& golden_file) {
    const std::string path = tests::checkout() + "/tests/golden/" + golden_file;
    const std::string result = result_of(scenario_file);
    if (std::getenv("ARCHSIM_UPDATE_GOLDEN") != nullptr) {
        std::ofstream{path, std::ios::binary} << result;
        return;
    }
    std::ifstream file{path, std::ios::binary};
    const std::string expected{std::istreambuf_iterator<char>{file}, {}};
    REQUIRE_FALSE(expected.empty());
    CHECK(result == expected);
}

}  // namespace

TEST_SUITE("scenarios: golden results") {
    TEST_CASE("the guide's balancer gives the same bytes in every build") {
        check_golden("guide/03_load_balancing.json", "03_load_balancing.json");
    }
    TEST_CASE("a slow server behind least connections gives the same bytes in every build") {
        check_golden("guide/03_load_balancing_slow.json", "03_load_balancing_slow.json");
    }
}

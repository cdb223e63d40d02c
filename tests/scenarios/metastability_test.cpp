// Failures that go on after their trigger: the judgement on samples written by hand, and whole runs
// of a retry storm, with a budget and without.
#include "scenarios/metastability.hpp"

#include "scenarios/experiment.hpp"
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

using namespace archsim;
using namespace archsim::scenarios;
using doctest::Approx;
using sim::Duration;
using sim::Instant;

namespace {

Instant at(std::int64_t seconds) { return Instant::at(Duration::seconds(seconds)); }

/// 60 samples of a second each: 200 requests in every one, or what `load` says, and as many good
/// ones as `good` says.
std::vector<LoadSample> samples(
    const std::function<std::uint64_t(std::int64_t)>& good,
    const std::function<std::uint64_t(std::int64_t)>& load = [](std::int64_t) { return 200u; }) {
    std::vector<LoadSample> result;
    for (std::int64_t second = 0; second < 60; ++second) {
        result.push_back({at(second), at(second + 1), {load(second), good(second)}});
    }
    return result;
}

std::optional<Aftermath> judge(const std::vector<LoadSample>& given,
                               const MetastabilityConfig& config = {}, std::int64_t end = 60) {
    return aftermath_of({"spike", at(20), at(25)}, given, at(5), at(end), config);
}

std::string storm(const std::string& budget, const std::string& more = "") {
    return R"("duration": "60s", "warm_up": "2s", )" + more + R"("nodes": {
        "users": {"kind": "open_loop", "arrivals": {"kind": "spike", "base": "60/s",
                                                    "peak": "150/s", "at": "10s", "for": "3s"},
                  "calls": [{"to": "web", "timeout": "500ms", "retry": {"attempts": 4)" +
           budget + R"(}}]},
        "web": {"kind": "service", "service_time": {"kind": "exponential", "mean": "10ms"}}})";
}

tests::Measured run(const std::string& members) {
    const auto scenario = tests::read_text(members);
    return tests::Measured{run_replication(scenario, 0, scenario.warm_up.length, {})};
}

}  // namespace

TEST_SUITE("scenarios: metastability") {
    TEST_CASE("a goodput that stays low is metastable, and its onset is told") {
        // The fifth second of the trigger is the first without answers.
        const auto found = judge(samples([](std::int64_t s) { return s < 24 ? 200u : 20u; }));
        REQUIRE(found);
        CHECK(found->is_metastable);
        CHECK(found->onset == at(24));
        CHECK_FALSE(found->recovery);
        CHECK(found->goodput_before == Approx(200.0));
        CHECK(found->goodput_after == Approx(20.0));
    }

    TEST_CASE("a goodput that comes back is not, and the time it took is told") {
        const auto found =
            judge(samples([](std::int64_t s) { return s < 20 || s >= 32 ? 200u : 0u; }));
        REQUIRE(found);
        CHECK_FALSE(found->is_metastable);
        CHECK(found->recovery == Duration::seconds(7));
        CHECK_FALSE(found->onset);
    }

    TEST_CASE("one that comes back too late is metastable all the same") {
        // Twice the trigger is 10 s: back at 36 s is too late, at 34 s it is not.
        const auto late =
            judge(samples([](std::int64_t s) { return s < 20 || s >= 36 ? 200u : 0u; }));
        REQUIRE(late);
        CHECK(late->is_metastable);
        CHECK(late->recovery == Duration::seconds(11));
        CHECK(late->onset == at(20));
        const auto in_time =
            judge(samples([](std::int64_t s) { return s < 20 || s >= 34 ? 200u : 0u; }));
        REQUIRE(in_time);
        CHECK_FALSE(in_time->is_metastable);
        MetastabilityConfig patient;
        patient.after = Duration::seconds(20);
        const auto allowed =
            judge(samples([](std::int64_t s) { return s < 20 || s >= 36 ? 200u : 0u; }), patient);
        REQUIRE(allowed);
        CHECK_FALSE(allowed->is_metastable);
    }

    TEST_CASE("a loss within the tolerance is none") {
        MetastabilityConfig config;
        config.loss = sim::Probability{0.2};
        CHECK_FALSE(
            judge(samples([](std::int64_t s) { return s < 20 ? 200u : 161u; }))->is_metastable);
        CHECK(judge(samples([](std::int64_t s) { return s < 20 ? 200u : 159u; }))->is_metastable);
    }

    TEST_CASE("a load that is not what it was before says nothing of the system") {
        const auto good = [](std::int64_t s) { return s < 20 ? 200u : 100u; };
        const auto less = [](std::int64_t s) { return s < 25 ? 200u : 100u; };
        CHECK_FALSE(judge(samples(good, less)));
        const auto more = [](std::int64_t s) { return s < 20 ? 200u : 300u; };
        CHECK_FALSE(judge(samples(good, more)));
    }

    TEST_CASE("too little time before or after the trigger says nothing") {
        const auto low = samples([](std::int64_t s) { return s < 20 ? 200u : 0u; });
        CHECK(judge(low, {}, 36));        // ten seconds, and one that says how it ends
        CHECK_FALSE(judge(low, {}, 35));  // the next trigger comes too early
        CHECK_FALSE(aftermath_of({"crash", at(5), at(8)}, low, at(5), at(60), {}));
        CHECK_FALSE(aftermath_of({"crash", at(50), at(58)}, low, at(5), at(60), {}));
    }

    TEST_CASE("triggers that overlap are one") {
        const auto found =
            merged({{"slow", at(9), at(12)}, {"crash", at(5), at(10)}, {"crash", at(20), at(21)}});
        REQUIRE(found.size() == 2);
        CHECK(found[0].what == "crash and slow");
        CHECK(found[0].from == at(5));
        CHECK(found[0].to == at(12));
        CHECK(found[1].what == "crash");
    }

    TEST_CASE("a retry storm goes on without a budget, ends with one, and the run says so") {
        const auto without = run(storm(""));
        CHECK(without["system/metastable"] == 1.0);
        CHECK_FALSE(without.has("system/recovery_time"));
        // The capacity lies between the load and the load with all retries.
        CHECK(without["users/goodput"] < 20.0);
        const auto with =
            run(storm(R"(, "budget": "10%")", R"("metastability": {"after": "20s"}, )"));
        CHECK(with["system/metastable"] == 0.0);
        CHECK(with["system/recovery_time"] < 20.0);
        CHECK(with["users/goodput"] > 40.0);
    }

    TEST_CASE("without retries the same peak leaves nothing behind") {
        const auto found = run(R"("duration": "60s", "warm_up": "2s", "nodes": {
            "users": {"kind": "open_loop", "arrivals": {"kind": "spike", "base": "60/s",
                                                        "peak": "150/s", "at": "10s",
                                                        "for": "3s"}, "calls": ["web"]},
            "web": {"kind": "service", "service_time": {"kind": "exponential", "mean": "10ms"}}})");
        CHECK(found["system/metastable"] == 0.0);
        CHECK(found["system/recovery_time"] < 1.0);
    }

    TEST_CASE("without a trigger that ends there is nothing to tell") {
        const std::string nodes = R"("duration": "20s", "nodes": {
            "users": {"kind": "open_loop", "arrivals": "50/s", "calls": ["web"]},
            "web": {"kind": "service", "service_time": "1ms"}})";
        CHECK_FALSE(run(nodes).all().contains("system/metastable"));
        const auto short_of_time =
            run(nodes + R"(, "faults": [{"kind": "slow", "node": "web", "factor": 2, "at": "15s",
                                     "for": "4s"}])");
        CHECK(short_of_time.all().contains("system/metastable"));
        CHECK_FALSE(short_of_time.has("system/metastable"));
    }

    TEST_CASE("watching changes nothing") {
        const auto of = [](const std::string& more, Duration warm_up) {
            const auto scenario = tests::read_text(storm("", more));
            return run_replication(scenario, 0, warm_up, {}).fingerprint;
        };
        const auto usual = of("", Duration::seconds(2));
        CHECK(of(R"("metastability": {"after": "1s", "loss": "90%"}, )", Duration::seconds(9)) ==
              usual);
    }

    TEST_CASE("the result has a chapter with trigger and onset") {
        const Result result =
            run_experiment(tests::read_text(storm("", R"("replications": 2, )")), {});
        const Section* const section = find_section(result.sections, "metastability");
        REQUIRE(section != nullptr);
        CHECK(std::get<bool>(section->facts.front().value));
        const Table* const table = find_table(*section, "triggers");
        REQUIRE(table != nullptr);
        REQUIRE(table->rows.size() == 1);
        CHECK(std::get<std::string>(table->rows[0][0]) == "load of users");
        CHECK(std::get<double>(table->rows[0][1]) == 10.0);
        CHECK(std::get<double>(table->rows[0][2]) == 13.0);
        CHECK(std::get<double>(table->rows[0][5]) == 1.0);
        const double onset = std::get<double>(table->rows[0][6]);
        CHECK(onset >= 10.0);
        CHECK(onset <= 13.0);
    }
}

// The same scenario and seed give the same bytes: whatever the number of threads and the order of
// keys in the file. And a part that does nothing does not disturb the others.
#include "reports/report.hpp"
#include "scenarios/experiment.hpp"
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace archsim;

namespace {

std::string result_of(const std::string& members, unsigned jobs = 1) {
    scenarios::ExperimentOptions options;
    options.run.jobs = jobs;
    return reports::write_json(scenarios::run_experiment(tests::read_text(members), options));
}

const std::string users = R"("users": {"kind": "open_loop", "arrivals": "200/s",
    "operations": [{"name": "read", "weight": 3}, {"name": "write", "type": "write"}],
    "calls": [{"to": "lb", "timeout": "60ms", "retry": {"attempts": 2, "backoff": "2ms",
                                                        "jitter": true}}]})";
const std::string balancer = R"("lb": {"kind": "load_balancer",
    "policy": {"kind": "power_of_choices", "choices": 2}, "calls": ["web"]})";
const std::string web = R"("web": {"kind": "service", "instances": 3,
    "service_time": {"kind": "lognormal", "mean": "10ms", "cv": 1.5},
    "calls": [{"to": "db", "loss": "1%", "timeout": "500ms",
               "delay": {"kind": "exponential", "mean": "1ms"}}]})";
const std::string db = R"("db": {"kind": "service", "servers": 4,
    "service_time": {"kind": "gamma", "mean": "5ms", "shape": 0.5}})";
const std::string faults = R"("faults": [{"kind": "crash", "node": "web/1", "at": "2s",
                                          "for": "1s"}])";

std::string file(const std::string& nodes, const std::string& seed) {
    return R"("duration": "5s", "warm_up": "1s", "replications": 3, "seed": )" + seed + ", " +
           faults + R"(, "nodes": {)" + nodes + "}";
}
const std::string all_nodes = users + ", " + balancer + ", " + web + ", " + db;

}  // namespace

TEST_SUITE("determinism") {
    TEST_CASE("two runs give the same bytes") {
        CHECK(result_of(file(all_nodes, "1")) == result_of(file(all_nodes, "1")));
    }

    TEST_CASE("one thread and two give the same bytes") {
        CHECK(result_of(file(all_nodes, "1"), 1) == result_of(file(all_nodes, "1"), 2));
    }

    TEST_CASE("another seed gives other numbers") {
        const auto run = [](const std::string& seed) {
            const auto scenario = tests::read_text(file(all_nodes, seed));
            const auto replication = scenarios::run_replication(scenario, 0, {}, {});
            return tests::Measured{replication}["users/latency/mean"];
        };
        CHECK(run("1") != run("2"));
    }

    TEST_CASE("the order of keys in the file does not matter") {
        const std::string swapped = R"("users": {"calls": [{"retry": {"jitter": true,
            "backoff": "2ms", "attempts": 2}, "timeout": "60ms", "to": "lb"}],
            "operations": [{"weight": 3, "name": "read"}, {"type": "write", "name": "write"}],
            "arrivals": "200/s", "kind": "open_loop"})";
        const std::string first = file(all_nodes, "1");
        const std::string second = R"("nodes": {)" + swapped + ", " + balancer + ", " + web + ", " +
                                   db + "}, " + faults + R"(, "seed": 1, "replications": 3,
                                   "warm_up": "1s", "duration": "5s")";
        CHECK(result_of(first) == result_of(second));
    }

    TEST_CASE("a source that sends nothing leaves every other number bit-identical") {
        const std::string silent =
            R"(, "silent": {"kind": "open_loop", "arrivals": "0/s", "calls": ["lb"]})";
        const auto measured = [](const std::string& nodes) {
            const auto scenario = tests::read_text(file(nodes, "1"));
            return tests::Measured{scenarios::run_replication(scenario, 0, {}, {})};
        };
        const tests::Measured without = measured(all_nodes);
        const tests::Measured with = measured(all_nodes + silent);
        int compared = 0;
        for (const auto& [name, value] : without.all()) {
            if (!value) continue;
            CAPTURE(name);
            CHECK(with[name] == *value);
            ++compared;
        }
        CHECK(compared > 50);
    }
}

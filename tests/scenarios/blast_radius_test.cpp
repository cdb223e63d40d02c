// What dies with a node, by architectures small enough to see it.
#include "scenarios/blast_radius.hpp"

#include "scenarios/experiment.hpp"
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>

using doctest::Approx;

namespace {

using namespace archsim;
using scenarios::Cut;
using scenarios::KilledNode;

/// Users who call `first`, 100 requests in ten seconds.
std::string users_of(const std::string& first) {
    return R"("users": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "10/s"},
                        "calls": [")" +
           first + "\"]}";
}

scenarios::Scenario architecture(const std::string& nodes, const std::string& more = "") {
    return tests::read_text(R"("duration": "10050ms", "nodes": {)" + nodes + "}" + more);
}

const Cut& cut_of(const std::vector<Cut>& cuts, const std::string& target) {
    const auto found = std::ranges::find(cuts, target, &Cut::target);
    REQUIRE(found != cuts.end());
    return *found;
}

}  // namespace

TEST_SUITE("blast radius") {
    TEST_CASE("a single balancer in front of many is the whole cut") {
        const auto cuts = scenarios::smallest_cuts(architecture(
            users_of("lb") + R"(, "lb": {"kind": "load_balancer", "policy": "round_robin",
                "calls": ["web"]},
            "web": {"kind": "service", "service_time": "0s", "instances": 3, "calls": ["db"]},
            "db": {"kind": "service", "service_time": "0s", "instances": 2})"));
        REQUIRE(cuts.size() == 1);  // only db answers by itself
        CHECK(cut_of(cuts, "db").failures == 1);
        CHECK(cut_of(cuts, "db").nodes == std::vector<std::string>{"lb"});
    }

    TEST_CASE("without a bottleneck the narrowest layer counts") {
        const auto cuts = scenarios::smallest_cuts(architecture(
            users_of("web") +
            R"(, "web": {"kind": "service", "service_time": "0s", "instances": 3, "calls": ["db"]},
            "db": {"kind": "service", "service_time": "0s", "instances": 2})"));
        CHECK(cut_of(cuts, "db").failures == 2);
        CHECK(cut_of(cuts, "db").nodes == std::vector<std::string>{"db"});
    }

    TEST_CASE("a database is cut off when too few of its members are left") {
        const auto failures = [](const std::string& database) {
            const auto cuts = scenarios::smallest_cuts(architecture(R"(
                "users": {"kind": "open_loop", "arrivals": "10/s", "calls": ["db"],
                          "operations": [{"name": "write", "type": "write"}]},
                "readers": {"kind": "open_loop", "arrivals": "10/s", "calls": ["db"],
                            "operations": [{"name": "read"}]},
                "db": {"kind": )" + database + "}"));
            return cut_of(cuts, "db").failures;
        };
        CHECK(failures(R"("consensus", "replicas": 3)") == 2);
        CHECK(failures(R"("consensus", "replicas": 5, "reads": "stale")") == 3);
        CHECK(failures(R"("quorum")") == 2);
        CHECK(failures(R"("quorum", "replicas": 5, "read_quorum": 2, "write_quorum": 4)") == 2);
        CHECK(failures(R"("quorum", "coordinators": 1)") == 1);
        // Two replicas and the stand-in of both; of two stand-ins, number 0 is for 0 and 2.
        CHECK(failures(R"("quorum", "stand_ins": {})") == 3);
        CHECK(failures(R"("quorum", "replicas": 5, "read_quorum": 3, "write_quorum": 3,
                          "stand_ins": {"count": 2}, "coordinators": 9)") == 4);
        CHECK(failures(R"("multi_primary", "sites": 3)") == 3);
        // The detector confirms the lease of the primary; without leases nobody replaces a primary
        // that fails together with the detector, or with the one replica that may follow it.
        CHECK(failures(R"("primary_replica", "replicas": 3, "failover": {})") == 1);
        CHECK(failures(R"("primary_replica", "replicas": 3, "failover": {"fencing": false})") == 2);
        CHECK(failures(R"("primary_replica", "replicas": 3, "failover": {"fencing": false},
                          "mode": {"kind": "sync", "quorum": "majority"})") == 2);
        CHECK(failures(R"("primary_replica", "replicas": 2, "failover": {"fencing": false},
                          "mode": "sync")") == 1);
        CHECK(failures(R"("primary_replica", "replicas": 3)") == 1);
    }

    TEST_CASE("what is called fatal is: the detector alone, or it and the primary") {
        // The last lease ends some ten seconds after the crash, which the detector cannot follow
        // up.
        const auto lost = [](const std::string& failover, const std::string& faults) {
            const auto found = tests::run_text(R"("duration": "120s", "nodes": {
                "users": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "10/s"},
                    "operations": [{"name": "write", "type": "write"}], "calls": ["db"]},
                "db": {"kind": "primary_replica", "replicas": 3, "failover": )" +
                                               failover + R"(}}, "faults": [)" + faults + "]");
            return 1.0 - found["users/availability"];
        };
        const auto crash = [](const std::string& node) {
            return R"({"kind": "crash", "node": ")" + node + R"(", "at": "5s"})";
        };
        CHECK(lost("{}", crash("db/detector")) > 0.85);
        CHECK(lost(R"({"fencing": false})", crash("db/detector")) == 0.0);
        CHECK(lost(R"({"fencing": false})", crash("db/detector") + "," + crash("db/primary")) >
              0.9);
        CHECK(lost(R"({"fencing": false, "promotion": "designated"})",
                   crash("db/replica/0") + "," + crash("db/primary")) > 0.9);
        CHECK(lost(R"({"fencing": false})", crash("db/replica/0") + "," + crash("db/primary")) <
              0.2);
    }

    TEST_CASE("of several members those that nobody misses are redundant, helpers included") {
        const auto rows = [](const std::string& more) {
            const auto scenario =
                tests::read_text(R"("duration": "40s", "replications": 1, "nodes": {
                "users": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "10/s"},
                    "operations": [{"name": "write", "type": "write"}], "calls": ["db"]},
                "db": {"kind": "primary_replica", "replicas": 1)" +
                                 more + "}}");
            scenarios::ExperimentOptions options;
            options.kill_nodes = true;
            const auto result = scenarios::run_experiment(scenario, options);
            const auto* chapter = scenarios::find_section(result.sections, "blast_radius");
            REQUIRE(chapter != nullptr);
            const auto* killed = scenarios::find_table(*chapter, "killed");
            REQUIRE(killed != nullptr);
            std::string text;
            for (const auto& row : killed->rows) {
                text += std::get<std::string>(row[0]) + ": " + std::get<std::string>(row[3]) + "\n";
            }
            return text;
        };
        CHECK(rows("") == "db/primary: single point of failure\ndb/replica/0: redundant\n");
        // The failover replaces the primary after a while; with fencing nobody replaces who does
        // it, and without nobody needs to.
        CHECK(rows(R"(, "failover": {"timeout": "2s"})") ==
              "db/primary: redundant\ndb/replica/0: redundant\n"
              "db/detector: single point of failure\n");
        CHECK(rows(R"(, "failover": {"timeout": "2s", "fencing": false})") ==
              "db/primary: redundant\ndb/replica/0: redundant\ndb/detector: redundant\n");
    }

    TEST_CASE("two ways to the data have to be cut both") {
        const auto cuts = scenarios::smallest_cuts(architecture(R"(
            "users": {"kind": "open_loop", "arrivals": "10/s", "calls": ["east", "west"]},
            "east": {"kind": "service", "service_time": "0s", "calls": ["db"]},
            "west": {"kind": "service", "service_time": "0s", "instances": 2, "calls": ["db"]},
            "db": {"kind": "service", "service_time": "0s", "instances": 5})"));
        CHECK(cut_of(cuts, "db").failures == 3);
        CHECK(cut_of(cuts, "db").nodes == std::vector<std::string>{"east", "west"});
    }

    TEST_CASE("a killed node costs what is sent to it") {
        // Two instances served in turn by callers who know nothing of their health.
        const auto killed = scenarios::kill_each(
            architecture(users_of("web") +
                         R"(, "web": {"kind": "service", "service_time": "0s", "instances": 2,
                             "calls": ["db"]},
                            "db": {"kind": "service", "service_time": "0s"})"),
            {}, {});
        REQUIRE(killed.size() == 2);
        CHECK(killed[0].node == "db");
        CHECK(killed[0].lost == 1.0);
        CHECK(killed[1].node == "web/0");
        CHECK(killed[1].lost.value() == Approx(0.5));
    }

    TEST_CASE("the loss is told by operation, and reaches the result") {
        const auto scenario = architecture(R"(
            "users": {"kind": "open_loop", "arrivals": "100/s", "calls": ["web"],
                      "operations": [{"name": "read", "weight": 3}, {"name": "write"}]},
            "web": {"kind": "service", "service_time": "0s",
                    "routes": {"read": [{"call": "a"}], "write": [{"call": "b"}]}},
            "a": {"kind": "service", "service_time": "0s"},
            "b": {"kind": "service", "service_time": "0s"})");
        scenarios::ExperimentOptions options;
        options.kill_nodes = true;
        const auto result = scenarios::run_experiment(scenario, options);
        const auto killed = scenarios::kill_each(scenario, {}, {});
        const auto b = std::ranges::find(killed, "b", &KilledNode::node);
        REQUIRE(b != killed.end());
        for (const auto& operation : b->operations) {
            CHECK(operation.lost == (operation.operation == "users/write" ? 1.0 : 0.0));
        }
        // A quarter of about 1000 requests, within 3 standard errors.
        CHECK(std::abs(b->lost.value() - 0.25) < 3.0 * std::sqrt(0.25 * 0.75 / 1000.0));
        const auto point = std::ranges::find(result.spof, "b", &scenarios::SpofResult::node);
        REQUIRE(point != result.spof.end());
        CHECK(point->lost == b->lost);
        const auto web = std::ranges::find(result.spof, "web", &scenarios::SpofResult::node);
        REQUIRE(web != result.spof.end());
        CHECK(web->lost == 1.0);
        const auto chapter =
            std::ranges::find(result.sections, "blast_radius", &scenarios::Section::name);
        REQUIRE(chapter != result.sections.end());
        CHECK(chapter->facts.front().value == scenarios::Cell{1.0});
    }

    TEST_CASE("the faults of the scenario do not disturb the comparison") {
        const auto killed = scenarios::kill_each(
            architecture(users_of("web") + R"(, "web": {"kind": "service", "service_time": "0s"})",
                         R"(, "faults": [{"kind": "crash", "node": "web", "at": "0s"}])"),
            {}, {});
        REQUIRE(killed.size() == 1);
        CHECK(killed[0].lost == 1.0);  // of the answers of a run without any fault
    }
}

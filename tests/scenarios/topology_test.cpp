// Findings of static analysis on small architectures, worked out by hand.
#include "scenarios/topology.hpp"

#include "tests/support/scenario_text.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

using namespace archsim;
using namespace archsim::scenarios;
using tests::scenario_of;
using tests::service;
using tests::users;

namespace {

using Points = std::map<std::string, std::string>;

Points points_of(const std::string& nodes) {
    Points points;
    for (const SpofResult& point : analyse(scenario_of(nodes)).spof) {
        CHECK(points.emplace(point.node, point.reason).second);
    }
    return points;
}

std::vector<std::string> warnings_of(const std::string& nodes) {
    return analyse(scenario_of(nodes)).warnings;
}

std::string names(const Points& points) {
    std::string text;
    for (const auto& [name, reason] : points) text += (text.empty() ? "" : " ") + name;
    return text;
}

std::string balancer(const std::string& calls) {
    return R"("lb": {"kind": "load_balancer", "calls": )" + calls + "}";
}

std::string plain(const std::string& name, const std::string& more = "") {
    return service(name, "1ms", more);
}

}  // namespace

TEST_SUITE("topology") {
    TEST_CASE("what has one instance on the way of every request is a single point of failure") {
        const Points points =
            points_of(users("10/s", R"(["lb"])") + ", " + balancer(R"(["web"])") + ", " +
                      plain("web", R"("instances": 2, "calls": ["db"])") + ", " + plain("db"));
        CHECK(names(points) == "db lb");
        CHECK(points.at("lb") ==
              "it has one instance and alone connects web and db with the load sources: without it "
              "every request of users fails");
        CHECK(points.at("db") == "it has one instance: without it every request of users fails");
    }

    TEST_CASE("instances called in turn without a balancer stand in for one another") {
        CHECK(points_of(users("10/s") + ", " + plain("web", R"("instances": 2)")).empty());
        CHECK(names(points_of(users("10/s") + ", " + plain("web"))) == "web");
    }

    TEST_CASE("backends of one balancer stand in for one another, what they share does not") {
        const auto with = [](const std::string& a, const std::string& b) {
            return names(points_of(users("10/s", R"(["lb"])") + ", " + balancer(R"(["a", "b"])") +
                                   ", " + plain("a", R"("calls": )" + a) + ", " +
                                   plain("b", R"("calls": )" + b) + ", " + plain("x") + ", " +
                                   plain("y")));
        };
        CHECK(with(R"(["x"])", R"(["y"])") == "lb");
        CHECK(with(R"(["x"])", R"(["x"])") == "lb x");
        CHECK(with(R"(["x", "y"])", R"(["x"])") == "lb x");
    }

    TEST_CASE(
        "a node that every request needs counts even if all it calls can be reached without") {
        const Points points =
            points_of(users("10/s", R"(["a", "b"])") + ", " + plain("a", R"("calls": ["db"])") +
                      ", " + plain("b", R"("calls": ["db"])") + ", " + plain("db"));
        CHECK(names(points) == "a b db");
        CHECK(points.at("a") == "it has one instance: without it every request of users fails");
    }

    TEST_CASE("the share of requests that fails is said") {
        const Points points = points_of(users("10/s", R"(["front"])") +
                                        R"(, "front": {"kind": "service", "instances": 2,
              "routes": {"*": [{"chance": "10%", "then": [{"call": "extra"}]},
                               {"publish": "mail"}]}}, )" +
                                        plain("extra") + ", " + plain("mail"));
        CHECK(names(points) == "extra mail");
        CHECK(points.at("extra") ==
              "it has one instance: without it 10 % of the requests of users fail");
        CHECK(points.at("mail") ==
              "it has one instance: without it what is published to it is lost, though no answer "
              "fails");
    }

    TEST_CASE("sources are told apart, and a way for one may be the only way to a node") {
        const Points points =
            points_of(users("10/s", R"(["lb"])") + ", " + balancer(R"(["web"])") + ", " +
                      plain("web", R"("calls": ["db"])") + ", " + plain("db") +
                      R"(, "staff": {"kind": "closed_loop", "users": 3, "think_time": "1s",
                           "calls": ["db"]})");
        CHECK(points.at("lb") ==
              "it has one instance and is the only way to web: without it every request of users "
              "fails");
        CHECK(points.at("db") ==
              "it has one instance: without it every request of users fails, every request of "
              "staff fails");
    }

    TEST_CASE("several instances are a single point of failure if the rest is too few") {
        const auto with = [](const std::string& rate) {
            return points_of(users(rate) + ", " + service("web", "10ms", R"("instances": 3)"));
        };
        CHECK(with("199/s").empty());
        CHECK(with("250/s").at("web") ==
              "without one of its 3 instances the rest cannot carry the load: 250 requests/s come "
              "and 200/s can be served");
    }

    TEST_CASE(
        "a database that needs all its members, or one of them, is a single point of failure") {
        const auto of = [](const std::string& database) {
            const Points points = points_of(
                R"("users": {"kind": "open_loop", "arrivals": "10/s", "calls": ["db"],
                   "operations": [{"name": "read"}, {"name": "write", "type": "write"}]},
                   "db": {"kind": )" +
                database + "}");
            return points.contains("db") ? points.at("db") : "";
        };
        CHECK(of(R"("consensus")").empty());
        CHECK(of(R"("quorum")").empty());
        CHECK(of(R"("multi_primary")").empty());
        CHECK(
            of(R"("quorum", "read_quorum": 1, "write_quorum": 3)") ==
            "the failure of one of its 3 members can be enough: then 50 % of the requests of users "
            "fail");
        CHECK(
            of(R"("multi_primary", "mode": "sync")") ==
            "the failure of one of its 2 members can be enough: then 50 % of the requests of users "
            "fail");
        CHECK(
            of(R"("primary_replica", "replicas": 2)") ==
            "the failure of one of its 3 members can be enough: then every request of users fails");
        CHECK(
            of(R"("primary_replica", "replicas": 2, "read_from": "nearest")") ==
            "the failure of one of its 3 members can be enough: then 50 % of the requests of users "
            "fail");
        CHECK(
            of(R"("primary_replica", "replicas": 2, "mode": "sync",
                  "failover": {"fencing": false})") ==
            "the failure of one of its 3 members can be enough: then 50 % of the requests of users "
            "fail");
    }

    TEST_CASE("a detector that confirms the lease of the primary is a single point of failure") {
        const auto of = [](const std::string& more) {
            const Points points = points_of(
                R"("users": {"kind": "open_loop", "arrivals": "10/s", "calls": ["db"],
                   "operations": [{"name": "read"}, {"name": "write", "type": "write"}]},
                   "db": {"kind": "primary_replica", "replicas": 2, )" +
                more + "}");
            return points.contains("db") ? points.at("db") : "";
        };
        CHECK(of(R"("failover": {})") ==
              "the failure of db/detector can be enough: then every request of users fails");
        CHECK(of(R"("failover": {"fencing": false})").empty());
        CHECK(of(R"("failover": {}, "read_from": "nearest")") ==
              "the failure of db/detector can be enough: then 50 % of the requests of users fail");
        CHECK(of(R"("failover": {}, "mode": "sync")") ==
              "the failure of one of its 3 members, or of db/detector, can be enough: then every "
              "request of users fails");
    }

    TEST_CASE("overload is told with its numbers and what would do") {
        const auto once = warnings_of(users("150/s") + ", " + service("web", "10ms"));
        REQUIRE(once.size() == 1);
        CHECK(once[0] ==
              "web gets 150 requests/s and can serve 100/s, a utilisation of 150 %: its queue "
              "grows without bound; 2 instances would have a utilisation of 75 %");
        const auto exactly =
            warnings_of(users("200/s") + ", " + service("web", "10ms", R"("servers": 2)"));
        REQUIRE(exactly.size() == 1);
        CHECK(exactly[0].find("2 instances would have a utilisation of 50 %") != std::string::npos);
        const auto finite =
            warnings_of(users("150/s") + ", " + service("web", "10ms", R"("queue": 5)"));
        REQUIRE(finite.size() == 1);
        CHECK(finite[0].find("at least 33.3 % are rejected") != std::string::npos);
        CHECK(warnings_of(users("99/s") + ", " + service("web", "10ms")).empty());
    }

    TEST_CASE("a store whose reads and writes differ is overloaded by both together") {
        // 75/s of 10 ms and 75/s of 30 ms keep three servers busy; one can do a third.
        const auto warnings = warnings_of(
            R"("users": {"kind": "open_loop", "arrivals": "150/s", "calls": ["db"],
                 "operations": [{"name": "read"}, {"name": "write", "type": "write"}]},
               "db": {"kind": "store", "read_time": "10ms", "write_time": "30ms"})");
        REQUIRE(warnings.size() == 1);
        CHECK(warnings[0] ==
              "db gets 150 requests/s and can serve 50/s, a utilisation of 300 %: its queue grows "
              "without bound; 4 instances would have a utilisation of 75 %");
    }

    TEST_CASE("only the first bottleneck on the way is overloaded by what it lets through") {
        const auto warnings =
            warnings_of(users("300/s", R"(["a"])") + ", " +
                        service("a", "10ms", R"("calls": ["b"])") + ", " + service("b", "8ms"));
        REQUIRE(warnings.size() == 1);
        CHECK(warnings[0].starts_with("a gets 300 requests/s"));
    }

    TEST_CASE("nodes that no load reaches and scenarios without load are told with their place") {
        const auto check = [](const std::string& nodes) {
            const Scenario scenario = scenario_of(nodes);
            models::Diagnostics diagnostics;
            report_findings(scenario, diagnostics);
            CHECK(diagnostics.error_count() == 0);
            return diagnostics.all();
        };
        const auto lonely = check(users("10/s") + ", " + plain("web", R"("instances": 2)") + ", " +
                                  plain("old", R"("calls": ["store"])") + ", " + plain("store"));
        REQUIRE(lonely.size() == 2);
        CHECK(lonely[0].code == models::Code::unreachable_node);
        CHECK(lonely[0].message == "no load source leads to old");
        CHECK(lonely[0].pointer == "/nodes/old");
        CHECK(lonely[0].spot.offset > 0);
        CHECK(lonely[1].pointer == "/nodes/store");
        const auto idle = check(plain("web"));
        REQUIRE(idle.size() == 1);
        CHECK(idle[0].code == models::Code::no_load);
        CHECK(idle[0].pointer == "/nodes");
        const auto single = check(users("150/s") + ", " + service("web", "10ms"));
        REQUIRE(single.size() == 2);
        CHECK(single[0].code == models::Code::overload);
        CHECK(single[1].code == models::Code::single_point_of_failure);
        CHECK(single[1].message ==
              "web is a single point of failure: it has one instance: without it every request of "
              "users fails");
    }

    TEST_CASE("each assumption of a kind in the scenario is told once") {
        const auto told = analyse(scenario_of(users("10/s", R"(["a", "b"])") + ", " + plain("a") +
                                              ", " + plain("b")))
                              .assumptions;
        const auto count = [&told](const std::string& text) {
            return std::ranges::count_if(
                told, [&text](const std::string& one) { return one.starts_with(text); });
        };
        CHECK(count("service: A server is free again") == 1);
        CHECK(count("open_loop: ") == 1);
        CHECK(count("network: Without a network section") == 1);
        CHECK(count("load_balancer: ") == 0);
        CHECK(count("single points of failure: ") == 0);
    }

    TEST_CASE("what a kind has chosen, by default or not, brings its assumptions along") {
        const auto count = [](const std::string& database, const std::string& text) {
            const auto told = analyse(scenario_of(users("10/s", R"(["db"])") +
                                                  R"(, "db": {"kind": )" + database + "}"))
                                  .assumptions;
            return std::ranges::count_if(
                told, [&text](const std::string& one) { return one.starts_with(text + ": "); });
        };
        const std::string documents = R"("nosql", "profile": "document")";
        CHECK(count(documents, "document") == 2);
        CHECK(count(documents, "key_value") == 0);
        CHECK(count(documents, "edge") > 0);
        CHECK(count(R"("relational")", "log") == 1);
        CHECK(count(R"("consensus")", "read_index") == 1);
        CHECK(count(R"("consensus", "reads": {"kind": "lease"})", "read_index") == 0);
        CHECK(count(R"("consensus", "reads": {"kind": "lease"})", "lease") == 2);
        const std::string siblings =
            R"("multi_primary", "mode": {"kind": "async", "conflicts": "siblings"})";
        CHECK(count(siblings, "siblings") == 1);
        CHECK(count(siblings, "last_write_wins") == 0);
        CHECK(count(R"("multi_primary")", "last_write_wins") == 1);
        CHECK(count(R"("quorum", "hints": {})", "hints") == 2);
        CHECK(count(R"("quorum")", "hints") == 0);
    }

    TEST_CASE("the busiest station is the bottleneck, its instances only break it down") {
        Result result;
        for (const auto& [name, value] : std::map<std::string, double>{{"db/utilisation", 0.7},
                                                                       {"users/latency/mean", 5.0},
                                                                       {"store/a/utilisation", 0.9},
                                                                       {"web/0/utilisation", 0.95},
                                                                       {"web/1/utilisation", 0.65},
                                                                       {"web/utilisation", 0.8}}) {
            result.metrics.push_back({.name = name, .unit = "ratio", .value = value, .n = 4});
        }
        sort_by_name(result);
        add_bottleneck(result);
        const MetricResult* const metric = find_metric(result, "system/bottleneck");
        REQUIRE(metric != nullptr);
        CHECK(metric->value == 0.9);
        CHECK(metric->unit == "ratio");
        CHECK(metric->n == 4);
        REQUIRE(result.sections.size() == 1);
        CHECK(result.sections[0].name == "bottleneck");
        REQUIRE(result.sections[0].facts.size() == 1);
        CHECK(std::get<std::string>(result.sections[0].facts[0].value) == "store/a");
        CHECK(find_metric(result, "web/utilisation") != nullptr);
        Result empty;
        add_bottleneck(empty);
        CHECK(empty.metrics.empty());
        CHECK(empty.sections.empty());
    }
}

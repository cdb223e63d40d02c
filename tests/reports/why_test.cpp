// Sentences about a result made by hand, with their numbers worked out beside it.
#include "reports/why.hpp"

#include "reports/report.hpp"
#include "tests/reports/example.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace archsim;
using namespace archsim::reports;

struct Finding {
    std::string sentence;
    std::string option;
};

std::vector<Finding> findings(const scenarios::Result& result, std::string_view about) {
    const scenarios::Section why = explain_limits(result);
    REQUIRE(why.tables.size() == 1);
    std::vector<Finding> found;
    for (const auto& row : why.tables[0].rows) {
        REQUIRE(row.size() == 3);
        if (std::get<std::string>(row[0]) != about) continue;
        const auto* option = std::get_if<std::string>(&row[2]);
        found.push_back({std::get<std::string>(row[1]), option != nullptr ? *option : ""});
    }
    return found;
}

Finding only(const scenarios::Result& result, std::string_view about) {
    const auto all = findings(result, about);
    REQUIRE(all.size() == 1);
    return all.front();
}

/// Two web servers, 90 % in use.
scenarios::Result busy_result() {
    scenarios::Result result{.scenario = "busy"};
    result.nodes = {{"lb", "load_balancer"}, {"users", "open_loop"}, {"web", "service"}};
    const auto add = [&](const char* name, const char* unit, double value) {
        result.metrics.push_back({.name = name, .unit = unit, .value = value, .n = 1});
    };
    add("users/offered", "1/s", 100.0);
    add("users/latency/mean", "s", 0.055);
    add("users/latency/p99", "s", 0.2);
    add("users/availability", "ratio", 0.98);
    add("users/outcome/rejected", "ratio", 0.015);
    add("users/outcome/unreachable", "ratio", 0.005);
    add("users/outcome/failed", "ratio", 0.0);
    add("web/arrivals", "1/s", 100.0);
    add("web/utilisation", "ratio", 0.9);
    add("web/0/utilisation", "ratio", 0.9);
    add("web/1/utilisation", "ratio", 0.9);
    add("web/rejected", "ratio", 0.015);
    add("web/waiting_time/mean", "s", 0.03);
    add("web/waiting_time/p99", "s", 0.18);
    add("web/service_time/mean", "s", 0.02);
    add("web/service_time/p99", "s", 0.09);
    add("web/sojourn_time/mean", "s", 0.05);
    add("system/bottleneck", "ratio", 0.9);
    sort_by_name(result);
    result.sections = {{.name = "bottleneck",
                        .title = "Bottleneck",
                        .facts = {{.name = "station", .value = std::string{"web"}}}}};
    return result;
}

void set(scenarios::Result& result, std::string_view name, double value) {
    for (auto& metric : result.metrics) {
        if (metric.name == name) metric.value = value;
    }
}

bool holds(const Finding& finding, std::string_view part) {
    INFO(finding.sentence);
    const bool found = finding.sentence.find(part) != std::string::npos;
    CHECK(found);
    return found;
}

}  // namespace

TEST_SUITE("reports: why") {
    TEST_CASE("the bottleneck has its headroom, and instances that bring it below 70 %") {
        const Finding finding = only(busy_result(), "bottleneck");
        holds(finding, "web is the busiest station, 90 % in use at 100/s arrivals");
        holds(finding, "bears 1.11 times this load");  // 1 / 0.9
        // 2 x 0.9 / 0.7 = 2.57, so 3, of which each is 1.8 / 3 in use.
        holds(finding, "3 instances instead of 2 would be 60 % in use");
        CHECK(finding.option == "--set nodes/web/instances=3");
    }

    TEST_CASE("a saturated station has no headroom, an idle one an instance too many") {
        scenarios::Result result = busy_result();
        set(result, "system/bottleneck", 0.999);
        holds(only(result, "bottleneck"), "it is saturated");
        set(result, "system/bottleneck", 0.3);
        const Finding finding = only(result, "bottleneck");
        holds(finding, "bears 3.33 times this load");
        holds(finding, "1 instance instead of 2 would be 60 % in use");
        CHECK(finding.option == "--set nodes/web/instances=1");
        set(result, "system/bottleneck", 0.4);  // One would be 80 % in use.
        CHECK(only(result, "bottleneck").option.empty());
    }

    TEST_CASE("latency is split into visits, waiting and service") {
        scenarios::Result result = busy_result();
        set(result, "users/offered", 50.0);  // Then each request visits web twice.
        const Finding finding = only(result, "latency");
        holds(finding, "spends 100 ms at web (2 visits of 50 ms: 30 ms waiting, 20 ms service)");
        holds(finding, "its latency is 55 ms");
        holds(finding, "the tail is waiting: p99 of waiting 180 ms, of service 90 ms");
        CHECK(finding.option == "--set nodes/web/instances=3");
        set(result, "web/waiting_time/mean", 0.01);
        set(result, "web/waiting_time/p99", 0.01);
        const Finding service = only(result, "latency");
        holds(service, "the tail is service");
        CHECK(service.option.empty());
    }

    TEST_CASE("an expectation fails by its distance from the bound") {
        scenarios::Result result = busy_result();
        result.expect = {{"users/latency/p99 <= 100ms", "users/latency/p99", "<=", 0.1, 0.2,
                          scenarios::Verdict::fail, ""},
                         {"users/availability >= 0", "users/availability", ">=", 0.0, 0.98,
                          scenarios::Verdict::pass, ""}};
        const Finding finding = only(result, "expectation");
        holds(finding,
              "\"users/latency/p99 <= 100ms\" does not hold: 200 ms is 100 ms above the "
              "bound, 2 times it");
    }

    TEST_CASE("undecided and unmeasured expectations say why") {
        const auto all = findings(tests::example_result(), "expectation");
        REQUIRE(all.size() == 3);
        holds(all[0], "80 % is 10 % above the bound, 1.14 times it");
        holds(all[1], "is undecided: 499.5/s is 0.5/s below the bound");
        holds(all[1], "the interval from 497.5/s to 501.5/s holds the bound");
        CHECK(all[1].option == "--until-decided");
        holds(all[2], "was not judged: nothing waited");
    }

    TEST_CASE("lost availability is told by outcome, the largest first") {
        const Finding finding = only(busy_result(), "availability");
        holds(finding,
              "users loses 2 % of its requests: 1.5 % rejected, 0.5 % unreachable; web "
              "turns away 1.5 % of what reaches it");
        CHECK(finding.option == "--set nodes/web/instances=3");
        scenarios::Result result = busy_result();
        set(result, "users/availability", 1.0);
        CHECK(findings(result, "availability").empty());
    }

    TEST_CASE("a single point of failure has its reason and what killing it cost") {
        scenarios::Result result = busy_result();
        result.spof = {{"lb", "all requests pass it", 0.25}};
        const Finding finding = only(result, "single_point_of_failure");
        holds(finding,
              "lb is a single point of failure: all requests pass it; killed in a run of "
              "its own, 25 % of all answers were lost");
        CHECK(finding.option.empty());  // A load balancer has no instances to set.
        holds(finding, "a second one, with a dns or active_passive node before both, takes over");
    }

    TEST_CASE("a database is not told to stand twice behind a name, but to replicate otherwise") {
        for (const auto& [kind, remedy] : std::vector<std::pair<std::string, std::string>>{
                 {"primary_replica", "failover"},
                 {"quorum", "quorums of fewer than all"},
                 {"multi_primary", "quorum"},
                 {"consensus", "three replicas"}}) {
            CAPTURE(kind);
            scenarios::Result result = busy_result();
            result.nodes.push_back({"db", kind});
            result.spof = {{"db", "one member is enough", 0.25}};
            const Finding finding = only(result, "single_point_of_failure");
            holds(finding, remedy);
            CHECK(finding.sentence.find("active_passive") == std::string::npos);
        }
    }

    TEST_CASE("a fault costs the difference between its slices and the others") {
        scenarios::Result result = busy_result();
        result.warm_up = sim::Duration::seconds(4);
        result.sections.push_back(
            {.name = "faults",
             .title = "Faults",
             .tables = {{"windows",
                         "",
                         {{"kind"}, {"target"}, {"from", "s"}, {"to", "s"}},
                         {{std::string{"crash"}, std::string{"web/1"}, 10.0, 20.0}}}},
             .is_for_drawing = true});
        // The first slice belongs to the warm-up.
        result.sections.push_back(
            {.name = "series",
             .title = "Series",
             .tables = {{"values",
                         "",
                         {{"time", "s"}, {"users/availability", "ratio"}},
                         {{2.0, 0.0}, {7.0, 1.0}, {12.0, 0.7}, {17.0, 0.9}, {22.0, 1.0}}}},
             .is_for_drawing = true});
        holds(only(result, "fault"),
              "crash web/1 from 10 s to 20 s: users/availability is 80 % "
              "during it and 100 % otherwise");
    }

    TEST_CASE("every report shows the explanation, and a second one replaces the first") {
        scenarios::Result result = busy_result();
        add_explanation(result);
        add_explanation(result);
        CHECK(result.sections.size() == 2);
        for (const Report& report : all_reports()) {
            CAPTURE(report.name);
            const bool has_sections = report.name == "summary" || report.name == "json" ||
                                      report.name == "html" || report.name == "markdown" ||
                                      report.name == "ndjson";
            std::string text = report.write(result, Style{});
            // The terminal has long sentences on several lines.
            for (std::size_t at = 0; (at = text.find("\n    ", at)) != std::string::npos;)
                text.replace(at, 5, " ");
            CHECK((text.find("bears 1.11 times") != std::string::npos) == has_sections);
        }
    }

    TEST_CASE("a result with nothing in it has nothing to explain") {
        const scenarios::Section why = explain_limits(scenarios::Result{.scenario = "none"});
        REQUIRE(why.tables.size() == 1);
        CHECK(why.tables[0].rows.empty());
    }
}

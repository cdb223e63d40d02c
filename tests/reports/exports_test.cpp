// Results as other tools read them: forms from their own documentation, worked by hand.
#include "reports/exports.hpp"

#include "scenarios/experiment.hpp"
#include "tests/reports/example.hpp"
#include "tests/support/checkout.hpp"
#include "tests/support/mentions.hpp"
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

using archsim::tests::mentions;

namespace {

using namespace archsim;
using namespace archsim::reports;
using Json = nlohmann::json;

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream{text};
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

scenarios::Result labelled_result() {
    scenarios::Result result{.scenario = "o\"n\\e\n"};
    result.metrics = {
        {.name = "lb/backend/web/0/share", .unit = "ratio", .value = 0.75},
        {.name = "users->lb/latency/p99.9",
         .unit = "s",
         .value = 0.25,
         .ci95 = scenarios::Interval{0.2, 0.3},
         .n = 3},
        {.name = "users/offered", .unit = "1/s", .value = 10.0},
        {.name = "users/outcome/timed_out", .unit = "ratio", .value = 0.0},
        {.name = "users/read/latency/p50", .unit = "s", .value = 1e-05},
        {.name = "users/read/offered", .unit = "1/s", .value = 4.0},
        {.name = "web/0/utilisation", .unit = "ratio", .value = 0.5},
        {.name = "web/hit_ratio", .unit = "ratio", .reason = "no lookups"},
        {.name = "web/lost_in_crash", .unit = "count", .value = 3.0},
    };
    return result;
}

/// Names of samples in an exposition.
std::set<std::string> names_in(const std::string& exposition) {
    std::set<std::string> names;
    for (const std::string& line : lines_of(exposition)) {
        if (!line.starts_with('#')) names.insert(line.substr(0, line.find_first_of("{ ")));
    }
    return names;
}

}  // namespace

TEST_SUITE("reports: prometheus") {
    TEST_CASE("a path becomes a family with labels, and quotes cannot end a label") {
        const std::string text = write_prometheus(labelled_result());
        const std::string scenario = R"({scenario="o\"n\\e ",)";
        CHECK(mentions(text, "\narchsim_latency_quantile_seconds" + scenario +
                                 R"(metric="users->lb/latency/p99.9",node="users->lb",)" +
                                 "q=\"0.999\"} 0.25\n"));
        CHECK(mentions(text, "\narchsim_latency_quantile_ci95_low_seconds" + scenario +
                                 R"(metric="users->lb/latency/p99.9",node="users->lb",)" +
                                 "q=\"0.999\"} 0.2\n"));
        CHECK(mentions(text,
                       "metric=\"users/read/latency/p50\",node=\"users\",part=\"read\","
                       "q=\"0.5\"} 1e-05\n"));
        CHECK(mentions(text, "\narchsim_utilisation_ratio" + scenario +
                                 "metric=\"web/0/utilisation\",node=\"web\",part=\"0\"} 0.5\n"));
        CHECK(mentions(text, "\narchsim_backend_share_ratio" + scenario +
                                 "metric=\"lb/backend/web/0/share\",node=\"lb\",part=\"web/0\"} "
                                 "0.75\n"));
        CHECK(mentions(text, "\narchsim_offered_per_second" + scenario +
                                 "metric=\"users/offered\",node=\"users\"} 10\n"));
        CHECK(mentions(text, "\narchsim_outcome_timed_out_ratio{"));
        CHECK(mentions(text, "\narchsim_lost_in_crash" + scenario));
        CHECK_FALSE(mentions(text, "hit_ratio"));
        CHECK_FALSE(mentions(text, "# EOF"));
    }

    TEST_CASE("names of nodes are labels and never words of a family") {
        scenarios::Result result{.scenario = "s"};
        result.nodes = {{"lb_b", "load_balancer"}};
        result.metrics = {
            {.name = "cost/lb_b", .unit = "usd", .value = 1.0},
            {.name = "cost/lb_b/sent/brazil", .unit = "usd", .value = 2.0},
            {.name = "cost/per_month", .unit = "usd", .value = 3.0},
            {.name = "names/site/lb_b/share", .unit = "ratio", .value = 0.5},
        };
        const std::string text = write_prometheus(result);
        CHECK(mentions(text, "archsim_cost_usd{"));
        CHECK(mentions(text, "archsim_cost_sent_usd{"));
        CHECK(mentions(text, "archsim_cost_per_month_usd{"));
        CHECK(mentions(text, "archsim_site_share_ratio{"));
        CHECK(mentions(text, "node=\"lb_b\",part=\"brazil\""));
        CHECK_FALSE(mentions(text, "archsim_lb_b"));
        CHECK_FALSE(mentions(text, "site_lb_b"));
    }

    TEST_CASE("members, shards, subscriptions and locations are labels as well") {
        scenarios::Result result{.scenario = "s"};
        for (const char* name : {"cdn/beijing/egress",
                                 "cdn/beijing/hit_ratio",
                                 "cdn/beijing/reads",
                                 "cdn/egress",
                                 "cdn/hit_ratio",
                                 "consistency/k_staleness/2",
                                 "db/log/batch",
                                 "db/log/utilisation",
                                 "db/primary/utilisation",
                                 "db/replica/0/utilisation",
                                 "db/utilisation",
                                 "events/subscription/search/acked",
                                 "events/subscription/search/age/p99",
                                 "q/disk/0/arrivals",
                                 "shards/shard/12/share",
                                 "users/outcome/ok",
                                 "users/read/latency/p50",
                                 "users/read/offered",
                                 "web/deploy/waves",
                                 "web/fan_out/timeline/delay/mean",
                                 "web/rejected/shed"}) {
            result.metrics.push_back({.name = name, .unit = "count", .value = 1.0});
        }
        const std::string text = write_prometheus(result);
        std::set<std::string> names = names_in(text);
        for (const char* of_the_run :
             {"archsim_run_info", "archsim_run_is_complete", "archsim_run_replications",
              "archsim_run_simulated_seconds", "archsim_single_points_of_failure"}) {
            CHECK(names.erase(of_the_run) == 1);
        }
        CHECK(names == std::set<std::string>{
                           "archsim_arrivals", "archsim_batch", "archsim_deploy_waves",
                           "archsim_egress", "archsim_fan_out_delay_mean", "archsim_hit_ratio",
                           "archsim_k_staleness", "archsim_latency_quantile", "archsim_offered",
                           "archsim_outcome_ok", "archsim_reads", "archsim_rejected_shed",
                           "archsim_share", "archsim_subscription_acked",
                           "archsim_subscription_age_quantile", "archsim_utilisation"});
        for (const char* labels :
             {R"(node="cdn",part="beijing")", R"(node="db",part="replica/0")",
              R"(node="db",part="primary")", R"(node="events",part="search",q="0.99")",
              R"(node="q",part="disk/0")", R"(node="shards",part="shard/12")",
              R"(node="web",part="timeline")"}) {
            CAPTURE(labels);
            CHECK(mentions(text, labels));
        }
    }

    TEST_CASE("each family is declared once, before its samples, which stand together") {
        for (const std::string& text : {write_prometheus(tests::example_result()),
                                        write_openmetrics(tests::example_result())}) {
            std::set<std::string> declared;
            std::string current;
            for (const std::string& line : lines_of(text)) {
                if (line.starts_with("# HELP ")) {
                    current = line.substr(7, line.find(' ', 7) - 7);
                    CHECK(declared.insert(current).second);
                } else if (line.starts_with("# UNIT ")) {
                    CHECK(current.ends_with("_" + line.substr(line.rfind(' ') + 1)));
                } else if (!line.starts_with('#')) {
                    const std::string name = line.substr(0, line.find_first_of("{ "));
                    CHECK((name == current || name == current + "_info"));
                }
            }
            CHECK(declared.size() > 10);
        }
        CHECK(write_openmetrics(tests::example_result()).ends_with("\n# EOF\n"));
    }

    TEST_CASE("expectations and theory are exported with their verdict and formula") {
        const std::string text = write_prometheus(tests::example_result());
        CHECK(mentions(text,
                       "number=\"0\",expectation=\"users/latency/p99 <= 40ms\","
                       "metric=\"users/latency/p99\",verdict=\"pass\"} 1\n"));
        CHECK(mentions(text, "verdict=\"fail\"} 0\n"));
        CHECK(mentions(text, "archsim_theory_waiting_time_mean_seconds"));
        CHECK(mentions(text, "formula=\"M/M/1\"} 0.00401\n"));
    }

    TEST_CASE("the Grafana dashboard asks only for what a run exports") {
        std::ifstream file{tests::checkout() + "/reports/assets/grafana.json"};
        const Json dashboard = Json::parse(file);
        const scenarios::Scenario scenario = tests::read_text(R"(
            "duration": "4s", "seed": 5, "replications": 3,
            "nodes": {
                "users": {"kind": "open_loop", "arrivals": "100/s", "calls": ["web"]},
                "web": {"kind": "service", "service_time": {"kind": "exponential", "mean": "5ms"}}},
            "expect": ["users/latency/p99 <= 1s"])");
        const std::set<std::string> exported =
            names_in(write_prometheus(scenarios::run_experiment(scenario, {})));
        const std::regex name{"archsim_[a-z0-9_]+"};
        std::set<std::string> asked;
        for (const Json& panel : dashboard.at("panels")) {
            CHECK_FALSE(panel.at("title").get<std::string>().empty());
            for (const Json& target : panel.value("targets", Json::array())) {
                const auto expr = target.at("expr").get<std::string>();
                for (std::sregex_iterator at{expr.begin(), expr.end(), name}, end; at != end; ++at)
                    asked.insert(at->str());
            }
        }
        CHECK(asked.size() >= 8);
        for (const std::string& one : asked) {
            CAPTURE(one);
            CHECK(exported.contains(one));
        }
    }
}

TEST_SUITE("reports: ndjson") {
    TEST_CASE("every line is an object with a kind, and nothing is left out") {
        const scenarios::Result result = tests::example_result();
        std::map<std::string, int> kinds;
        for (const std::string& line : lines_of(write_ndjson(result))) {
            const Json json = Json::parse(line);
            ++kinds[json.at("kind").get<std::string>()];
            if (json["kind"] == "metric" && json["name"] == "users/latency/p99") {
                CHECK(json["value"] == 0.0381);
                CHECK(json["unit"] == "s");
            }
            if (json["kind"] == "row") CHECK(json["section"] == "cap");
        }
        CHECK(kinds == std::map<std::string, int>{{"run", 1},
                                                  {"node", 3},
                                                  {"assumption", 1},
                                                  {"metric", 9},
                                                  {"theory", 1},
                                                  {"expect", 4},
                                                  {"spof", 1},
                                                  {"cost", 2},
                                                  {"cost_assumption", 1},
                                                  {"warning", 1},
                                                  {"fact", 1},
                                                  {"row", 2}});
    }
}

TEST_SUITE("reports: hgrm") {
    TEST_CASE("percentiles have the form that HdrHistogram writes") {
        scenarios::Result result{.scenario = "s"};
        result.sections = {
            {.name = "distributions",
             .title = "d",
             .tables = {{"points",
                         "",
                         {{"metric"}, {"value", "s"}, {"share", "ratio"}},
                         {{std::string{"users/latency"}, 0.001, 0.0},
                          {std::string{"users/latency"}, 0.0025, 0.75},
                          {std::string{"users/latency"}, 0.01, 1.0},
                          {std::string{"bots/latency"}, 0.5, 1.0}}},
                        {"totals",
                         "",
                         {{"metric"}, {"count"}, {"mean", "s"}, {"deviation", "s"}, {"max", "s"}},
                         {{std::string{"users/latency"}, 8.0, 0.003, 0.002, 0.01}}}},
             .is_for_drawing = true}};
        CHECK(write_hgrm(result) ==
              "#[Source = users/latency]\n"
              "       Value     Percentile TotalCount 1/(1-Percentile)\n"
              "\n"
              "    1.000000 0.000000000000          0           1.00\n"
              "    2.500000 0.750000000000          6           4.00\n"
              "   10.000000 1.000000000000          8\n"
              "#[Mean    =     3.000000, StdDeviation   =     2.000000]\n"
              "#[Max     =    10.000000, Total count    =            8]\n"
              "#[Source = bots/latency]\n"
              "       Value     Percentile TotalCount 1/(1-Percentile)\n"
              "\n"
              "  500.000000 1.000000000000          0\n");
    }

    TEST_CASE("a run fills the totals: M/M/1 at half load, mean 20 ms, deviation 20 ms") {
        const scenarios::Scenario scenario = tests::read_text(R"(
            "duration": "400s", "warm_up": "10s", "seed": 11, "replications": 1,
            "nodes": {
                "users": {"kind": "open_loop", "arrivals": "50/s", "calls": ["web"]},
                "web": {"kind": "service",
                        "service_time": {"kind": "exponential", "mean": "10ms"}}})");
        scenarios::ExperimentOptions options;
        options.in_detail = true;
        const scenarios::Result result = scenarios::run_experiment(scenario, options);
        const auto* section = scenarios::find_section(result.sections, "distributions");
        REQUIRE(section != nullptr);
        const auto* totals = scenarios::find_table(*section, "totals");
        REQUIRE(totals != nullptr);
        REQUIRE(totals->rows.size() == 1);
        // The sojourn time of M/M/1 is exponential with mean 1/(100/s - 50/s): 20 ms. The mean of n
        // successive waiting times has the asymptotic variance r(2+5r-4r^2+r^3)/(1-r)^4/n in
        // squared service times (Whitt 1989, "Planning queueing simulations"): 29/19,500 here, so
        // its standard error is 2 % of the mean sojourn time of two service times; five of them.
        // The deviation comes from fourth moments, so it gets twice as much.
        CHECK(std::get<double>(totals->rows[0][1]) == doctest::Approx(19'500).epsilon(0.03));
        CHECK(std::get<double>(totals->rows[0][2]) == doctest::Approx(0.020).epsilon(0.10));
        CHECK(std::get<double>(totals->rows[0][3]) == doctest::Approx(0.020).epsilon(0.20));
        CHECK(mentions(write_hgrm(result), "#[Source = users/latency]"));
    }

    TEST_CASE("a result without distributions says so") {
        CHECK(write_hgrm(tests::example_result()) == "# This result holds no distributions.\n");
    }
}

TEST_SUITE("reports: markdown") {
    TEST_CASE("tables hold verdicts, metrics and chapters, and names cannot break them") {
        scenarios::Result result = tests::example_result();
        result.warnings = {"a | b <script>"};
        const std::string text = write_markdown(result);
        CHECK(text.starts_with("# café-queue\n"));
        CHECK(mentions(text, "**1 of 4 expectations hold.**"));
        CHECK(mentions(text,
                       "| pass | users/latency/p99 &lt;= 40ms | 38.1 ms | 37.4 ms to 38.8 ms |"));
        CHECK(mentions(text, "| users/availability | 99.999 % |"));
        CHECK(mentions(text, "## Partition\n"));
        CHECK(mentions(text, "| side | down |\n| --- | --- |\n| left | 1.5 s |\n"));
        CHECK(mentions(text, "- a \\| b &lt;script&gt;\n"));
        // Every row of a table has as many cells as its head.
        std::size_t bars = 0;
        for (const std::string& line : lines_of(text)) {
            if (!line.starts_with('|')) {
                bars = 0;
                continue;
            }
            std::size_t here = 0;
            for (std::size_t i = 0; i < line.size(); ++i)
                here += line[i] == '|' && (i == 0 || line[i - 1] != '\\') ? 1 : 0;
            if (bars != 0) CHECK(here == bars);
            bars = here;
        }
    }
}

// A small finished experiment with every part of a result in it, made by hand for the reports.
#pragma once

#include "scenarios/result.hpp"

namespace archsim::tests {

/// The bill of the example: two lines.
inline scenarios::Bill example_bill() {
    scenarios::Bill bill;
    bill.lines = {
        {"db", "instances", 1.0, "count", "on average", "$12.50/month",
         sim::Money::nanodollars(12'500'000'000)},
        {"web", "instances", 2.5, "count", "on average", "$2.90/month",
         sim::Money::nanodollars(7'250'000'000)},
    };
    bill.per_million_requests = 0.015625;
    bill.assumptions = {"a month has 730 hours"};
    return bill;
}

/// Two expectations of four kinds of verdict, a load source, two stations, theory and a section.
inline scenarios::Result example_result() {
    using scenarios::Interval;
    using scenarios::MetricResult;
    using scenarios::Verdict;
    const auto method = scenarios::Method::replications;
    scenarios::Result result{.scenario = "café-queue"};
    result.description = "Does one server do?";
    result.seed = 7;
    result.replications = 10;
    result.simulated = sim::Duration::seconds(60);
    result.warm_up = sim::Duration::seconds(10);
    result.events = 123456;
    result.fingerprint = 0x9f0c;
    result.nodes = {{"users", "open_loop"}, {"db", "service"}, {"web", "service"}};
    const auto measured = [&](const char* name, const char* unit, double value, double half) {
        return MetricResult{.name = name,
                            .unit = unit,
                            .value = value,
                            .ci95 = Interval{value - half, value + half},
                            .n = 10,
                            .method = method};
    };
    result.metrics = {
        measured("users/offered", "1/s", 500.0, 2.0),
        measured("users/throughput", "1/s", 499.5, 2.0),
        measured("users/availability", "ratio", 0.99999, 0.0),
        measured("users/latency/mean", "s", 0.0125, 0.00025),
        measured("users/latency/p99", "s", 0.0381, 0.0007),
        measured("web/utilisation", "ratio", 0.25, 0.0025),
        measured("db/utilisation", "ratio", 0.8, 0.008),
        measured("db/waiting_time/mean", "s", 0.004, 0.00004),
        {.name = "web/waiting_time/mean", .unit = "s", .reason = "nothing waited"},
    };
    result.theory = {{"db/waiting_time/mean", 0.00401, "M/M/1", -0.5}};
    result.expect = {
        {"users/latency/p99 <= 40ms", "users/latency/p99", "<=", 0.04, 0.0381, Verdict::pass, ""},
        {"db/utilisation < 70%", "db/utilisation", "<", 0.7, 0.8, Verdict::fail, ""},
        {"users/throughput >= 500/s", "users/throughput", ">=", 500.0, 499.5, Verdict::undecided,
         "run longer"},
        {"web/waiting_time/mean < 1ms", "web/waiting_time/mean", "<", 0.001, std::nullopt,
         Verdict::no_data, "nothing waited"},
    };
    result.spof = {{"db", "all requests pass it"}};
    result.cost = example_bill();
    result.assumptions = {"no network delay"};
    result.warnings = {"db is close to saturation"};
    result.sections = {{.name = "cap",
                        .title = "Partition",
                        .facts = {{"stale", 0.125, "ratio"}},
                        .tables = {{"sides",
                                    "By side",
                                    {{"side"}, {"down", "s"}},
                                    {{std::string{"left"}, 1.5}, {std::string{"right"}, 0.25}}}}}};
    sort_by_name(result);
    return result;
}

}  // namespace archsim::tests

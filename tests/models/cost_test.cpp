// Bills worked out by hand, to the cent: what each thing is measured by, whole designs, and what
// must not be billed.
#include "scenarios/experiment.hpp"
#include "scenarios/optimize.hpp"
#include "tests/support/scenario_text.hpp"
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

using namespace archsim;
using doctest::Approx;

namespace {

constexpr double cent = 0.005;

/// Ten requests a second at 100 ms, 200 ms ...: 1000 in the 100 s that are measured.
const std::string ten_a_second = R"("duration": "100050ms", "warm_up": "50ms")";

std::string users(const std::string& callee, const std::string& operation = "") {
    return R"("users": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "10/s"},)" +
           operation + R"("calls": [")" + callee + R"("]})";
}

tests::Measured measured(const std::string& members) {
    const scenarios::Scenario scenario = tests::read_text(members);
    return tests::Measured{scenarios::run_replication(scenario, 0, scenario.warm_up.length, {})};
}

}  // namespace

TEST_SUITE("cost") {
    TEST_CASE("a design with instances, requests, storage and traffic agrees to the cent") {
        // A month of 730 h has 2 628 000 s, and 10/s make 26.28 million requests.
        //   web: 2 instances x 730 h x $0.10 = $146.00; answers of 10 kB to users, 262.8 GB, and
        //        requests of 1 kB to the store, 26.28 GB, at $0.09/GB: 289.08 GB, $26.0172.
        //   store: 26.28 million reads at $0.40 = $10.512; 5 GB x $0.02 = $0.10; it sends 1 MB each
        //        time, 26 280 GB x $0.05 = $1314.00.
        const std::string text =
            ten_a_second + R"(, "nodes": {)" +
            users("web", R"("operations": [{"name": "get", "size": "1kB"}],)") +
            R"(,
            "web": {"kind": "service", "instances": 2, "response_size": "10kB", "calls": ["store"],
                    "price": {"instance": "$0.10/h", "sent": "$0.09/GB"}},
            "store": {"kind": "object_store", "objects": 5000, "object_size": "1MB",
                      "price": "objects"}},
            "prices": {"objects": {"request": "$0.40/1M", "write": "$5/1M", "storage": "$0.02/GB",
                                   "sent": "$0.05/GB", "source": "a list", "as_of": "2026-06-17"}},
            "expect": ["cost/per_month <= $1497", "cost/per_month < $1496", "cost/web <= $180"])";
        const scenarios::Scenario scenario = tests::read_text(text);
        const scenarios::Result result = scenarios::run_experiment(scenario, {});
        const auto cost_of = [&result](const std::string& name) {
            return *find_metric(result, "cost/" + name)->value;
        };
        CHECK(std::abs(cost_of("web/instances") - 146.0) < 1e-9);
        CHECK(std::abs(cost_of("web/sent") - 26.0172) < 1e-9);
        CHECK(std::abs(cost_of("web") - 172.0172) < 1e-9);
        CHECK(std::abs(cost_of("store/requests") - 10.512) < 1e-9);
        CHECK(cost_of("store/writes") == 0.0);
        CHECK(std::abs(cost_of("store/storage") - 0.10) < 1e-9);
        CHECK(std::abs(cost_of("store/sent") - 1314.0) < 1e-6);
        CHECK(std::abs(cost_of("per_month") - 1496.6292) < cent);
        CHECK(std::abs(cost_of("per_million_requests") - 1496.6292 / 26.28) < cent);
        CHECK(result.expect[0].verdict == scenarios::Verdict::pass);
        CHECK(result.expect[1].verdict == scenarios::Verdict::fail);

        const scenarios::Bill& bill = result.cost;
        REQUIRE(bill.lines.size() == 6);
        CHECK(bill.lines[0].node == "store");
        CHECK(bill.lines[0].item == "requests");
        CHECK(bill.lines[0].quantity == Approx(26.28e6));
        CHECK(bill.lines[0].price == "$0.40/1M");
        CHECK(bill.lines[2].quantity == Approx(5e9));
        CHECK(bill.lines[4].item == "instances");
        CHECK(bill.lines[4].quantity == Approx(2.0));
        CHECK(bill.lines[4].amount == sim::Money::nanodollars(146'000'000'000));
        CHECK(std::abs(bill.total().dollars() - 1496.6292) < cent);
        CHECK(bill.assumptions.front().find("730 hours") != std::string::npos);
        CHECK(bill.assumptions[bill.assumptions.size() - 2] ==
              "store: prices of objects, as of 2026-06-17; a list");
    }

    TEST_CASE("instances that come and go are paid for by the time that they are there") {
        // One from the start, two more from 25 s to 75 s of 100 s: two on average.
        const auto found = tests::run_text(R"("duration": "100s", "nodes": {)" + users("web") + R"(,
            "web": {"kind": "service", "price": {"instance": "$100/month"}}},
            "faults": [{"kind": "add_instance", "node": "web", "count": 2, "at": "25s"},
                       {"kind": "remove_instance", "node": "web", "count": 2, "at": "75s"}])");
        CHECK(found["cost/web/instances"] == Approx(200.0).epsilon(1e-12));
    }

    TEST_CASE("an instance that an autoscaler starts is paid for from the decision on") {
        // Looks every 10 s. At 20 s two more are asked for, which start for 10 s; at 60 s they are
        // taken out: 1 + 2 x 40 / 100 instances are paid for, 1 + 2 x 30 / 100 work.
        const auto found = tests::run_text(R"("duration": "100s", "nodes": {)" + users("web") + R"(,
            "web": {"kind": "service", "price": {"instance": "$100/month"},
                    "autoscaler": {"max": 3, "interval": "10s", "start_up": "10s",
                        "policy": {"kind": "schedule", "entries": [
                            {"at": "20s", "instances": 3}, {"at": "60s", "instances": 1}]}}}})");
        CHECK(found["cost/web/instances"] == Approx(180.0).epsilon(1e-12));
        CHECK(found["web/instances/mean"] == Approx(1.6).epsilon(1e-12));
    }

    TEST_CASE("a machine that gets another version is paid for all the while") {
        const auto found = tests::run_text(R"("duration": "100s", "nodes": {)" + users("web") + R"(,
            "web": {"kind": "service", "instances": 2, "price": {"instance": "$100/month"}}},
            "faults": [{"kind": "deploy", "node": "web", "at": "20s", "wave_time": "20s",
                        "strategy": {"kind": "rolling", "wave": 1}}])");
        CHECK(found["web/deploy/completed"] == 1.0);
        CHECK(found["cost/web/instances"] == Approx(200.0).epsilon(1e-12));
    }

    TEST_CASE("a warm-up is not paid for") {
        const auto found =
            measured(R"("duration": "100s", "warm_up": "50s", "nodes": {)" + users("web") + R"(,
            "web": {"kind": "service", "instances": 3, "price": {"instance": "$100/month"}}},
            "faults": [{"kind": "remove_instance", "node": "web", "count": 2, "at": "75s"}])");
        CHECK(found["cost/web"] == Approx(200.0).epsilon(1e-12));
    }

    TEST_CASE("a crashed instance is paid for, and what nobody receives is not") {
        // Down from 50.05 s on: 500 of 1000 requests arrive; unreachable ones cost nothing.
        const auto found = measured(ten_a_second + R"(, "nodes": {)" + users("web") + R"(,
            "web": {"kind": "service", "response_size": "1MB",
                    "price": {"instance": "$100/month", "request": "$1/1M", "sent": "$1/GB"}}},
            "faults": [{"kind": "crash", "node": "web", "at": "50050ms"}])");
        CHECK(found["cost/web/instances"] == Approx(100.0));
        CHECK(found["cost/web/requests"] == Approx(13.14));
        CHECK(found["cost/web/sent"] == Approx(13'140.0));
        // Half of the requests were answered: $13 253.14 for 13.14 million.
        CHECK(found["cost/per_million_requests"] == Approx(13'253.14 / 13.14));
    }

    TEST_CASE("a database pays for every member and the disk of each") {
        const auto found = measured(ten_a_second + R"(, "nodes": {)" + users("db") + R"(,
            "db": {"kind": "primary_replica", "replicas": 2,
                   "price": {"instance": "$0.20/h", "storage": "$0.10/GiB", "stored": "50GiB"}}})");
        CHECK(std::abs(found["cost/db/instances"] - 438.0) < cent);  // 3 x 730 x 0.20
        CHECK(std::abs(found["cost/db/storage"] - 15.0) < cent);     // 3 x 50 x 0.10
        CHECK(std::abs(found["cost/db"] - 453.0) < cent);
    }

    TEST_CASE("a retry is sent again and paid for again, a balancer pays for what it passes on") {
        // Instance 0 is down: the first try of every request meets it, the second instance 1. The
        // balancer sends 1 kB twice, and one answer of 9 kB.
        const auto found =
            measured(ten_a_second + R"(, "nodes": {
            "users": {"kind": "open_loop", "operations": [{"name": "get", "size": "1kB"}],
                      "arrivals": {"kind": "constant", "rate": "10/s"},
                      "calls": [{"to": "lb", "retry": {"attempts": 2}}]},
            "lb": {"kind": "load_balancer", "policy": "round_robin", "price": {"sent": "$1/GB"},
                   "calls": ["web"]},
            "web": {"kind": "service", "instances": 2, "response_size": "9kB",
                    "price": {"request": "$1/1M"}}},
            "faults": [{"kind": "crash", "node": "web/0", "at": "0s"}])");
        CHECK(found["users->lb/retries"] == Approx(0.5));
        CHECK(found["cost/web"] == Approx(26.28));
        CHECK(found["cost/lb"] == Approx(26.28 * (2.0 + 9.0)));
    }

    TEST_CASE("messages within a component are free") {
        // Every read misses at the location, which asks the shield, which asks the origin: the
        // shield's answer of 1 MB is none of the two that are paid for.
        const auto found = measured(ten_a_second + R"(, "regions": ["here"], "nodes": {
            "users": {"kind": "open_loop", "region": "here", "calls": ["cdn"],
                      "arrivals": {"kind": "constant", "rate": "10/s"}},
            "cdn": {"kind": "cdn", "region": "here", "shield": "here", "capacity": "1B",
                    "price": {"request": "$1/1M", "sent": "$1/GB"}, "calls": ["store"]},
            "store": {"kind": "object_store", "region": "here", "object_size": "1MB",
                      "price": {"sent": "$1/GB"}}})");
        CHECK(found["cost/cdn/requests"] == Approx(26.28));
        CHECK(found["cost/cdn/sent"] == Approx(26'280.0));
        CHECK(found["cost/store"] == Approx(26'280.0));
    }

    TEST_CASE("without prices there is no bill") {
        const scenarios::Scenario scenario = tests::read_text(
            R"("duration": "1s", "nodes": {)" + users("web") + R"(, "web": {"kind": "service"}})");
        const scenarios::Result result = scenarios::run_experiment(scenario, {});
        CHECK(find_metric(result, "cost/per_month") == nullptr);
        CHECK(result.cost.assumptions.empty());
    }

    TEST_CASE("optimize makes the bill small where nothing else is asked for") {
        // 150/s of 10 ms in 60 % of the servers need 2.5: three, of those at $30.
        scenarios::OptimizeQuestion question;
        question.document = tests::document_of(
            tests::users("150/s") + R"(, "web": {"kind": "service", "price": "small",
                "service_time": {"kind": "exponential", "mean": "10ms"}})",
            R"("prices": {"small": {"instance": "$30/month"}, "large": {"instance": "$50/month"}},
               "expect": ["web/utilisation <= 60%"])");
        question.choices = scenarios::VariantSpace{{{"nodes/web/instances", {"1", "2", "3", "4"}},
                                                    {"nodes/web/price", {"small", "large"}}}};
        question.cost = {{1.0, "cost/per_month"}};
        question.trial.most = 16;
        const scenarios::OptimizeResult result = scenarios::optimize(question);
        REQUIRE(result.best);
        CHECK(result.candidates[*result.best].cost == Approx(90.0));
        CHECK(result.cost_unit == "usd");
    }
}

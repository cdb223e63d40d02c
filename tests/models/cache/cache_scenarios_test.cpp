// Caches through the whole product, from the text of a scenario to its metrics: miss counts of an
// independent program, closed forms, messages on the way, and mistakes in scenarios.
#include "models/theory/caching.hpp"
#include "scenarios/experiment.hpp"
#include "tests/models/cache/miss_counts.hpp"
#include "tests/support/mentions.hpp"
#include "tests/support/scenario_text.hpp"
#include "tests/support/small_run.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/trace_generator.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <exception>
#include <map>
#include <string>
#include <string_view>
#include <vector>

using namespace archsim;
using doctest::Approx;
using tests::mentions;

namespace {

using tests::KnownMisses;
using tests::Unit;

/// A trace as the replay source reads it: a read each microsecond, the first after one. What
/// happens at the very start of a run is not measured.
std::string csv(const tests::Trace& trace) {
    std::string text = "time,operation,key,size\n";
    std::uint64_t number = 1;
    for (const tests::TraceRequest& request : trace) {
        text += fmt::format("{}.{:06},get,{},{}\n", number / 1'000'000, number % 1'000'000,
                            request.key, request.size);
        ++number;
    }
    return text;
}

/// Policies whose counts are checked on every trace; the others on one.
constexpr std::string_view everywhere[] = {"lru", "fifo"};
constexpr std::string_view on_one_trace[] = {"lfu", "clock", "sieve", "s3_fifo", "arc", "two_q"};

/// The caches that one trace is replayed through, all in one run: each request is read from one
/// after another, and every cache stands before a service that answers at once.
struct Caches {
    std::string nodes;
    std::string calls;
    std::map<std::string, std::int64_t> misses;

    void add(const KnownMisses& row, std::string_view policy) {
        const auto& all = tests::counted_policies;
        const auto column =
            static_cast<std::size_t>(std::find(all.begin(), all.end(), policy) - all.begin());
        const bool in_bytes = row.unit == Unit::bytes;
        const std::string name = fmt::format("{}_{}", policy, row.capacity);
        nodes += fmt::format(
            R"(, "{}": {{"kind": "cache", "capacity": {}, "eviction": "{}", "calls": ["origin"]}})",
            name, in_bytes ? fmt::format("\"{}B\"", row.capacity) : std::to_string(row.capacity),
            policy);
        calls += fmt::format(R"({}"{}")", calls.empty() ? "" : ", ", name);
        misses[name] = row.misses[column];
    }
};

/// Checks all counts of one trace.
void check_counts(std::string_view trace_name, bool all_policies) {
    const tests::Trace trace = tests::named_trace(trace_name);
    Caches caches;
    for (const KnownMisses& row : tests::known_misses) {
        if (row.trace != trace_name) continue;
        for (const std::string_view policy : everywhere) caches.add(row, policy);
        if (!all_policies || row.capacity != 1000) continue;
        for (const std::string_view policy : on_one_trace) caches.add(row, policy);
    }
    const tests::TemporaryFolder folder;
    folder.write("trace.csv", csv(trace));
    const tests::Measured found = tests::run_text(fmt::format(R"("duration": "1s", "nodes": {{
            "users": {{"kind": "replay", "file": "trace.csv", "calls": [{}]}},
            "origin": {{"kind": "service"}}{}}})",
                                                              caches.calls, caches.nodes),
                                                  folder.path());
    for (const auto& [name, misses] : caches.misses) {
        CAPTURE(trace_name);
        CAPTURE(name);
        CHECK(found[name + "/misses"] == static_cast<double>(misses));
        const double hits = 1.0 - static_cast<double>(misses) / static_cast<double>(trace.size());
        CHECK(found[name + "/hit_ratio"] == Approx(hits).epsilon(1e-12));
    }
}

/// Poisson reads of 1,000 keys through `cache` to an origin that answers at once.
std::string irm(const std::string& keys, const std::string& cache) {
    return R"("duration": "220s", "warm_up": "20s", "nodes": {
        "users": {"kind": "open_loop", "arrivals": "1000/s", "calls": ["cache"],
                  "keys": {"kind": )" +
           keys + R"(, "count": 1000}},
        "cache": {"kind": "cache", "calls": ["db"], )" +
           cache + R"(}, "db": {"kind": "service"}})";
}

/// The problems of a scenario whose cache has these members; empty if there are none.
std::string problems(const std::string& members) {
    try {
        static_cast<void>(tests::scenario_of(
            tests::users("1/s", R"(["cache"])") +
            R"(, "db": {"kind": "service"}, "cache": {"kind": "cache", )" + members + "}"));
    } catch (const std::exception& problem) {
        return problem.what();
    }
    return {};
}

}  // namespace

TEST_SUITE("cache scenarios") {
    TEST_CASE("replayed traces miss exactly as often as in an independent program") {
        check_counts("belady", false);
        check_counts("tanenbaum", false);
        check_counts("zipfS", true);
        check_counts("scan", false);
        check_counts("uniform", false);
        check_counts("zipfsz", false);
    }

    TEST_CASE("least recently used and fifo agree with Che's approximation, and theory says so") {
        const std::vector<double> popularity = models::theory::zipf_popularity(1000, 0.9);
        for (const std::string policy : {"lru", "fifo"}) {
            CAPTURE(policy);
            scenarios::Scenario scenario = tests::read_text(
                irm(R"("zipf", "skew": 0.9)", R"("capacity": 100, "eviction": ")" + policy + '"'));
            const scenarios::Result result = scenarios::run_experiment(scenario, {});
            const auto* const measured = scenarios::find_metric(result, "cache/hit_ratio");
            REQUIRE(measured != nullptr);
            const double che = policy == "lru"
                                   ? models::theory::lru_estimate(popularity, 100).hit_ratio
                                   : models::theory::fifo_estimate(popularity, 100).hit_ratio;
            CHECK(std::abs(*measured->value - che) < 0.005);
            const auto theory = std::ranges::find(result.theory, "cache/hit_ratio",
                                                  &scenarios::TheoryResult::metric);
            REQUIRE(theory != result.theory.end());
            CHECK(theory->value == Approx(che).epsilon(1e-9));
        }
    }

    TEST_CASE("a time to live has the hit ratio of its closed form within the run's own error") {
        // Each of 1,000 like keys is read once a second and lives 2 s: 2 / (1 + 2).
        scenarios::Scenario scenario =
            tests::read_text(irm(R"("uniform")", R"("capacity": 1000, "ttl": "2s")"));
        const scenarios::Result result = scenarios::run_experiment(scenario, {});
        const auto theory =
            std::ranges::find(result.theory, "cache/hit_ratio", &scenarios::TheoryResult::metric);
        REQUIRE(theory != result.theory.end());
        CHECK(theory->value == Approx(2.0 / 3.0).epsilon(1e-9));
        REQUIRE(theory->deviation_sigmas);
        CHECK(std::abs(*theory->deviation_sigmas) < 4.0);
    }

    TEST_CASE("a stampede loads the origin by its closed form, with and without single flight") {
        // Poisson reads of one key at rate a; a fetch takes f, a copy lives for t from its last
        // fetch. Without single flight all reads fetch that come within f of the first one after
        // the end: 1 + a f in a cycle, and the last of them comes f - (1 - exp(-a f)) / a after the
        // first on average. With it a cycle has one fetch and lasts f + t + 1 / a.
        const double a = 50.0;
        const double f = 0.1;
        const double t = 0.5;
        const double last = f - (1.0 - std::exp(-a * f)) / a;
        const double alone = (1.0 + a * f) / (last + f + t + 1.0 / a);
        const double shared = 1.0 / (f + t + 1.0 / a);
        for (const bool single_flight : {false, true}) {
            CAPTURE(single_flight);
            const scenarios::Scenario scenario = tests::read_text(fmt::format(
                R"("duration": "102s", "warm_up": "2s", "nodes": {{
                "users": {{"kind": "open_loop", "arrivals": "50/s", "calls": ["cache"]}},
                "cache": {{"kind": "cache", "capacity": 10, "ttl": "500ms",
                           "single_flight": {}, "calls": ["db"]}},
                "db": {{"kind": "service", "servers": 1000, "service_time": "100ms"}}}})",
                single_flight));
            const auto runs = tests::replicate(scenario, 20);
            // 20 replications: Student's t with 19 degrees of freedom is beyond 4 less than once in
            // a thousand times.
            const tests::Estimate load = tests::estimate_of(runs, "cache/origin_load");
            CHECK(load.sigmas_from(single_flight ? shared : alone) < 4.0);
        }
    }

    TEST_CASE("the load of the origin is what the cache misses") {
        const tests::Measured found =
            tests::run_text(irm(R"("zipf", "skew": 0.9)", R"("capacity": 100, "ttl": "5s")"));
        const double misses = found["users/throughput"] * (1.0 - found["cache/hit_ratio"]);
        CHECK(found["cache/origin_load"] == Approx(misses));
        CHECK(found["db/arrivals"] == Approx(misses));
        CHECK_FALSE(found.has("cache/staleness/mean"));  // a service holds no versions
    }

    TEST_CASE("whoever writes past the cache can publish an invalidation") {
        // A write each second; its message takes 250 ms. All reads of the one key in between find
        // the old copy, one after it fetches.
        const tests::Measured found = tests::run_text(R"("duration": "10500ms", "nodes": {
            "readers": {"kind": "open_loop", "calls": ["cache"],
                        "arrivals": {"kind": "constant", "rate": "10/s"}},
            "writers": {"kind": "open_loop", "calls": ["api"],
                        "operations": [{"name": "change", "type": "write"}],
                        "arrivals": {"kind": "constant", "rate": "1/s"}},
            "api": {"kind": "service", "routes": {"change": [
                {"call": "db"},
                {"publish": {"to": "cache", "delay": "250ms"}, "operation": "forget"}]}},
            "cache": {"kind": "cache", "capacity": 10, "invalidate_on": ["forget"],
                      "calls": ["db"]},
            "db": {"kind": "service"}})");
        CHECK(found["cache/invalidations"] == 10.0);
        CHECK(found["cache/misses"] == 11.0);
        CHECK(found["db/arrivals"] == Approx((10.0 + 11.0) / 10.5));
    }

    TEST_CASE("instances keep copies of their own") {
        const tests::Measured found = tests::run_text(R"("duration": "10500ms", "nodes": {
            "users": {"kind": "open_loop", "calls": ["cache"],
                      "arrivals": {"kind": "constant", "rate": "10/s"}},
            "cache": {"kind": "cache", "capacity": 10, "instances": 3, "calls": ["db"]},
            "db": {"kind": "service"}})");
        CHECK(found["cache/misses"] == 3.0);
    }

    TEST_CASE("mistakes in a cache are named") {
        CHECK(problems(R"("capacity": 10, "calls": ["db"])").empty());
        CHECK(mentions(problems(R"("capacity": 0, "calls": ["db"])"), "room for something"));
        CHECK(mentions(problems(R"("capacity": "0B", "calls": ["db"])"), "room for something"));
        CHECK(mentions(problems(R"("capacity": 10, "calls": [])"), "exactly one node"));
        CHECK(mentions(problems(R"("capacity": 10, "calls": ["db", "db"])"), "exactly one node"));
        CHECK(mentions(problems(R"("capacity": 10, "calls": ["db"], "ttl_jitter": "5%")"),
                       "needs a time to live"));
        CHECK(mentions(problems(R"("capacity": 10, "calls": ["db"], "write": "refresh_ahead")"),
                       "needs a time to live"));
        CHECK(
            mentions(problems(R"("capacity": 10, "calls": ["db"], "stale_while_revalidate": "5s")"),
                     "needs a time to live"));
        CHECK(mentions(problems(R"("capacity": 10, "calls": ["db"], "write": "write_behnd")"),
                       "write_behind"));
        CHECK(mentions(problems(R"("capacity": 10, "calls": ["db"],
                                   "write": {"kind": "write_behind", "batch": 0})"),
                       "at least 1"));
    }
}

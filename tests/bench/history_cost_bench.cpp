// What the record of histories costs a run, and what judging it costs: a web service with balancer,
// cache and store, all metrics on. Recorded alone, judged as by default, judged with session
// guarantees, and each time beside the same run without a history.
#include "models/history_recorder.hpp"
#include "scenarios/scenario.hpp"
#include "scenarios/world.hpp"
#include "tests/bench/bench_scenarios.hpp"
#include "tests/bench/history_bench.hpp"
#include "tests/bench/measure.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace archsim::bench {

namespace {

/// Users by Zipf's law over 10,000 keys, one operation in ten a write; `history` is the value of
/// the scenario's entry of that name.
std::string web_shop_text(std::int64_t seconds, std::string_view history) {
    return fmt::format(
        R"({{"scenario": "web-shop", "duration": "{}s", "warm_up": "0s", "seed": 1,
"replications": 1, "history": {}, "network": {{"within": "0.5ms"}},
"nodes": {{
  "users": {{"kind": "open_loop", "arrivals": "2000/s", "calls": ["balancer"],
            "operations": [{{"name": "read", "type": "read", "weight": 9}},
                           {{"name": "write", "type": "write", "weight": 1}}],
            "keys": {{"kind": "zipf", "count": 10000, "skew": 0.99}}}},
  "balancer": {{"kind": "load_balancer", "policy": "round_robin", "calls": ["web"]}},
  "web": {{"kind": "service", "instances": 4, "servers": 4, "calls": ["cache"],
          "service_time": {{"kind": "exponential", "mean": "4ms"}}}},
  "cache": {{"kind": "cache", "capacity": 1000, "hit_time": "0.2ms", "write": "write_through",
            "calls": ["db"]}},
  "db": {{"kind": "store", "servers": 16,
         "read_time": {{"kind": "exponential", "mean": "5ms"}},
         "write_time": {{"kind": "exponential", "mean": "8ms"}}}}}}}})",
        seconds, history);
}

/// Keeps every event of a history until there are 256 more of its kind: what a listener does that
/// looks at it later, in another place.
class Record final : public models::HistorySink {
public:
    void invoked(const models::Operation& operation) override {
        if (operation.kind == models::Access::write) begun_[begins_++ % depth] = operation;
    }
    void completed(const models::Operation& operation) override {
        ended_[ends_++ % depth] = operation;
    }
    void created(const models::VersionRecord& record) override {
        created_[creations_++ % depth] = record;
    }
    void applied(const models::Application& application) override {
        applied_[applications_++ % depth] = application;
    }
    void fault(const models::FaultRecord&) override {}
    void settled(std::uint64_t, models::Version) override {}

    [[nodiscard]] std::uint64_t ends() const { return ends_; }
    /// Whether every write that came to the store is there in all its parts.
    [[nodiscard]] bool is_whole() const {
        return creations_ > 0 && creations_ == applications_ && creations_ <= begins_;
    }

private:
    static constexpr std::size_t depth = 256;
    std::array<models::Operation, depth> begun_{};
    std::array<models::Operation, depth> ended_{};
    std::array<models::VersionRecord, depth> created_{};
    std::array<models::Application, depth> applied_{};
    std::uint64_t begins_ = 0;
    std::uint64_t ends_ = 0;
    std::uint64_t creations_ = 0;
    std::uint64_t applications_ = 0;
};

/// Runs a scenario without judge, recorded by `record` if there is one.
Workload run_recorded(const scenarios::Scenario& scenario, Record* record) {
    scenarios::World world{scenario, 0};
    if (record != nullptr) {
        world.history().observe(world.component("db")->number());
        world.history().add(*record);
    }
    world.start();
    world.simulation().run_until(sim::Instant::at(scenario.duration));
    world.check_end();
    Workload done;
    done.requests = world.load_counts().offered;
    done.checksum = world.simulation().fingerprint();
    return done;
}

bool bench_record(const scenarios::Scenario& scenario, int rounds) {
    std::uint64_t ends = 0;
    bool is_whole = true;
    const Comparison found = compare(
        rounds,
        [&] {
            Record record;
            const Workload done = run_recorded(scenario, &record);
            ends = record.ends();
            is_whole = is_whole && record.is_whole();
            return done;
        },
        [&] { return run_recorded(scenario, nullptr); });
    // Whoever listens to a run must not change it, and hears of all but what is still in flight.
    const bool is_same = found.repeats && found.subject.checksum == found.bare.checksum &&
                         is_whole && ends <= found.subject.requests &&
                         ends + 1000 > found.subject.requests;
    const auto requests = static_cast<double>(found.subject.requests);
    fmt::print("  history {:<17} {:.0f} ns a request, off {:.0f} ns, time ratio {:.3f} {}\n",
               "recorded alone", found.seconds / requests * 1e9,
               found.bare_seconds / requests * 1e9, found.ratio, is_same ? "" : "WRONG");
    return is_same;
}

}  // namespace

bool run_history_cost_bench(bool smoke) {
    const std::int64_t seconds = smoke ? 5 : 300;
    const scenarios::Scenario off = scenario_of(web_shop_text(seconds, "false"));
    fmt::print("history_cost: users, balancer, web, cache and store, {} s at 2000/s\n", seconds);
    bool agrees = bench_record(off, smoke ? 1 : 9);
    for (const auto& [name, choice] :
         {std::pair{"judged", "{}"}, std::pair{"judged, sessions", R"({"sessions": true})"}}) {
        const scenarios::Scenario on = scenario_of(web_shop_text(seconds, choice));
        const Comparison found = compare(
            smoke ? 1 : 9, [&] { return run_scenario(on); }, [&] { return run_scenario(off); });
        // Whoever watches a run must not change it.
        const bool is_same =
            found.repeats && found.subject.checksum == found.bare.checksum && on.history.config;
        agrees = agrees && is_same;
        const auto requests = static_cast<double>(found.subject.requests);
        fmt::print("  history {:<17} {:.0f} ns a request, off {:.0f} ns, time ratio {:.3f} {}\n",
                   name, found.seconds / requests * 1e9, found.bare_seconds / requests * 1e9,
                   found.ratio, is_same ? "" : "WRONG");
    }
    return agrees;
}

}  // namespace archsim::bench

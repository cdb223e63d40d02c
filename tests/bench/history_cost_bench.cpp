// What the record of histories costs a run: a web service with balancer, cache and store, all
// metrics on, with the history judged as by default, with session guarantees, and not at all.
#include "scenarios/scenario.hpp"
#include "tests/bench/bench_scenarios.hpp"
#include "tests/bench/history_bench.hpp"
#include "tests/bench/measure.hpp"

#include <fmt/format.h>

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

}  // namespace

bool run_history_cost_bench(bool smoke) {
    const std::int64_t seconds = smoke ? 5 : 300;
    const scenarios::Scenario off = scenario_of(web_shop_text(seconds, "false"));
    bool agrees = true;
    fmt::print("history_cost: users, balancer, web, cache and store, {} s at 2000/s\n", seconds);
    for (const auto& [name, choice] :
         {std::pair{"as by default", "{}"}, std::pair{"with sessions", R"({"sessions": true})"}}) {
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

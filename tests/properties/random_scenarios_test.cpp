// Random small architectures with random faults: whatever happens, every request ends in one
// outcome, and conservation and Little's law hold at every node (World::check_end stops the process
// if they do not).
#include "scenarios/world.hpp"
#include "sim/metrics.hpp"
#include "sim/rng.hpp"
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <string>

using namespace archsim;

namespace {

/// Draws the parts of a scenario. One seed gives one text with one compiler (arguments may be drawn
/// in another order by another).
class Generator {
public:
    explicit Generator(std::uint64_t seed) : rng_{seed} {}

    /// The members of a scenario: users, a balancer, a web tier, a database and four faults.
    std::string scenario() {
        return fmt::format(R"("duration": "{}s", "seed": {}, "nodes": {{{}, {}, {}, {}}},
                               "faults": [{}, {}, {}, {}])",
                           seconds, number(1, 1000), users(), balancer(), web(), database(),
                           fault(), fault(), fault(), fault());
    }
    static constexpr int seconds = 4;

private:
    int number(int low, int high) {
        return low + static_cast<int>(rng_.below(static_cast<std::uint64_t>(high - low + 1)));
    }
    std::string one_of(std::initializer_list<const char*> choices) {
        return choices.begin()[rng_.below(choices.size())];
    }
    /// An edge that always has a timeout, since messages may be lost for ever.
    std::string edge(const std::string& to) {
        std::string text = fmt::format(R"({{"to": "{}", "timeout": "{}ms")", to, number(5, 120));
        if (rng_.chance(0.5)) text += fmt::format(R"(, "delay": "{}us")", number(0, 3000));
        if (rng_.chance(0.3)) text += fmt::format(R"(, "loss": "{}%")", number(1, 20));
        if (rng_.chance(0.3))
            text += fmt::format(R"(, "hedge": {{"after": "{}ms"}})", number(1, 30));
        if (rng_.chance(0.5)) {
            text += fmt::format(R"(, "retry": {{"attempts": {}, "backoff": "{}ms", "jitter": {}}})",
                                number(2, 4), number(0, 20), one_of({"true", "false"}));
        }
        return text + "}";
    }
    std::string users() {
        if (rng_.chance(0.3)) {
            return fmt::format(R"("users": {{"kind": "closed_loop", "users": {},
                                   "think_time": "{}ms", "calls": [{}]}})",
                               number(1, 30), number(1, 100), edge("lb"));
        }
        return fmt::format(R"("users": {{"kind": "open_loop", "arrivals": "{}/s", "calls": [{}]}})",
                           number(20, 400), edge("lb"));
    }
    std::string balancer() {
        std::string text = fmt::format(
            R"("lb": {{"kind": "load_balancer", "policy": "{}", "calls": ["web"],
                       "timeout": "{}ms")",
            one_of({"random", "round_robin", "least_connections", "power_of_choices",
                    "consistent_hash", "least_response_time", "least_loaded"}),
            number(5, 80));
        if (rng_.chance(0.5)) text += R"(, "retry": {"attempts": 2})";
        if (rng_.chance(0.5)) {
            text += R"(, "health_check": {"interval": "200ms", "timeout": "50ms"})";
        }
        if (rng_.chance(0.5)) text += R"(, "ejection": {"failures": 3, "for": "300ms"})";
        if (rng_.chance(0.3)) text += R"(, "panic_threshold": "50%")";
        return text + "}";
    }
    std::string station(const std::string& name, const std::string& more) {
        const std::string queue =
            rng_.chance(0.5) ? std::to_string(number(0, 20)) : R"("unbounded")";
        return fmt::format(
            R"("{}": {{"kind": "service", "instances": {}, "servers": {}, "queue": {},
                       "discipline": "{}",
                       "service_time": {{"kind": "exponential", "mean": "{}ms"}}{}}})",
            name, number(1, 4), number(1, 4), queue,
            one_of({"fifo", "lifo", "priority", "processor_sharing"}), number(1, 30), more);
    }
    std::string web() { return station("web", R"(, "calls": [)" + edge("db") + "]"); }
    std::string database() { return station("db", ""); }
    std::string fault() {
        const std::string at = fmt::format(R"("at": "{}ms")", number(0, 1000 * seconds));
        const std::string length = fmt::format(R"("for": "{}ms")", number(1, 2000));
        const std::string node = one_of({"web", "web/0", "db", "lb"});
        switch (rng_.below(5)) {
            case 0:
                return fmt::format(R"({{"kind": "crash", "node": "{}", {}, {}}})", node, at,
                                   length);
            case 1:
                return fmt::format(R"({{"kind": "slow", "node": "{}", "factor": {}, {}, {}}})",
                                   one_of({"web", "db/0"}), number(2, 20), at, length);
            case 2:
                return fmt::format(R"({{"kind": "partition", "a": ["{}"], "one_way": {}, {}, {}}})",
                                   one_of({"web", "web/0", "db", "users"}),
                                   one_of({"true", "false"}), at, length);
            case 3:
                return fmt::format(R"({{"kind": "add_instance", "node": "web", {}}})", at);
            default:
                return fmt::format(R"({{"kind": "remove_instance", "node": "web", {}}})", at);
        }
    }

    sim::Rng rng_;
};

/// Runs to the end without a warm-up and returns what was measured.
tests::Measured run(const scenarios::Scenario& scenario) {
    return tests::Measured{scenarios::run_replication(scenario, 0, {}, {})};
}

}  // namespace

TEST_SUITE("random scenarios") {
    TEST_CASE("every request of a random scenario ends in one outcome or is in flight") {
        int unhappy = 0;
        int happy = 0;
        for (std::uint64_t seed = 1; seed <= 60; ++seed) {
            const std::string text = Generator{seed}.scenario();
            CAPTURE(text);
            const scenarios::Scenario scenario = tests::read_text(text);
            const tests::Measured found = run(scenario);
            const double offered = std::round(found["users/offered"] * Generator::seconds);
            const double ended = std::round(found["users/throughput"] * Generator::seconds);
            CHECK(ended <= offered);
            CHECK(offered - ended <= found["users/in_flight/max"]);
            REQUIRE(ended > 0.0);
            double shares = 0.0;
            for (const char* outcome : {"ok", "rejected", "timed_out", "unreachable", "failed"}) {
                shares += found[std::string{"users/outcome/"} + outcome];
            }
            CHECK(shares == doctest::Approx(1.0));
            happy += found["users/outcome/ok"] > 0.0 ? 1 : 0;
            unhappy += found["users/outcome/ok"] < 1.0 ? 1 : 0;
        }
        // Else the generator would have become too kind or too cruel to prove anything.
        CHECK(happy > 40);
        CHECK(unhappy > 40);
    }

    TEST_CASE("a random scenario gives the same numbers twice") {
        for (std::uint64_t seed = 101; seed <= 110; ++seed) {
            const scenarios::Scenario scenario = tests::read_text(Generator{seed}.scenario());
            const auto first = scenarios::run_replication(scenario, 0, {}, {});
            const auto second = scenarios::run_replication(scenario, 0, {}, {});
            CHECK(first.fingerprint == second.fingerprint);
            CHECK(tests::Measured{first}.all() == tests::Measured{second}.all());
        }
    }

    TEST_CASE("a random scenario leaves the measurement of any moment consistent") {
        for (std::uint64_t seed = 201; seed <= 220; ++seed) {
            const scenarios::Scenario scenario = tests::read_text(Generator{seed}.scenario());
            scenarios::World world{scenario, 0};
            world.start();
            for (int step = 1; step <= 10; ++step) {
                const auto at = sim::Duration::milliseconds(400 * step);
                world.simulation().run_until(sim::Instant::at(at));
                world.check_end();
            }
            world.metrics().close_window(world.simulation().now());
            CHECK(world.metrics().collect().size() > 50);
        }
    }
}

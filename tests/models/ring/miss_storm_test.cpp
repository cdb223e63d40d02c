// What a change of the members of a ring of caches costs: the misses that follow are the keys that
// moved, as far as they were kept, by arithmetic.
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <string>

using doctest::Approx;

namespace {

using namespace archsim;

constexpr int keys = 1000;

/// Four caches with room for everything; every key is read once in each second, for `seconds`, and
/// a fifth cache joins a quarter of a millisecond after `at` milliseconds.
tests::Measured stormed(const std::string& placement, int seconds, int at) {
    return tests::run_text(fmt::format(
        R"("duration": "{}s", "nodes": {{
             "users": {{"kind": "open_loop", "arrivals": {{"kind": "constant", "rate": "{}/s"}},
                        "keys": {{"kind": "sequential", "count": {}}}, "calls": ["ring"]}},
             "ring": {{"kind": "ring", "placement": "{}", "keys": {}, "calls": ["cache"]}},
             "cache": {{"kind": "cache", "instances": 4, "capacity": {}, "calls": ["db"]}},
             "db": {{"kind": "service", "service_time": "0.1ms"}}}},
           "faults": [{{"kind": "add_instance", "node": "cache", "at": "{}250us"}}])",
        seconds, keys, keys, placement, keys, keys, at));
}

}  // namespace

TEST_SUITE("ring of caches") {
    TEST_CASE("when all keys are kept, the misses after a change are exactly the keys moved") {
        for (const char* const placement : {"ring", "modulo", "jump", "rendezvous"}) {
            // The first second fills the caches; the change comes at its end; the second round
            // misses what has moved; the third misses nothing.
            const auto found = stormed(placement, 3, 1000);
            CHECK(found["cache/misses"] == Approx(keys * (1.0 + found["ring/keys_moved"])));
        }
    }

    TEST_CASE("when half of the keys are kept, the misses are half of the keys moved") {
        // The change comes in the middle of the first round: the keys read so far are missed again
        // if they moved, a sample of 500 of the 1000.
        for (const char* const placement : {"ring", "modulo"}) {
            const auto found = stormed(placement, 3, 500);
            const double moved = found["ring/keys_moved"];
            const double again = found["cache/misses"] - keys;
            // A draw without replacement: half of the binomial variance.
            CHECK(std::abs(again - 500.0 * moved) <
                  3.0 * std::sqrt(500.0 * moved * (1.0 - moved) * 0.5));
        }
    }
}

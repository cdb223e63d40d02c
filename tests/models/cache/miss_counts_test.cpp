// Every policy misses exactly as often as an independent program on the same requests.
#include "tests/models/cache/miss_counts.hpp"

#include "tests/models/cache/replay.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <map>
#include <string>

namespace archsim::tests {

namespace {

/// Far below this, the traces make up the default run; a million requests take about a second.
constexpr std::size_t long_trace = 500'000;

/// Checks the counts of the traces of either length that are known to the last request; of the
/// short ones, a single trace for the variants of clock.
void check_exact_counts(bool long_ones) {
    std::map<std::string_view, Trace> traces;
    for (const KnownMisses& known : known_misses) {
        if (!traces.contains(known.trace)) traces[known.trace] = named_trace(known.trace);
        const Trace& trace = traces[known.trace];
        if ((trace.size() >= long_trace) != long_ones) continue;
        for (std::size_t i = 0; i < counted_policies.size(); ++i) {
            if (known.misses[i] < 0 || counted_policies[i] == "w_tinylfu") continue;
            const bool is_variant = counted_policies[i].starts_with("clock_");
            if (is_variant && !long_ones && known.trace != "zipfS") continue;
            CAPTURE(known.trace);
            CAPTURE(known.capacity);
            CAPTURE(counted_policies[i]);
            CHECK(replay(trace, {known.unit, known.capacity}, counted_policies[i]) ==
                  known.misses[i]);
        }
    }
}

const KnownMisses& known(std::string_view trace, std::uint64_t capacity) {
    for (const KnownMisses& row : known_misses) {
        if (row.trace == trace && row.capacity == capacity) return row;
    }
    throw std::invalid_argument("no such row");
}

}  // namespace

TEST_SUITE("cache miss counts") {
    TEST_CASE("six traces give the counts of an independent program at every capacity") {
        check_exact_counts(false);
    }

    TEST_CASE("traces of a million requests give the counts too" * doctest::skip()) {
        check_exact_counts(true);
    }

    TEST_CASE("a million requests give the count of lru") {
        const Trace trace = named_trace("zipf10");
        const KnownMisses& row = known("zipf10", 1000);
        CHECK(replay(trace, {row.unit, row.capacity}, "lru") == row.misses[0]);
    }

    TEST_CASE("the windowed sketch is within three percent where another sketch decided") {
        for (const char* name : {"zipfS", "uniform"}) {
            const Trace trace = named_trace(name);
            for (const KnownMisses& row : known_misses) {
                if (row.trace != name) continue;
                CAPTURE(name);
                CAPTURE(row.capacity);
                const auto expected = static_cast<double>(row.misses[10]);
                const std::int64_t misses = replay(trace, {row.unit, row.capacity}, "w_tinylfu");
                CHECK(static_cast<double>(misses) >= 0.97 * expected);
                CHECK(static_cast<double>(misses) <= 1.03 * expected);
            }
        }
    }
}

}  // namespace archsim::tests

// Memory that a run holds: none for a finished request, and a bounded amount for one in flight.
// The C library's own count of bytes in use is read (mallinfo2); where a sanitizer replaces the
// allocator that count stands still, and the cases are skipped.
#include "scenarios/world.hpp"
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <malloc.h>
#include <memory>
#include <string>

using namespace archsim;

namespace {

double bytes_in_use() {
    const struct mallinfo2 info = ::mallinfo2();
    return static_cast<double>(info.uordblks) + static_cast<double>(info.hblkhd);
}

bool can_be_counted() {
    constexpr std::size_t block = std::size_t{1} << 20;
    const double before = bytes_in_use();
    const std::unique_ptr<char[]> probe{new char[block]};
    volatile char* const touched = probe.get();  // else the compiler leaves the block out
    *touched = 1;
    return bytes_in_use() - before >= static_cast<double>(block);
}

/// Bytes in use between two instants of a run, in seconds.
double growth(const std::string& nodes, int from, int to) {
    const scenarios::Scenario scenario =
        tests::read_text(R"("duration": "1h", "nodes": {)" + nodes + "}");
    scenarios::World world{scenario, 0};
    world.start();
    world.simulation().run_until(sim::Instant::at(sim::Duration::seconds(from)));
    const double before = bytes_in_use();
    world.simulation().run_until(sim::Instant::at(sim::Duration::seconds(to)));
    return bytes_in_use() - before;
}

const std::string users = R"("users": {"kind": "open_loop", "arrivals": {"kind": "constant",
    "rate": "100/s"}, "calls": [{"to": "lb", "timeout": "1h"}]},
    "lb": {"kind": "load_balancer", "calls": ["web"]}, )";

}  // namespace

TEST_SUITE("memory") {
    TEST_CASE("finished requests leave nothing behind") {
        if (!can_be_counted()) {
            MESSAGE("skipped: this build's allocator is not counted");
            return;
        }
        const double grown =
            growth(users + R"("web": {"kind": "service", "service_time": {"kind": "exponential",
                       "mean": "5ms"}})",
                   300, 1300);
        // 100 000 requests; histograms and pools may still grow by a rarer latency or two.
        CHECK(grown / 100'000.0 < 1.0);
    }

    TEST_CASE("a request in flight takes less than four kilobytes on three nodes") {
        if (!can_be_counted()) {
            MESSAGE("skipped: this build's allocator is not counted");
            return;
        }
        const double grown =
            growth(users + R"("web": {"kind": "service", "service_time": "1h"})", 100, 300);
        const double each = grown / 20'000.0;
        MESSAGE("bytes for a request in flight: " << each);
        CHECK(each > 100.0);
        CHECK(each < 4096.0);
    }
}

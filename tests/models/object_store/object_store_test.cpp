// The object store by timelines and bills worked out by hand.
#include "models/object_size.hpp"
#include "scenarios/world.hpp"
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

using namespace archsim;
using doctest::Approx;

namespace {

constexpr double month = 730.0 * 3600.0;
constexpr double gib = 1024.0 * 1024.0 * 1024.0;

const std::string ten_reads = R"("users": {"kind": "open_loop", "calls": ["store"],
    "arrivals": {"kind": "constant", "rate": "10/s"}})";

struct Notes final : models::HistorySink {
    void invoked(const models::Operation&) override {}
    void completed(const models::Operation& operation) override { ended.push_back(operation); }
    void created(const models::VersionRecord& record) override { records.push_back(record); }
    void applied(const models::Application& one) override { applications.push_back(one); }
    void fault(const models::FaultRecord&) override {}
    void settled(std::uint64_t, models::Version) override {}
    std::vector<models::Operation> ended;
    std::vector<models::VersionRecord> records;
    std::vector<models::Application> applications;
};

}  // namespace

TEST_SUITE("object store") {
    TEST_CASE("a read takes the latency and the size over the bandwidth, and is billed") {
        // Ten reads within 1050 ms: 20 ms and 1000 bytes at 8 Mbit/s.
        const auto found = tests::run_text(R"("duration": "1050ms", "nodes": {)" + ten_reads +
                                           R"(, "store": {"kind": "object_store",
            "read_time": "20ms", "bandwidth": "8Mbps", "object_size": "1000B", "objects": 5000,
            "price": {"request": "$0.40/1M", "storage": "$0.023/GiB", "sent": "$0.09/GiB"}}})");
        CHECK(found["users/latency/max"] == Approx(0.021));
        CHECK(found["users/latency/mean"] == Approx(0.021));
        CHECK(found["store/requests"] == 10.0);
        CHECK(found["store/egress"] == Approx(10'000 / 1.05));
        CHECK(found["store/stored"] == Approx(5'000'000.0));
        const double months = 1.05 / month;
        CHECK(found["cost/store/requests"] == Approx(10 / months * 0.40e-6));
        CHECK(found["cost/store/sent"] == Approx(10'000 / months / gib * 0.09));
        CHECK(found["cost/store/storage"] == Approx(5'000'000 / gib * 0.023));
        CHECK(found["cost/store"] == Approx(10.011 + 2.0979 + 0.0001).epsilon(1e-4));
        CHECK_FALSE(found.has("cost/store/writes"));
    }

    TEST_CASE("what has no price has no bill") {
        const auto found = tests::run_text(R"("duration": "1s", "nodes": {)" + ten_reads +
                                           R"(, "store": {"kind": "object_store"}})");
        CHECK_FALSE(found.has("cost/store"));
        CHECK(found["users/latency/max"] == 0.0);
    }

    TEST_CASE("a write takes its payload's transfer and changes what is stored") {
        // Written at 1 s, committed 3 + 7 ms later; 3000 bytes replace 1000 for 0.99 s of 2 s.
        const auto found = tests::run_text(R"("duration": "2s", "nodes": {
            "editors": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "1/s"},
                        "operations": [{"name": "put", "type": "write", "size": "3000B"}],
                        "calls": ["store"]},
            "store": {"kind": "object_store", "write_time": "7ms", "bandwidth": "8Mbps",
                      "object_size": "1000B", "objects": 2}})");
        CHECK(found["editors/latency/max"] == Approx(0.010));
        CHECK(found["store/stored"] == Approx(2000.0 + 2000.0 * 0.99 / 2.0));
        CHECK(found["store/egress"] == 0.0);
    }

    TEST_CASE("writes enter the history, and reads return the newest version") {
        const auto scenario = tests::read_text(R"("duration": "1s", "nodes": {
            "users": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "10/s"},
                      "operations": [{"name": "get"}, {"name": "put", "type": "write"}],
                      "keys": {"kind": "uniform", "count": 3}, "calls": ["store"]},
            "store": {"kind": "object_store", "read_time": "1ms", "write_time": "2ms"}})");
        scenarios::World world{scenario, 0};
        Notes notes;
        world.history().add(notes);
        world.history().observe(world.component("store")->number());
        world.start();
        world.simulation().run_until(sim::Instant::at(scenario.duration));
        REQUIRE(notes.records.size() >= 2);
        CHECK(notes.applications.size() == notes.records.size());
        std::vector<models::Version> newest(3, models::initial_version);
        std::size_t write = 0;
        for (const models::Operation& operation : notes.ended) {
            models::Version& now = newest[operation.key];
            if (operation.kind == models::Access::read) {
                CHECK(operation.version == now);
                continue;
            }
            REQUIRE(write < notes.records.size());
            CHECK(notes.records[write].version == operation.version);
            CHECK(notes.records[write].parent == now);
            CHECK(notes.records[write].created == operation.completed);
            now = operation.version;
            ++write;
        }
        CHECK(write == notes.records.size());
    }

    TEST_CASE("objects outlive a crash") {
        const auto found = tests::run_text(R"("duration": "1050ms", "nodes": {)" + ten_reads +
                                           R"(, "store": {"kind": "object_store",
            "object_size": "1000B", "objects": 10, "read_time": "10ms"}},
            "faults": [{"kind": "crash", "node": "store", "at": "505ms", "for": "10ms"}])");
        CHECK(found["users/outcome/unreachable"] == Approx(0.1));
        CHECK(found["store/stored"] == Approx(10'000.0));
    }

    TEST_CASE("a key keeps its size, and sizes follow their law") {
        const models::ObjectSize law{sim::Distribution{sim::Lognormal{sim::Lognormal::P50AndP99{
            sim::Duration::nanoseconds(10'000), sim::Duration::nanoseconds(1'000'000)}}}};
        constexpr int keys = 10'000;
        int below_median = 0;
        int above_tail = 0;
        for (std::uint64_t key = 0; key < keys; ++key) {
            const sim::Bytes size = law.of(key, 42);
            CHECK(size == law.of(key, 42));
            below_median += size < sim::Bytes{10'000} ? 1 : 0;
            above_tail += size > sim::Bytes{1'000'000} ? 1 : 0;
        }
        CHECK(std::abs(below_median / 1.0e4 - 0.5) < 4.0 * std::sqrt(0.25 / keys));
        CHECK(std::abs(above_tail / 1.0e4 - 0.01) < 4.0 * std::sqrt(0.01 * 0.99 / keys));
        CHECK(law.of(7, 42) != law.of(7, 43));
        CHECK(models::ObjectSize::fixed(sim::Bytes{77}).of(3, 9) == sim::Bytes{77});
    }
}

// The recorder: what it stamps on events and hands to every sink.
#include "models/history_recorder.hpp"
#include "tests/support/test_client.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace archsim::models {
namespace {

class Collector : public HistorySink {
public:
    void invoked(const Operation& operation) override { begun.push_back(operation); }
    void completed(const Operation& operation) override { ended.push_back(operation); }
    void created(const VersionRecord& record) override { versions.push_back(record.version); }
    void applied(const Application& application) override {
        versions.push_back(application.version);
    }
    void fault(const FaultRecord& record) override { faults.push_back(record.id); }
    void settled(std::uint64_t, Version version) override { versions.push_back(version); }

    std::vector<Operation> begun;
    std::vector<Operation> ended;
    std::vector<Version> versions;
    std::vector<std::uint32_t> faults;
};

TEST_SUITE("history recorder") {
    TEST_CASE("events at one instant keep their order, and writes get versions of their own") {
        Collector first;
        Collector second;
        HistoryRecorder recorder;
        CHECK_FALSE(recorder.is_on());
        recorder.add(first);
        recorder.add(second);
        CHECK(recorder.is_on());
        Operation write;
        write.kind = Access::write;
        const auto now = sim::Instant::at(sim::Duration::milliseconds(5));
        tests::TestClient client{recorder};
        const Operation a = client.begin(write, now);
        const Operation b = client.begin(Operation{}, now);
        const Operation c = client.begin(write, now);
        CHECK(a.version == 1);
        CHECK(c.version == 2);
        client.end(b.id, Ending::ok, a.version, now);
        client.end(a.id, Ending::indeterminate, 9, now);
        CHECK(recorder.begun() == 3);
        REQUIRE(second.begun.size() == 3);
        for (std::size_t i = 0; i < 3; ++i) CHECK(second.begun[i].id == i);
        REQUIRE(first.ended.size() == 2);
        CHECK(first.ended[0].version == 1);
        CHECK(first.ended[0].completed_order == 3);
        CHECK(first.ended[1].completed_order == 4);
        CHECK(first.ended[1].ending == Ending::indeterminate);
        CHECK(first.ended[1].completed == now);
    }

    TEST_CASE("the operations in flight are those of all clients, in the order of invocation") {
        HistoryRecorder recorder;
        tests::TestClient first{recorder};
        tests::TestClient second{recorder};
        CHECK(recorder.horizon() == 0);
        CHECK(recorder.open().empty());
        std::vector<Operation> begun;
        for (std::uint64_t key = 0; key < 6; ++key) {
            Operation read;
            read.key = key;
            begun.push_back((key % 2 == 0 ? first : second).begin(read, {}));
        }
        first.end(begun[0].id, Ending::ok, 0, {});
        second.end(begun[3].id, Ending::ok, 0, {});
        CHECK(recorder.horizon() == begun[1].invoked_order);
        std::vector<std::uint64_t> keys;
        for (const Operation& operation : recorder.open()) keys.push_back(operation.key);
        CHECK(keys == std::vector<std::uint64_t>{1, 2, 4, 5});
        second.end(begun[1].id, Ending::ok, 0, {});
        CHECK(recorder.horizon() == begun[2].invoked_order);
        for (const std::size_t i : {std::size_t{2}, std::size_t{4}})
            first.end(begun[i].id, Ending::ok, 0, {});
        second.end(begun[5].id, Ending::ok, 0, {});
        CHECK(recorder.horizon() == 12);  // six begins and six ends, from 0
    }

    TEST_CASE("what the store and the faults tell reaches the sinks") {
        Collector sink;
        HistoryRecorder recorder;
        recorder.add(sink);
        recorder.created(VersionRecord{.version = 4, .key = 9, .created = {}});
        recorder.applied(Application{.key = 9, .version = 5, .at = {}});
        recorder.settled(9, 6);
        recorder.fault(FaultRecord{.id = 7, .at = {}});
        CHECK(sink.versions == std::vector<Version>{4, 5, 6});
        CHECK(sink.faults == std::vector<std::uint32_t>{7});
    }
}

}  // namespace
}  // namespace archsim::models

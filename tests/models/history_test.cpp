// The recorder: what it stamps on events and hands to every sink.
#include "models/history_recorder.hpp"

#include <doctest/doctest.h>

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
        const Operation a = recorder.begin(write, now);
        const Operation b = recorder.begin(Operation{}, now);
        const Operation c = recorder.begin(write, now);
        CHECK(a.version == 1);
        CHECK(c.version == 2);
        recorder.end(b.id, Ending::ok, a.version, now);
        recorder.end(a.id, Ending::indeterminate, 9, now);
        CHECK(recorder.open().oldest(after_history) == c.invoked_order);
        REQUIRE(second.begun.size() == 3);
        for (std::size_t i = 0; i < 3; ++i) CHECK(second.begun[i].id == i);
        REQUIRE(first.ended.size() == 2);
        CHECK(first.ended[0].version == 1);
        CHECK(first.ended[0].completed_order == 3);
        CHECK(first.ended[1].completed_order == 4);
        CHECK(first.ended[1].ending == Ending::indeterminate);
        CHECK(first.ended[1].completed == now);
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

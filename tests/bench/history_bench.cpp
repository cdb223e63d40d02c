// Ten million operations (one in ten a write, fifty in flight, ten thousand keys) streamed through
// the checks. Operations take effect when they complete, so the history is linearizable.
#include "tests/bench/history_bench.hpp"

#include "models/consistency/batched_history.hpp"
#include "models/consistency/linearizability.hpp"
#include "models/consistency/monitor.hpp"
#include "models/history_recorder.hpp"
#include "sim/rng.hpp"
#include "tests/bench/measure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <vector>

namespace archsim::bench {
namespace {

using models::Access;
using models::Operation;
using models::Version;

constexpr std::size_t in_flight = 50;

/// Takes the events and does nothing, for the cost of producing them.
class EmptySink : public models::HistorySink {
public:
    void invoked(const Operation&) override {}
    void completed(const Operation&) override {}
    void created(const models::VersionRecord&) override {}
    void applied(const models::Application&) override {}
    void fault(const models::FaultRecord&) override {}
    void settled(std::uint64_t, Version) override {}
};

/// The linearizability check alone as a sink.
class CheckerSink : public EmptySink {
public:
    void invoked(const Operation& operation) override { checker.invoked(operation); }
    void completed(const Operation& operation) override { checker.completed(operation); }

    models::LinearizabilityChecker checker;
};

/// A client with operations in flight, each in a slot of its own.
class Slots final : public models::OperationSource {
public:
    explicit Slots(models::HistoryRecorder& recorder) { recorder.add(*this); }
    [[nodiscard]] Operation& operator[](std::size_t slot) { return slots_[slot]; }
    void each_open(const std::function<void(const Operation&)>& visit) const override {
        std::vector<Operation> sorted{slots_};
        std::ranges::sort(sorted, {}, &Operation::id);
        std::ranges::for_each(sorted, visit);
    }
    [[nodiscard]] models::Order oldest_open(models::Order) const override {
        return std::ranges::min(slots_, {}, &Operation::invoked_order).invoked_order;
    }

private:
    std::vector<Operation> slots_ = std::vector<Operation>(in_flight);
};

/// Streams a linearizable history through the recorder, which `slots` is a client of; returns the
/// CPU seconds and counts the versions.
double stream(std::int64_t operations, models::HistoryRecorder& recorder, Slots& slots,
              std::int64_t& versions) {
    constexpr std::uint64_t keys = 10'000;
    const double start = user_seconds();
    sim::Rng rng{1};
    std::vector<Version> current(keys);
    std::int64_t now = 0;
    const auto begin = [&](std::size_t slot) {
        Operation& operation = slots[slot];
        operation = {};
        operation.key = rng.below(keys);
        operation.kind = rng.below(10) == 0 ? Access::write : Access::read;
        operation.session = static_cast<std::uint32_t>(slot);
        versions += operation.kind == Access::write ? 1 : 0;
        recorder.begin(operation, sim::Instant::at(sim::Duration::microseconds(now)));
    };
    for (std::size_t slot = 0; slot < in_flight; ++slot) begin(slot);
    for (std::int64_t i = 0; i < operations; ++i) {
        const auto slot = static_cast<std::size_t>(rng.below(in_flight));
        Operation& operation = slots[slot];
        if (operation.kind == Access::write) current[operation.key] = operation.version;
        ++now;
        recorder.end(operation, models::Ending::ok, current[operation.key],
                     sim::Instant::at(sim::Duration::microseconds(now)));
        begin(slot);
    }
    return user_seconds() - start;
}

void print(const char* what, double seconds, double producing, std::int64_t operations) {
    fmt::print("history  {:<28} {:8.3f} s CPU  {:6.1f} ns per operation\n", what, seconds,
               (seconds - producing) * 1e9 / static_cast<double>(operations));
}

bool bench_checker(std::int64_t operations, double producing) {
    CheckerSink sink;
    models::HistoryRecorder recorder;
    Slots slots{recorder};
    recorder.add(sink);
    std::int64_t versions = 0;
    const double seconds = stream(operations, recorder, slots, versions);
    print("linearizability check", seconds, producing, operations);
    const auto verdict = sink.checker.verdict();
    const auto memory = static_cast<double>(sink.checker.memory());
    const double per_version = memory / static_cast<double>(versions);
    fmt::print(
        "history  {} versions, {:.1f} MB in all, {:.1f} bytes per version, linearizable: {}\n",
        versions, memory * 1e-6, per_version, verdict.linearizable());
    // 24 bytes per version for good; the rest is per key, and weighs little once keys are reused.
    const double stated = 24.0 * static_cast<double>(versions) + 1200.0 * 10'000;
    return verdict.linearizable() && memory <= stated;
}

bool bench_monitor(std::int64_t operations, double producing, bool sessions) {
    models::MonitorOptions options;
    options.sessions = sessions;
    models::ConsistencyMonitor monitor{options};
    models::HistoryRecorder recorder;
    Slots slots{recorder};
    models::BatchedHistory events{monitor, recorder};
    recorder.add(events);
    std::int64_t versions = 0;
    const double seconds = stream(operations, recorder, slots, versions);
    const double before = user_seconds();
    events.flush();
    const auto result = monitor.finish();
    const double finishing = user_seconds() - before;
    print(sessions ? "all metrics" : "all metrics but sessions", seconds, producing, operations);
    fmt::print("history  {:.3f} s to finish, {} stale reads, {} contradictions\n", finishing,
               result.staleness.stale.count, result.impossible.size());
    return result.linearizability.linearizable() && result.staleness.stale.count == 0 &&
           result.impossible.empty();
}

}  // namespace

bool run_history_bench(bool smoke) {
    const std::int64_t operations = smoke ? 100'000 : 10'000'000;
    EmptySink nothing;
    models::HistoryRecorder recorder;
    Slots slots{recorder};
    recorder.add(nothing);
    std::int64_t versions = 0;
    const double producing = stream(operations, recorder, slots, versions);
    print("producing the events", producing, 0.0, operations);
    const bool check_agrees = bench_checker(operations, producing);
    const bool metrics_agree = bench_monitor(operations, producing, false);
    return bench_monitor(operations, producing, true) && check_agrees && metrics_agree;
}

}  // namespace archsim::bench

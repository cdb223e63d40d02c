// What a run leaves behind for judging consistency: client operations, versions, replica states and
// faults, as plain records. Whoever judges them implements HistorySink; clients and databases speak
// to it through HistoryRecorder (history_recorder.hpp).
#pragma once

#include "models/request.hpp"
#include "sim/units.hpp"

#include <cstdint>
#include <limits>
#include <string_view>
#include <type_traits>

namespace archsim::models {

/// Identity of one written value, unique in a run and dense: the n-th write has version n.
/// Zero is the value every key has before the first write.
using Version = std::uint64_t;
inline constexpr Version initial_version = 0;

/// Position of an event in the history: a precedes b when a's completion is less than b's
/// invocation. In a run these are sequence numbers, so no two events tie; in a recorded history
/// they may be times, where touching operations count as concurrent.
using Order = std::int64_t;
inline constexpr Order before_history = std::numeric_limits<Order>::min();
inline constexpr Order after_history = std::numeric_limits<Order>::max();

/// How an operation ended as its client knows it.
enum class Ending : std::uint8_t {
    in_flight,      ///< No answer yet.
    ok,             ///< Answered; a write is acknowledged.
    failed,         ///< Certainly had no effect.
    indeterminate,  ///< Timed out: a write may take effect at any later time, or never.
    rejected,       ///< Refused (no quorum, fenced) and certainly without effect; a refused write
                    ///< that some replica kept is indeterminate.
    shed,           ///< Turned away by overload protection before it did anything.
};
inline constexpr int ending_count = 6;

/// The name of an ending in files and reports, such as "indeterminate".
[[nodiscard]] constexpr std::string_view name_of(Ending ending) {
    constexpr std::string_view names[ending_count] = {"in_flight",     "ok",       "failed",
                                                      "indeterminate", "rejected", "shed"};
    return names[static_cast<int>(ending)];
}

/// One client operation on one key.
struct Operation {
    std::uint64_t id = 0;   ///< Dense, in the order of invocation, from 0.
    std::uint64_t key = 0;  ///< The register it concerns.
    Version version = 0;    ///< Version written, or returned by a read: of several, the newest.
    sim::Instant invoked;
    sim::Instant completed = sim::Instant::never();  ///< never() while unanswered.
    Order invoked_order = 0;
    Order completed_order = after_history;
    std::uint32_t session = 0;  ///< A client opens a new session after an indeterminate operation.
    std::uint8_t side = 0;  ///< Which side of a partition the client is cut off with, from 1; 0 for
                            ///< a client that no partition cuts off.
    std::uint8_t place = 0;  ///< Where the client stands, from 1: clients at one place may know of
                             ///< one another at once. 0 is not told.
    Access kind = Access::read;
    Ending ending = Ending::in_flight;
};
static_assert(std::is_trivially_copyable_v<Operation> && sizeof(Operation) == 64);

/// What the store knows about a version when a coordinator creates it.
struct VersionRecord {
    Version version = 0;
    std::uint64_t key = 0;
    Version parent = 0;          ///< The version it replaced where it was created.
    std::uint64_t position = 0;  ///< Place in the store's own order of this key's versions (log
                                 ///< index, or last-write-wins stamp), from 1; 0 if it has none.
    sim::Instant created;
    std::uint16_t origin = 0;  ///< Node that created it.
};

/// A replica now holds `version` as its value of `key`.
struct Application {
    std::uint64_t key = 0;
    Version version = 0;
    sim::Instant at;
    std::uint16_t replica = 0;
    std::uint16_t replicas = 1;  ///< How many replicas hold the key.
};

/// What kind of fault a record speaks of.
enum class FaultType : std::uint8_t {
    partition,
    crash,
    pause,
    slow,
    clock_skew,
    promotion,
    disk_stall,
};
inline constexpr int fault_type_count = 7;

/// The name of a fault kind in files and reports.
[[nodiscard]] constexpr std::string_view name_of(FaultType kind) {
    constexpr std::string_view names[fault_type_count] = {
        "partition", "crash", "pause", "slow", "clock_skew", "promotion", "disk_stall"};
    return names[static_cast<int>(kind)];
}

/// The begin or the end of a fault.
struct FaultRecord {
    std::uint32_t id = 0;  ///< The same at begin and end.
    FaultType kind = FaultType::partition;
    bool begins = true;
    sim::Instant at;
    /// Number of the component struck (0: not told); for a partition, how many sides there are.
    std::uint32_t node = 0;
    bool complete = true;  ///< A partition that lets nothing through in either direction.
};

/// Receives a history event by event, in order. Every call takes O(1) amortised.
class HistorySink {
public:
    HistorySink() = default;
    HistorySink(const HistorySink&) = delete;
    HistorySink& operator=(const HistorySink&) = delete;
    virtual ~HistorySink() = default;

    /// Whether it wants to hear of the beginnings of reads, which say little: asked once.
    [[nodiscard]] virtual bool hears_reads_begin() const { return true; }
    /// An operation began; a write already carries its version.
    virtual void invoked(const Operation& operation) = 0;
    /// An operation ended, in whichever way; exactly once per operation, or never.
    virtual void completed(const Operation& operation) = 0;
    /// A coordinator created a version; a merge of several parents is told once per parent.
    virtual void created(const VersionRecord& record) = 0;
    /// A replica changed its value of a key.
    virtual void applied(const Application& application) = 0;
    /// A fault began or ended.
    virtual void fault(const FaultRecord& record) = 0;
    /// After the last fault healed and the system came to rest: `key` holds `version`. A key with
    /// siblings is told once per sibling.
    virtual void settled(std::uint64_t key, Version version) = 0;
};

}  // namespace archsim::models

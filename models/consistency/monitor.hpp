// The one sink that measures everything: it streams a history through the checker and the trackers.
#pragma once

#include "models/consistency/availability.hpp"
#include "models/consistency/block_vector.hpp"
#include "models/consistency/convergence.hpp"
#include "models/consistency/in_flight.hpp"
#include "models/consistency/key_row.hpp"
#include "models/consistency/linearizability.hpp"
#include "models/consistency/losses.hpp"
#include "models/consistency/result.hpp"
#include "models/consistency/sessions.hpp"
#include "models/consistency/staleness.hpp"
#include "models/consistency/verdict.hpp"
#include "models/consistency/version_table.hpp"
#include "models/history.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace archsim::models {

/// What a monitor measures beyond the always-on checks.
struct MonitorOptions {
    sim::Duration deadline = sim::Duration::longest();  ///< Later answers are not in time.
    bool sessions = true;  ///< Session guarantees cost memory per pair of session and key.
    Promises promises{};
    /// Number of the component that is watched: only its crashes lose data. 0: all of them may.
    std::uint32_t store = 0;
    /// Take the short way with reads of what everybody knows. The long way finds the same, which is
    /// what it is for.
    bool shortcuts = true;
    std::size_t witnesses = 100;  ///< Keys whose witness is kept; all violating keys are counted.
};

/// Measures a history while it is produced: O(log versions of the key + overlap) per operation,
/// about 200 bytes per version plus what the sessions need; nothing is kept per operation.
class ConsistencyMonitor final : public HistorySink {
public:
    explicit ConsistencyMonitor(MonitorOptions options = {});

    void invoked(const Operation& operation) override;
    void completed(const Operation& operation) override;

    /// As invoked(), for callers that know the horizon themselves: the beginning of a read may come
    /// late, but before its end and before any fault that came after it.
    void begun(const Operation& operation);
    /// As completed(); no later event belongs to an operation invoked before `horizon`.
    void ended(const Operation& operation, Order horizon);
    /// Beginning and end of a read at once, at its end.
    void read(const Operation& operation, Order horizon) {
        const std::uint32_t key = key_index(operation.key);
        begun(operation, key);
        ended(operation, key, horizon);
    }
    /// Takes beginning and end of a read at once if it is a usual one, which needs no more than
    /// this; else nothing is changed. `key` is the number of its key.
    [[nodiscard, gnu::always_inline]] bool takes_usual(const Operation& read, std::uint32_t key) {
        if (open_partitions_ > 0 || read.invoked < calm_since_) return false;
        UsualRead& usual = rows_[key].usual;
        if (!usual.note(read)) return false;
        availability_.answered(read);
        ++usual_reads_;
        if (usual.is_written()) staleness_.fresh_after(read.invoked - usual.acknowledged);
        const bool is_news = usual.writer_place != 0 && usual.writer_place != read.place;
        if (is_news || options_.sessions) [[unlikely]]
            note_usual(read, key);
        return true;
    }
    void created(const VersionRecord& record) override;
    void applied(const Application& application) override;
    void fault(const FaultRecord& record) override;
    void settled(std::uint64_t key, Version version) override;

    /// Fetches what an event will touch, for callers that know their next events: a read; begun()
    /// or ended() of this key; and after that ended() of this write. Changes nothing; the first
    /// tells the number of the key, if it has one.
    [[nodiscard]] std::optional<std::uint32_t> prefetch_read(const Operation& read) const {
        const std::optional<std::uint32_t> index = checker_.known_index(read.key);
        if (!index) return index;
        __builtin_prefetch(&rows_[*index].usual);
        if (options_.sessions) [[unlikely]]
            prefetch_session(*index, read.version, read.session);
        return index;
    }
    void prefetch_key(std::uint64_t key) const;
    void prefetch_version(const Operation& operation) const;

    /// Requires: called once, after the last event. O(versions log versions).
    [[nodiscard]] ConsistencyResult finish();

private:
    struct KeyUse {
        std::uint64_t key = 0;
        std::optional<sim::Instant> initial_read;  // latest invocation of a read of version 0
        bool is_stale = false;                     // some read was stale
        std::uint64_t users = 0;                   // bit i: side i used it in the present partition
        bool is_written = false;                   // in the present partition
        bool is_shared = false;  // used by two sides, one writing, in some partition
        bool is_used = false;    // in some partition
    };

    // Of a version whose write has not begun.
    struct EarlyRead {
        Stamp end;           // of the first read
        sim::Instant start;  // of the last read
    };

    // A key that the checker knows is known here as well.
    std::uint32_t key_index(std::uint64_t key) {
        const std::optional<std::uint32_t> known = checker_.known_index(key);
        return known ? *known : add_key(key);
    }
    [[gnu::noinline]] std::uint32_t add_key(std::uint64_t key);
    void begun(const Operation& operation, std::uint32_t key);
    void ended(const Operation& operation, std::uint32_t key, Order horizon);
    void note_use(const Operation& operation, KeyUse& use);
    [[gnu::noinline]] void note_usual(const Operation& read, std::uint32_t key);
    void prefetch_session(std::uint32_t key, Version version, std::uint32_t session) const;
    void count_usual_reads();
    void settle(std::uint32_t key);
    void forget_usual(std::uint32_t key);
    void find_usual(std::uint32_t key);
    void note_answer(const Operation& operation, std::uint32_t key);
    void note_crossing(const Operation& operation);
    void note_news(const Operation& operation, std::uint8_t from);
    std::map<std::uint64_t, std::vector<Zone>> zones() const;
    void close_verdict(ConsistencyResult& result);

    MonitorOptions options_;
    InFlight in_flight_;
    LinearizabilityChecker checker_;
    VersionTable versions_;
    StalenessTracker staleness_;
    SessionTracker sessions_;
    LossTracker losses_;
    ConvergenceTracker convergence_;
    AvailabilityTracker availability_;
    BlockVector<KeyUse> keys_;
    BlockVector<KeyRow> rows_;  // by key, like keys_
    std::map<Version, EarlyRead> early_reads_;
    // Whose write a version is: the side and place of its client.
    struct Writer {
        std::uint8_t side = 0;
        std::uint8_t place = 0;
    };
    BlockVector<Writer> writers_;  // by version
    // By the places of writer and reader: what is told in ConsistencyResult::news.
    std::map<std::pair<std::uint8_t, std::uint8_t>, sim::Duration> news_;
    std::array<Share, window_count> stale_by_window_{};
    std::int64_t writes_acknowledged_ = 0;
    std::int64_t crossings_ = 0;
    std::int64_t operations_open_ = 0;
    std::int64_t usual_reads_ = 0;  // not counted yet by count_usual_reads()
    std::uint32_t open_partitions_ = 0;
    sim::Instant calm_since_;    // the latest change of partitions
    std::int64_t failures_ = 0;  // faults of any kind, promotions not counted
    bool had_partition_ = false;
    bool linearizable_before_partition_ = true;
    std::int64_t reads_before_partition_ = 0;
};

}  // namespace archsim::models

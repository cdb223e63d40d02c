// The one sink that measures everything: it streams a history through the checker and the trackers.
#pragma once

#include "models/history.hpp"
#include "reports/consistency/availability.hpp"
#include "reports/consistency/convergence.hpp"
#include "reports/consistency/in_flight.hpp"
#include "reports/consistency/linearizability.hpp"
#include "reports/consistency/losses.hpp"
#include "reports/consistency/result.hpp"
#include "reports/consistency/sessions.hpp"
#include "reports/consistency/staleness.hpp"
#include "reports/consistency/verdict.hpp"
#include "reports/consistency/version_table.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace archsim::reports {

/// What a monitor measures beyond the always-on checks.
struct MonitorOptions {
    sim::Duration deadline = sim::Duration::longest();  ///< Later answers are not in time.
    bool sessions = true;  ///< Session guarantees cost memory per pair of session and key.
    Promises promises{};
};

/// Measures a history while it is produced: O(log versions of the key + overlap) per operation,
/// about 200 bytes per version plus what the sessions need; nothing is kept per operation.
class ConsistencyMonitor : public models::HistorySink {
public:
    explicit ConsistencyMonitor(MonitorOptions options = {});

    void invoked(const models::Operation& operation) override;
    void completed(const models::Operation& operation) override;
    void created(const models::VersionRecord& record) override;
    void applied(const models::Application& application) override;
    void fault(const models::FaultRecord& record) override;
    void settled(std::uint64_t key, models::Version version) override;

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

    std::uint32_t key_index(std::uint64_t key);
    void note_use(const models::Operation& operation, KeyUse& use);
    void note_answer(const models::Operation& operation, std::uint32_t key);
    void note_crossing(const models::Operation& operation);
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
    std::vector<KeyUse> keys_;
    std::map<models::Version, EarlyRead> early_reads_;
    std::vector<std::uint8_t> writer_sides_;  // by version
    std::array<Share, window_count> stale_by_window_{};
    std::int64_t writes_acknowledged_ = 0;
    std::int64_t crossings_ = 0;
    std::uint32_t open_partitions_ = 0;
    bool had_partition_ = false;
    bool linearizable_before_partition_ = true;
    std::int64_t reads_before_partition_ = 0;
};

}  // namespace archsim::reports

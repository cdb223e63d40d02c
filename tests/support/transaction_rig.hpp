// A transaction engine without servers or connections, driven by scripts and by random clients, for
// schedules that are worked out by hand and for holding isolation to its definition.
#pragma once

#include "models/database/relational/anomalies.hpp"
#include "models/database/relational/transaction_engine.hpp"
#include "models/database/relational/write_ahead_log.hpp"
#include "sim/metrics.hpp"
#include "sim/process_group.hpp"
#include "sim/rng.hpp"
#include "sim/simulation.hpp"
#include "tests/support/schedule.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace archsim::tests {

/// One database with a log that takes `flush_time` for a flush.
class TransactionRig {
public:
    TransactionRig(models::Isolation isolation, std::uint64_t seed = 1,
                   sim::Duration flush_time = sim::Duration{}, bool durable_commit = true);
    ~TransactionRig();
    TransactionRig(const TransactionRig&) = delete;
    TransactionRig& operator=(const TransactionRig&) = delete;

    /// Plays a script such as "r1x w2x c2 u1y a1": u reads for an update. The n-th word begins n ms
    /// after the start, or once the one before of its transaction has ended. Returns the schedule
    /// that came of it. Called once.
    std::string play(std::string_view script);
    /// Gets a script ready without running it.
    void start(std::string_view script);

    struct Workload {
        int clients = 6;
        int transactions = 30;  ///< Of each client.
        int rows = 4;
        int operations = 4;  ///< Of a transaction at most.
    };
    /// Random transactions: reads and writes of random rows with pauses of 0 to 3 ms; one in ten
    /// rolls itself back. Called once.
    void run(const Workload& workload);

    /// Crashes the database: what runs is undone, what is not on the disk is lost.
    void crash();
    void run_until(sim::Duration when) { simulation_.run_until(sim::Instant{} + when); }

    /// Why a transaction was aborted; none if it was not.
    [[nodiscard]] models::Abort why(models::TransactionId transaction) const;
    [[nodiscard]] const ScheduleEvents& events() const { return recorder_.events(); }
    /// What the counter under test has counted.
    [[nodiscard]] AnomalyCounts counted() const;
    [[nodiscard]] const models::TransactionEngine& engine() const { return engine_; }
    [[nodiscard]] const models::WriteAheadLog& log() const { return log_; }
    [[nodiscard]] sim::Simulation& simulation() { return simulation_; }

private:
    struct Word {
        char kind;
        std::uint64_t row;
        sim::Instant at;
    };
    sim::Task<> perform(const std::vector<Word>& words);
    sim::Task<> client(const Workload& workload, std::uint64_t number);
    /// False if the transaction had to be rolled back.
    sim::Task<bool> step(models::Transaction& transaction, char kind, std::uint64_t row);

    sim::Simulation simulation_;
    sim::Metrics metrics_;
    models::WriteAheadConfig log_config_;
    sim::ProcessGroup processes_;
    models::WriteAheadLog log_;
    models::AnomalyCounter counter_;
    ScheduleRecorder recorder_;
    models::TransactionEngine engine_;
    models::TransactionLease::Places spare_;
    std::map<int, std::vector<Word>> scripts_;
    std::map<models::TransactionId, models::Abort> aborts_;
    std::uint64_t last_age_ = 0;
    std::uint64_t seed_;
};

}  // namespace archsim::tests

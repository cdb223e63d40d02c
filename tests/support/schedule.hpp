// Schedules of transactions as text and as a list of events, and an oracle that judges a whole
// schedule by brute force, by the definitions alone.
#pragma once

#include "models/database/relational/anomalies.hpp"
#include "models/database/relational/schedule.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace archsim::tests {

/// One event of a schedule.
struct ScheduleEvent {
    enum class Kind : std::uint8_t { begin, read, write, commit, roll_back };
    Kind kind = Kind::begin;
    models::TransactionId transaction = 0;
    std::uint64_t row = 0;
    models::TransactionId writer = 0;  ///< Of a read: whose version it returned.
};
using ScheduleEvents = std::vector<ScheduleEvent>;

/// Keeps every event and passes it on.
class ScheduleRecorder final : public models::ScheduleListener {
public:
    /// `next` outlives the recorder.
    explicit ScheduleRecorder(models::ScheduleListener& next) : next_{next} {}
    void began(models::TransactionId transaction) override;
    void read(models::TransactionId reader, std::uint64_t row,
              models::TransactionId writer) override;
    void wrote(models::TransactionId writer, std::uint64_t row) override;
    void committed(models::TransactionId transaction) override;
    void rolled_back(models::TransactionId transaction) override;

    [[nodiscard]] const ScheduleEvents& events() const { return events_; }

private:
    models::ScheduleListener& next_;
    ScheduleEvents events_;
};

/// A schedule in the notation of Berenson et al., such as "r1x0 w2x c2 a1": transaction 1 reads the
/// version of row x that 0 wrote, 2 writes x and commits, 1 aborts. Rows 0, 1, 2 are x, y, z.
[[nodiscard]] std::string text_of(const ScheduleEvents& events);
/// The events of such a text; transactions begin in the order of their numbers, each before its
/// first event and all with smaller numbers before.
[[nodiscard]] ScheduleEvents schedule_of(std::string_view text);
/// Tells `listener` every event.
void replay(const ScheduleEvents& events, models::ScheduleListener& listener);

/// How often each anomaly happened, in the order of models::Anomaly.
using AnomalyCounts = std::array<std::uint64_t, models::anomaly_count>;

/// The anomalies of a whole schedule, O(transactions squared x accesses squared).
[[nodiscard]] AnomalyCounts anomalies_by_search(const ScheduleEvents& events);

/// What cycles the dependency graph of the committed transactions has (Adya, 1999).
struct DependencyCycles {
    bool any = false;              ///< Then the schedule is not serializable.
    bool without_missed = false;   ///< Of write and read dependencies alone: G1c, G0.
    bool with_one_missed = false;  ///< With exactly one anti-dependency: G-single.
};
[[nodiscard]] DependencyCycles dependency_cycles(const ScheduleEvents& events);

}  // namespace archsim::tests

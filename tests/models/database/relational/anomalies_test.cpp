// Anomalies in schedules: those of Berenson et al., 1995, word by word, and random ones against a
// search through all pairs.
#include "models/database/relational/anomalies.hpp"

#include "sim/rng.hpp"
#include "tests/support/schedule.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace archsim;
using tests::AnomalyCounts;
using tests::ScheduleEvent;
using tests::ScheduleEvents;

AnomalyCounts count(const ScheduleEvents& events) {
    sim::Metrics metrics;
    models::AnomalyCounter counter{metrics};
    tests::replay(events, counter);
    AnomalyCounts counts{};
    for (std::size_t i = 0; i < models::anomaly_count; ++i) {
        counts[i] = counter.counter(static_cast<models::Anomaly>(i)).ever();
    }
    return counts;
}

/// Makes schedules in which a read returns what is newest and committed, what was so when its
/// transaction began, or what somebody active has written, as chance has it; writes go on to
/// anything. One in twenty ends rolls back.
class RandomSchedule {
public:
    RandomSchedule(sim::Rng& rng, std::uint64_t rows) : rng_{rng}, rows_(rows) {}

    ScheduleEvents make(models::TransactionId transactions) {
        while (begun_ < transactions || !active_.empty()) {
            const bool may_begin = begun_ < transactions && active_.size() < 5;
            if (may_begin && (active_.empty() || rng_.chance(0.2))) {
                begin();
            } else {
                go_on(active_[rng_.below(active_.size())]);
            }
        }
        return std::move(events_);
    }

private:
    struct Active {
        models::TransactionId id;
        std::vector<models::TransactionId> snapshot;  // newest committed of each row at its begin
        std::vector<std::uint64_t> writes;
    };
    struct Row {
        models::TransactionId committed = 0;
        std::vector<models::TransactionId> uncommitted;
    };

    void begin() {
        Active active{++begun_, {}, {}};
        for (const Row& row : rows_) active.snapshot.push_back(row.committed);
        active_.push_back(active);
        events_.push_back({ScheduleEvent::Kind::begin, begun_, 0, 0});
    }
    void go_on(Active& active) {
        const std::uint64_t number = rng_.below(rows_.size());
        Row& row = rows_[number];
        const double what = rng_.uniform();
        if (what < 0.45) {
            models::TransactionId writer = row.committed;
            if (rng_.chance(0.3)) writer = active.snapshot[number];
            if (!row.uncommitted.empty() && rng_.chance(0.3)) writer = row.uncommitted.back();
            events_.push_back({ScheduleEvent::Kind::read, active.id, number, writer});
        } else if (what < 0.75) {
            events_.push_back({ScheduleEvent::Kind::write, active.id, number, 0});
            row.uncommitted.push_back(active.id);
            active.writes.push_back(number);
        } else {
            end(active.id, what < 0.95);
        }
    }
    void end(models::TransactionId id, bool commits) {
        const auto ended = std::ranges::find(active_, id, &Active::id);
        const auto kind = commits ? ScheduleEvent::Kind::commit : ScheduleEvent::Kind::roll_back;
        events_.push_back({kind, id, 0, 0});
        for (const std::uint64_t row : ended->writes) {
            std::erase(rows_[row].uncommitted, id);
            if (commits) rows_[row].committed = id;
        }
        active_.erase(ended);
    }

    sim::Rng& rng_;
    std::vector<Row> rows_;
    std::vector<Active> active_;
    models::TransactionId begun_ = 0;
    ScheduleEvents events_;
};

}  // namespace

TEST_SUITE("isolation anomalies") {
    TEST_CASE("the examples of the literature") {
        struct Row {
            std::string_view what;
            std::string_view schedule;
            AnomalyCounts counts;  // dirty write, dirty read, non-repeatable, read skew, lost, skew
        };
        const std::vector<Row> rows{
            {"H1: a transfer that another sees half done",
             "r1x0 w1x r2x1 r2y0 c2 r1y0 w1y c1",
             {0, 1, 0, 0, 0, 0}},
            {"H1 as snapshots see it", "r1x0 w1x r2x0 r2y0 c2 r1y0 w1y c1", {0, 0, 0, 0, 0, 0}},
            {"H2: x before and y after a transfer",
             "r1x0 r2x0 w2x r2y0 w2y c2 r1y2 c1",
             {0, 0, 0, 1, 0, 0}},
            {"H4: two payments into one account", "r1x0 r2x0 w2x c2 w1x c1", {0, 0, 0, 0, 1, 0}},
            {"H5: both doctors go off duty",
             "r1x0 r1y0 r2x0 r2y0 w1y w2x c1 c2",
             {0, 0, 0, 0, 0, 1}},
            {"P0", "w1x w2x w2y c2 w1y c1", {1, 0, 0, 0, 0, 0}},
            {"A1: what was read is rolled back", "w1x r2x1 c2 a1", {0, 1, 0, 0, 0, 0}},
            {"A1, and the reader rolls back as well", "w1x r2x1 a2 a1", {0, 0, 0, 0, 0, 0}},
            {"A2", "r1x0 w2x c2 r1x2 c1", {0, 0, 1, 0, 0, 0}},
            {"a version read twice", "r1x0 w2x c2 r1x0 c1", {0, 0, 0, 0, 0, 0}},
            {"its own write read", "r1x0 w1x r1x1 c1", {0, 0, 0, 0, 0, 0}},
            {"one after the other", "r1x0 w1x c1 r2x1 w2x c2 r3x2 c3", {0, 0, 0, 0, 0, 0}},
            {"a blind write loses nothing that was read", "r1x0 w2x c2 w1y c1", {0, 0, 0, 0, 0, 0}},
            {"the loser rolls back", "r1x0 r2x0 w2x a2 w1x c1", {0, 0, 0, 0, 0, 0}},
            {"lost update and write skew together",
             "r1x0 r1y0 r2x0 r2y0 w1x w1y c1 w2x w2y c2",
             {0, 0, 0, 0, 1, 1}},
            {"a skew whose other half rolls back",
             "r1x0 r1y0 r2x0 r2y0 w1y w2x a1 c2",
             {0, 0, 0, 0, 0, 0}},
            {"a skew with a version between",
             "r1x0 r1y0 w3x c3 r2y0 w2x c2 w1y c1",
             {0, 0, 0, 0, 0, 1}},
        };
        for (const Row& row : rows) {
            CAPTURE(row.what);
            const ScheduleEvents events = tests::schedule_of(row.schedule);
            CHECK(tests::text_of(events) == row.schedule);
            CHECK(count(events) == row.counts);
            CHECK(tests::anomalies_by_search(events) == row.counts);
        }
    }

    TEST_CASE("random schedules are judged as by a search through all pairs") {
        sim::Rng rng{4711};
        AnomalyCounts seen{};
        for (int i = 0; i < 3000; ++i) {
            const ScheduleEvents events = RandomSchedule{rng, 3}.make(12);
            const AnomalyCounts counts = count(events);
            CAPTURE(tests::text_of(events));
            REQUIRE(counts == tests::anomalies_by_search(events));
            for (std::size_t k = 0; k < seen.size(); ++k) seen[k] += counts[k];
        }
        for (std::size_t k = 0; k < seen.size(); ++k) {
            CAPTURE(k);
            CHECK(seen[k] > 300);  // so that each of them has been put to the test
        }
    }

    TEST_CASE("what nobody active ran beside is forgotten") {
        sim::Rng rng{12};
        const ScheduleEvents events = RandomSchedule{rng, 2}.make(20'000);
        sim::Metrics metrics;
        models::AnomalyCounter counter{metrics};
        std::size_t most = 0;
        for (const ScheduleEvent& event : events) {
            tests::replay({event}, counter);
            most = std::max({most, counter.remembered(0), counter.remembered(1)});
        }
        CHECK(most > 5);
        CHECK(most < 300);  // five at a time, each with a few accesses, and who ran beside them
        CHECK(counter.transactions() == 0);
    }
}

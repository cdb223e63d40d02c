// How far the reads of a run are behind and what replicas hold, counted from the history: for
// closed forms of staleness and for finding lost writes by another way than the database does.
#pragma once

#include "models/history.hpp"
#include "scenarios/world.hpp"
#include "tests/support/small_run.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <vector>

namespace archsim::tests {

/// Counts for every answered read how many versions of its key were created after the one that it
/// returned. One key's versions are created in the order of their positions.
class BehindCounter final : public models::HistorySink {
public:
    void invoked(const models::Operation&) override {}
    void completed(const models::Operation& operation) override {
        if (operation.ending != models::Ending::ok) return;
        if (operation.kind == models::Access::write) {
            acknowledged_.insert(operation.version);
            return;
        }
        const auto& versions = created_[operation.key];
        std::size_t behind = 0;
        while (behind < versions.size() &&
               versions[versions.size() - 1 - behind] != operation.version) {
            ++behind;
        }
        if (counts_.size() <= behind) counts_.resize(behind + 1);
        ++counts_[behind];
        ++reads_;
    }
    void created(const models::VersionRecord& record) override {
        created_[record.key].push_back(record.version);
        last_writer_ = record.origin;
    }
    void applied(const models::Application& application) override {
        held_[application.replica][application.key] = application.version;
        applied_at_[application.replica] = application.at;
    }
    void fault(const models::FaultRecord&) override {}
    void settled(std::uint64_t, models::Version) override {}

    /// Share of reads that were `k` or more versions behind.
    [[nodiscard]] double at_least(std::size_t k) const {
        std::int64_t sum = 0;
        for (std::size_t i = k; i < counts_.size(); ++i) sum += counts_[i];
        return static_cast<double>(sum) / static_cast<double>(reads_);
    }
    [[nodiscard]] double mean() const {
        double sum = 0.0;
        for (std::size_t i = 1; i < counts_.size(); ++i) sum += at_least(i);
        return sum;
    }
    /// Acknowledged writes that this replica does not hold, if every write has a key of its own.
    [[nodiscard]] std::int64_t missing_at(std::uint16_t replica) const {
        std::set<models::Version> held;
        if (const auto found = held_.find(replica); found != held_.end()) {
            for (const auto& [key, version] : found->second) held.insert(version);
        }
        std::int64_t missing = 0;
        for (const models::Version version : acknowledged_)
            missing += held.contains(version) ? 0 : 1;
        return missing;
    }
    /// When this replica changed last.
    [[nodiscard]] sim::Instant last_change(std::uint16_t replica) const {
        const auto found = applied_at_.find(replica);
        return found == applied_at_.end() ? sim::Instant{} : found->second;
    }
    [[nodiscard]] std::size_t acknowledged() const { return acknowledged_.size(); }
    /// The member that has taken the last write.
    [[nodiscard]] std::uint16_t last_writer() const { return last_writer_; }

private:
    std::map<std::uint64_t, std::vector<models::Version>> created_;
    std::map<std::uint16_t, std::map<std::uint64_t, models::Version>> held_;
    std::map<std::uint16_t, sim::Instant> applied_at_;
    std::set<models::Version> acknowledged_;
    std::uint16_t last_writer_ = 0;
    std::vector<std::int64_t> counts_;
    std::int64_t reads_ = 0;
};

/// What a run told a sink and measured.
inline Measured run_listening(const scenarios::Scenario& scenario, std::int64_t replication,
                              BehindCounter& sink) {
    scenarios::World world{scenario, replication};
    world.history().add(sink);
    std::uint32_t place = 0;
    for (const auto& component : world.components()) {
        ++place;
        if (component->name() == "db") world.history().observe(place);
    }
    world.start();
    world.simulation().run_until(sim::Instant::at(scenario.duration));
    world.check_end();
    world.metrics().close_window(world.simulation().now());
    scenarios::Replication measured;
    measured.metrics = world.metrics().collect();
    return Measured{measured};
}

}  // namespace archsim::tests

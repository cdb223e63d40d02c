// Cells of a small dense table, and the first answers after each fault.
#include "models/consistency/availability.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace archsim::models {

std::int64_t AvailabilityCell::ended() const {
    std::int64_t sum = 0;
    for (const std::int64_t count : endings) sum += count;
    return sum;
}

Share AvailabilityCell::answered() const {
    return Share{endings[static_cast<std::size_t>(Ending::ok)], ended()};
}

void AvailabilityTracker::add_lanes(std::size_t number) {
    while (lanes_.size() <= number) {
        const std::size_t lane = lanes_.size();
        Lane& added = lanes_.emplace_back();
        for (std::size_t window = 0; window < added.cells.size(); ++window) {
            AvailabilityCell& tally = added.cells[window];
            tally.side = static_cast<std::uint8_t>(lane / 2);
            tally.kind = lane % 2 == 1 ? Access::write : Access::read;
            tally.window = static_cast<Window>(window);
        }
    }
}

void AvailabilityTracker::note_recovery(const Lane& own, sim::Instant invoked) {
    const auto number = static_cast<std::size_t>(&own - lanes_.data());
    // The latest fault that has no answer yet on this lane implies that earlier ones have none
    // either; going back stops at the first that has.
    for (auto open = recoveries_.rbegin(); open != recoveries_.rend(); ++open) {
        if (number >= open->time.size()) open->time.resize(number + 1);
        if (open->time[number].has_value()) return;
        if (invoked < open->began) continue;
        const bool had_ok =
            number < open->last_ok.size() && open->last_ok[number] != sim::Instant::never();
        const sim::Instant from = had_ok ? open->last_ok[number] : open->began;
        open->time[number] = own.last_ok - from;
    }
}

void AvailabilityTracker::fault(const FaultRecord& record) {
    if (record.begins) {
        OpenRecovery& added = recoveries_.emplace_back();
        added.fault = record.id;
        added.began = record.at;
        for (const Lane& own : lanes_) added.last_ok.push_back(own.last_ok);
    }
    if (record.kind != FaultType::partition) return;
    const int open = changes_.empty() ? 0 : changes_.back().open;
    changes_.push_back({record.at, open + (record.begins ? 1 : -1)});
    if (record.begins) {
        for (Partition& other : partitions_) {
            if (other.to == sim::Instant::never()) other.is_alone = false;
        }
        partitions_.push_back(
            {record.id, record.at, sim::Instant::never(), record.complete, open == 0});
        return;
    }
    for (Partition& partition : partitions_) {
        if (partition.id == record.id) partition.to = record.at;
    }
}

Window AvailabilityTracker::window_by_changes(sim::Instant at) const {
    const auto next =
        std::upper_bound(changes_.begin(), changes_.end(), at,
                         [](sim::Instant instant, const Change& c) { return instant < c.at; });
    if (next == changes_.begin()) return Window::before;
    return std::prev(next)->open > 0 ? Window::during : Window::after;
}

bool AvailabilityTracker::within_one_partition(sim::Instant from, sim::Instant to) const {
    for (const Partition& partition : partitions_) {
        if (partition.complete && partition.is_alone && from >= partition.from && to < partition.to)
            return true;
    }
    return false;
}

std::vector<AvailabilityCell> AvailabilityTracker::cells() const {
    std::vector<AvailabilityCell> used;
    for (const Lane& own : lanes_) {
        for (const AvailabilityCell& tally : own.cells) {
            if (tally.invoked == 0 && tally.ended() == 0 && tally.latency.count() == 0) continue;
            used.push_back(tally);
            used.back().endings[static_cast<std::size_t>(Ending::ok)] =
                static_cast<std::int64_t>(tally.latency.count());
        }
    }
    return used;
}

std::vector<Recovery> AvailabilityTracker::recoveries() const {
    std::vector<Recovery> list;
    for (const OpenRecovery& open : recoveries_) {
        for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
            if (lanes_[lane].last_ok == sim::Instant::never()) continue;
            Recovery recovery;
            recovery.fault = open.fault;
            recovery.side = static_cast<std::uint8_t>(lane / 2);
            recovery.kind = lane % 2 == 1 ? Access::write : Access::read;
            if (lane < open.time.size()) recovery.time = open.time[lane];
            list.push_back(recovery);
        }
    }
    return list;
}

}  // namespace archsim::models

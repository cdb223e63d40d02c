// Forcing the log to disk: a write of the primary and an entry that a replica has received wait for
// it, and one write to disk takes along whatever has come together (group commit).
#include "models/database/member.hpp"

namespace archsim::models {

std::uint64_t ReplicaMember::force() {
    ++demanded_;
    const std::uint64_t ticket = demanded_;
    if (!disk_.is_busy()) begin_force();
    return ticket;
}

void ReplicaMember::begin_force() {
    const auto& disk = std::get<DiskDurability>(group_.config().durability);
    while (forced_ < demanded_) {
        covered_ = demanded_;
        const sim::Duration amount = disk.fsync_time.sample(disk_rng_);
        if (!disk_.begin(amount)) return;
        forced_ = covered_;
    }
}

void ReplicaMember::disk_done() {
    forced_ = covered_;
    on_disk_.notify_all();
    while (!arrivals_.empty() && arrivals_.front().ticket <= forced_) {
        const Arrival next = arrivals_.front();
        arrivals_.pop_front();
        receive_entries(next.letter, next.from);
    }
    if (!disk_.is_busy()) begin_force();
}

void ReplicaMember::receive_to_disk(const Letter& letter, std::size_t from) {
    const bool has_entries = letter.first <= letter.last;
    // What says nothing new waits for what came before it.
    const std::uint64_t ticket = has_entries ? force() : demanded_;
    if (arrivals_.empty() && forced_ >= ticket) {
        receive_entries(letter, from);
    } else {
        arrivals_.push_back({letter, from, ticket});
    }
}

void ReplicaMember::forget_disk() {
    disk_.stop();
    arrivals_.clear();
    forced_ = demanded_;
}

}  // namespace archsim::models

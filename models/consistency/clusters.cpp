// Opening and closing clusters, and where their operations are kept.
#include "models/consistency/clusters.hpp"

#include <utility>

namespace archsim::models {

std::uint32_t Clusters::open(Version version) {
    auto slot = static_cast<std::uint32_t>(places_.size());
    if (free_.empty()) {
        places_.emplace_back();
    } else {
        slot = free_.back();
        free_.pop_back();
    }
    Cluster& opened = places_[slot];
    opened.version = version;
    opened.first_end = after_history;
    opened.prefix = before_history;
    opened.first_is_write = false;
    opened.last_is = Cluster::Last::none;
    opened.stand_for(before_history);
    return slot;
}

void Clusters::close(std::uint32_t slot) {
    if (!first_reads_.empty()) first_reads_.erase(slot);
    if (!last_reads_.empty()) last_reads_.erase(slot);
    places_[slot].version = Cluster::closed;
    free_.push_back(slot);
}

void Clusters::set_first(std::uint32_t slot, const Operation& operation) {
    Cluster& cluster = places_[slot];
    cluster.first_is_write = operation.kind == Access::write;
    if (!cluster.first_is_write) first_reads_.insert_or_assign(slot, operation);
}

void Clusters::set_last(std::uint32_t slot, const Operation& operation) {
    Cluster& cluster = places_[slot];
    if (PackedRead::fits(operation)) {
        cluster.last_is = Cluster::Last::packed_read;
        cluster.pack(operation);
        return;
    }
    cluster.stand_for(operation.invoked_order);
    if (operation.kind == Access::write) {
        cluster.last_is = Cluster::Last::write;
        cluster.write = operation;
    } else {
        cluster.last_is = Cluster::Last::read;
        last_reads_.insert_or_assign(slot, operation);
    }
}

Operation Clusters::first(std::uint32_t slot) const {
    const Cluster& cluster = places_[slot];
    return cluster.first_is_write ? cluster.write : first_reads_.at(slot);
}

Operation Clusters::last(std::uint32_t slot, std::uint64_t key) const {
    const Cluster& cluster = places_[slot];
    if (cluster.last_is == Cluster::Last::packed_read) return cluster.unpack(key, cluster.version);
    return cluster.last_is == Cluster::Last::write ? cluster.write : last_reads_.at(slot);
}

std::size_t Clusters::memory() const {
    // A node of a map: the pair and what links it.
    constexpr std::size_t node = sizeof(std::pair<const std::uint32_t, Operation>) + 32;
    return places_.memory() + free_.capacity() * sizeof(std::uint32_t) +
           (first_reads_.size() + last_reads_.size()) * node;
}

}  // namespace archsim::models

// Entering and leaving the table, and answering those who joined.
#include "models/cache/under_way.hpp"

namespace archsim::models::cache {

Slot UnderWay::enter(std::uint64_t key) {
    Slot slot = find(key);
    if (slot == no_slot) {
        if (free_.empty()) {
            slot = static_cast<Slot>(places_.size());
            places_.emplace_back();
        } else {
            slot = free_.back();
            free_.pop_back();
        }
        places_[slot] = Place{.key = key};
        index_.insert(key, slot);
    }
    ++places_[slot].users;
    return slot;
}

void UnderWay::leave(Slot slot) {
    Place& place = places_[slot];
    if (--place.users > 0) return;
    index_.erase(place.key, slot);
    free_.push_back(slot);
}

UnderWay::Fetch* UnderWay::joinable(std::uint64_t key) {
    const Slot slot = find(key);
    if (slot == no_slot) return nullptr;
    Fetch* const leader = places_[slot].leader;
    return leader == nullptr || leader->is_overtaken() ? nullptr : leader;
}

void UnderWay::written(std::uint64_t key) {
    const Slot slot = find(key);
    if (slot != no_slot) ++places_[slot].writes;
}

UnderWay::Fetch::Fetch(UnderWay& all, std::uint64_t key)
    : all_{all}, slot_{all.enter(key)}, writes_before_{all.places_[slot_].writes} {
    if (all_.joinable(key) == nullptr) all_.places_[slot_].leader = this;
}

UnderWay::Fetch::~Fetch() {
    while (first_ != nullptr) first_->leave();  // a crash: they go too
    Place& place = all_.places_[slot_];
    if (place.leader == this) place.leader = nullptr;
    all_.leave(slot_);
}

bool UnderWay::Fetch::is_overtaken() const { return all_.places_[slot_].writes != writes_before_; }

void UnderWay::Fetch::finish(const Response& answer) {
    while (first_ != nullptr) {
        Join& joined = *first_;
        joined.leave();
        joined.answer_ = answer;
        all_.simulation_.schedule_in(joined.wakeup_, sim::Duration{});
    }
    Place& place = all_.places_[slot_];
    if (place.leader == this) place.leader = nullptr;
}

UnderWay::Writing::Writing(UnderWay& all, std::uint64_t key)
    : all_{all}, slot_{all.enter(key)}, writes_before_{all.places_[slot_].writes} {
    ++all_.places_[slot_].writing;
}

UnderWay::Writing::~Writing() {
    --all_.places_[slot_].writing;
    all_.leave(slot_);
}

bool UnderWay::Writing::finish() {
    Place& place = all_.places_[slot_];
    const bool alone = place.writing == 1 && place.writes == writes_before_;
    ++place.writes;
    return alone;
}

}  // namespace archsim::models::cache

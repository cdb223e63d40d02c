// Which key is next.
#include "models/database/migration.hpp"

#include <utility>

namespace archsim::models {

void Migration::plan(const ShardTable& table, ShardTable target) {
    target_ = std::move(target);
    if (is_under_way()) return;
    if (table == target_) {
        last_ = Summary{};
        return;
    }
    began_ = simulation_.now();
    moved_keys_ = 0;
    at_ = 0;
}

bool Migration::has_next(const ShardTable& table) {
    if (!is_under_way()) return false;
    // One round from where the last key was finds every key that is left.
    for (std::size_t step = 0; step < table.size(); ++step) {
        const std::uint64_t key = (at_ + step) % table.size();
        if (table[key] == target_[key]) continue;
        at_ = key;
        return true;
    }
    last_ = Summary{moved_keys_, simulation_.now() - *began_};
    began_.reset();
    return false;
}

void Migration::release(bool done) {
    moving_.reset();
    if (done) ++moved_keys_;
    at_ = (at_ + 1) % target_.size();
    moved_.notify_all();
}

bool Migration::is_used(std::uint64_t key) const {
    for (const Passage* passage = passages_; passage != nullptr; passage = passage->next_) {
        if (passage->key_ == key) return true;
    }
    return false;
}

}  // namespace archsim::models

// What to do with operations that outlive dozens of others.
#include "models/consistency/open_operations.hpp"

namespace archsim::models {

// A window that is full of operations in flight grows; one that few of them keep open leaves its
// first to the stragglers.
void OpenOperations::make_room() {
    if (4 * in_window_ < window_.size()) {
        stragglers_.emplace_hint(stragglers_.end(), first_id_, place(first_id_));
        word(first_id_) &= ~bit(first_id_);
        --in_window_;
        skip_ended();
        return;
    }
    std::vector<Place> larger(2 * window_.size());
    std::vector<std::uint64_t> open(larger.size() / 64);
    for (std::uint64_t id = first_id_; id < next_id_; ++id) {
        const auto target = static_cast<std::size_t>(id) & (larger.size() - 1);
        larger[target].operation = place(id);
        open[target / 64] |= word(id) & bit(id);
    }
    window_.swap(larger);
    open_.swap(open);
}

Operation& OpenOperations::remove_straggler(std::uint64_t id) {
    const auto straggler = stragglers_.find(id);
    ended_straggler_ = straggler->second;
    stragglers_.erase(straggler);
    return ended_straggler_;
}

}  // namespace archsim::models

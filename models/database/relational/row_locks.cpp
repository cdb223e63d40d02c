// Granting locks in order, and finding who waits for whom.
#include "models/database/relational/row_locks.hpp"

#include "sim/check.hpp"

#include <algorithm>

namespace archsim::models {

namespace {

constexpr bool conflict(LockMode a, LockMode b) {
    return a == LockMode::exclusive || b == LockMode::exclusive;
}

}  // namespace

bool RowLocks::holds(const Holder& holder, std::uint64_t row, LockMode mode) const {
    const auto found = rows_.find(row);
    if (found == rows_.end()) return false;
    return std::ranges::any_of(found->second.held, [&](const Held& held) {
        return held.holder == &holder &&
               (held.mode == LockMode::exclusive || mode == LockMode::shared);
    });
}

bool RowLocks::try_lock(Waiter& waiter) {
    Row& row = *waiter.row;
    const auto own = std::ranges::find(row.held, waiter.holder, &Held::holder);
    if (own != row.held.end()) {
        waiter.upgrades = own->mode == LockMode::shared && waiter.mode == LockMode::exclusive;
        if (!waiter.upgrades) {
            waiter.granted = true;
            return true;
        }
    }
    if (row.first != nullptr && !waiter.upgrades) return false;
    if (!compatible(waiter)) return false;
    grant(waiter);
    return true;
}

/// Whether nobody else holds what conflicts with it.
bool RowLocks::compatible(const Waiter& waiter) {
    return std::ranges::none_of(waiter.row->held, [&](const Held& held) {
        return held.holder != waiter.holder && conflict(held.mode, waiter.mode);
    });
}

void RowLocks::grant(Waiter& waiter) {
    waiter.granted = true;
    std::vector<Held>& held = waiter.row->held;
    if (waiter.upgrades) {
        std::ranges::find(held, waiter.holder, &Held::holder)->mode = LockMode::exclusive;
        return;
    }
    held.push_back({waiter.holder, waiter.mode});
    waiter.holder->rows_.push_back(waiter.row);
}

bool RowLocks::wait(Waiter& waiter) {
    enqueue(waiter);
    // One who begins to wait may close several cycles at once, for it may wait for several.
    while (Holder* const victim = victim_of_cycle(*waiter.holder)) {
        ++deadlocks_;
        Waiter& loser = *victim->waiting_;
        leave(loser);
        if (&loser == &waiter) return false;
        simulation_.schedule_in(loser, sim::Duration{});
    }
    return true;
}

void RowLocks::enqueue(Waiter& waiter) {
    ARCHSIM_CHECK(waiter.holder->waiting_ == nullptr, "a transaction waits for two locks");
    Row& row = *waiter.row;
    Waiter* before = nullptr;  // stands behind the new one
    if (waiter.upgrades) {
        before = row.first;
        while (before != nullptr && before->upgrades) before = before->next;
    }
    waiter.in_line = true;
    waiter.holder->waiting_ = &waiter;
    waiter.next = before;
    waiter.previous = before != nullptr ? before->previous : row.last;
    (waiter.previous != nullptr ? waiter.previous->next : row.first) = &waiter;
    (before != nullptr ? before->previous : row.last) = &waiter;
}

void RowLocks::leave(Waiter& waiter) {
    Row& row = *waiter.row;
    waiter.in_line = false;
    waiter.holder->waiting_ = nullptr;
    (waiter.previous != nullptr ? waiter.previous->next : row.first) = waiter.next;
    (waiter.next != nullptr ? waiter.next->previous : row.last) = waiter.previous;
    waiter.next = waiter.previous = nullptr;
    if (!waiter.granted) serve_line(row);  // those behind it may not have to wait any more
}

void RowLocks::serve_line(Row& row) {
    while (row.first != nullptr && compatible(*row.first)) {
        Waiter& next = *row.first;
        grant(next);
        leave(next);
        simulation_.schedule_in(next, sim::Duration{});
    }
}

void RowLocks::release_all(Holder& holder) {
    for (Row* const row : holder.rows_) {
        std::erase_if(row->held, [&](const Held& held) { return held.holder == &holder; });
        serve_line(*row);
    }
    holder.rows_.clear();
}

/// The one of this number among those that `holder` waits for; nullptr behind the last. The nearest
/// in line before it that it conflicts with stands for all who are further ahead, for one of two
/// that conflict is exclusive, and so waits for all of them; without one, those with a lock.
RowLocks::Holder* RowLocks::blocker(const Holder& holder, std::size_t index) {
    if (holder.waiting_ == nullptr) return nullptr;
    const Waiter& waiter = *holder.waiting_;
    const Waiter* ahead = waiter.previous;
    while (ahead != nullptr && !conflict(ahead->mode, waiter.mode)) ahead = ahead->previous;
    if (ahead != nullptr) return index == 0 ? ahead->holder : nullptr;
    for (const Held& held : waiter.row->held) {
        if (held.holder == &holder || !conflict(held.mode, waiter.mode)) continue;
        if (index-- == 0) return held.holder;
    }
    return nullptr;
}

/// The youngest in a cycle that leads from `start` back to it; nullptr if there is none. Depth
/// first; each holder is entered once.
RowLocks::Holder* RowLocks::victim_of_cycle(Holder& start) {
    ++searches_;
    path_.clear();
    path_.push_back({&start, 0});
    while (!path_.empty()) {
        Step& step = path_.back();
        Holder* const next = blocker(*step.holder, step.next++);
        if (next == nullptr) {
            path_.pop_back();
        } else if (next == &start) {
            return std::ranges::max_element(path_, {}, [](const Step& s) { return s.holder->age_; })
                ->holder;
        } else if (next->found_by_ != searches_) {
            next->found_by_ = searches_;
            path_.push_back({next, 0});
        }
    }
    return nullptr;
}

}  // namespace archsim::models

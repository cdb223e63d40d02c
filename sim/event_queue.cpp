// The rarer parts of the pending-event set: cancelling, sweeping, growing.
#include "sim/event_queue.hpp"

#include <utility>

namespace archsim::sim {

EventQueue::~EventQueue() {
    for (Event* event : slots_) {
        if (event != nullptr) event->slot_ = Event::none;
    }
}

Instant EventQueue::next_time() {
    if (root_taken_) remove_root();
    drop_dead_roots();
    // A cancelled event in the lane costs one empty step of the run loop, no more.
    if (lane_count_ > 0) return now_;
    return heap_.empty() ? Instant::never() : time_of(heap_.front());
}

void EventQueue::grow_lane() {
    std::vector<std::uint32_t> larger(lane_.size() * 2);
    for (std::size_t i = 0; i < lane_count_; ++i) {
        larger[i] = lane_[(lane_first_ + i) & (lane_.size() - 1)];
    }
    lane_ = std::move(larger);
    lane_first_ = 0;
}

void EventQueue::drop_dead_roots() {
    while (!heap_.empty() && slots_[slot_of(heap_.front())] == nullptr) {
        free_slots_.push_back(slot_of(heap_.front()));
        remove_root();
        --dead_in_heap_;
    }
}

void EventQueue::cancel(Event& event) {
    const std::uint32_t slot = event.slot_;
    slots_[slot] = nullptr;  // the slot is free again once its entry has left heap or lane
    event.slot_ = Event::none;
    --live_;
    // Entries of the lane are counted too; the lane drains at this instant, so the error is small
    // and only decides when to sweep.
    ++dead_in_heap_;
    if (dead_in_heap_ > 64 && dead_in_heap_ > heap_.size() / 2) sweep();
}

void EventQueue::sweep() {
    if (root_taken_) remove_root();
    std::size_t kept = 0;
    for (const Entry entry : heap_) {
        if (slots_[slot_of(entry)] != nullptr) {
            heap_[kept++] = entry;
        } else {
            free_slots_.push_back(slot_of(entry));
        }
    }
    heap_.resize(kept);
    for (std::size_t i = kept / 4 + 1; i-- > 0;) {
        if (i < kept) sift_down(i, heap_[i]);
    }
    dead_in_heap_ = 0;
}

}  // namespace archsim::sim

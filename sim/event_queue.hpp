// The pending-event set: which event is next. Events fire in order of time, and events of the same
// instant in the order in which they were scheduled.
#pragma once

#include "sim/check.hpp"
#include "sim/units.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace archsim::sim {

class EventQueue;

/// Something that happens at an instant. It lives inside whatever waits for it (a coroutine frame,
/// a call, a load source); destroying it cancels it. Not movable.
class Event {
public:
    using Action = void (*)(Event&);
    /// `action` runs when the event fires; `tag` says for the run's fingerprint whose it is.
    explicit Event(Action action, std::uint32_t tag = 0) : action_{action}, tag_{tag} {}
    ~Event() { cancel(); }
    Event(const Event&) = delete;
    Event& operator=(const Event&) = delete;

    [[nodiscard]] bool pending() const { return slot_ != none; }
    [[nodiscard]] std::uint32_t tag() const { return tag_; }
    void set_tag(std::uint32_t tag) { tag_ = tag; }
    /// Forgets a pending event; does nothing otherwise. O(1) amortised.
    inline void cancel();

private:
    friend class EventQueue;
    static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
    Action action_;
    EventQueue* queue_ = nullptr;
    std::uint32_t slot_ = none;
    std::uint32_t tag_;
};

/// An implicit 4-ary heap of 16-byte entries (time, order, slot) beside a slab of event pointers,
/// and a first-in first-out lane for events of the current instant. Cancelling clears the slot;
/// dead heap entries are swept out once they are the majority.
/// Complexity: schedule and pop O(log n), for the current instant O(1); cancel O(1) amortised.
/// Limits: 2^24 pending events and 2^40 (10^12) schedulings a run.
class EventQueue {
public:
    EventQueue() = default;
    EventQueue(const EventQueue&) = delete;
    EventQueue& operator=(const EventQueue&) = delete;
    ~EventQueue();

    [[nodiscard]] Instant now() const { return now_; }
    /// Live events; cancelled ones do not count.
    [[nodiscard]] std::size_t size() const { return live_; }
    /// How many schedulings there have been.
    [[nodiscard]] std::uint64_t scheduled() const { return order_; }
    /// Time of the next live event, or never(). Drops dead entries on the way.
    [[nodiscard]] Instant next_time();

    /// Requires: event not pending, when >= now().
    void schedule(Event& event, Instant when) {
        ARCHSIM_CHECK(!event.pending(), "an event was scheduled twice");
        ARCHSIM_CHECK(when >= now_, "an event was scheduled in the past: {} ns at {} ns",
                      when.count(), now_.count());
        const std::uint32_t slot = take_slot(event);
        ++order_;
        ++live_;
        if (when == now_) {
            push_lane(slot);
        } else {
            push_heap(make_entry(when, slot));
        }
    }

    /// Fires the next event if its time is not after `deadline` and returns true; else returns
    /// false and moves the clock to `deadline`. `observe(now, event)` is called before the action.
    template <class Observe>
    bool fire_next(Instant deadline, Observe&& observe);

private:
    friend class Event;
    __extension__ using Entry = unsigned __int128;  // time in the high half, then order, then slot
    static constexpr int slot_bits = 24;
    static constexpr std::uint32_t slot_limit = 1u << slot_bits;
    static constexpr std::uint64_t slot_mask = slot_limit - 1;

    [[nodiscard]] Entry make_entry(Instant when, std::uint32_t slot) const {
        const std::uint64_t low = (order_ << slot_bits) | slot;
        return (static_cast<Entry>(static_cast<std::uint64_t>(when.count())) << 64) | low;
    }
    [[nodiscard]] static Instant time_of(Entry entry) {
        return Instant::at(Duration::nanoseconds(static_cast<std::int64_t>(entry >> 64)));
    }
    [[nodiscard]] static std::uint32_t slot_of(Entry entry) {
        return static_cast<std::uint32_t>(static_cast<std::uint64_t>(entry) & slot_mask);
    }

    std::uint32_t take_slot(Event& event) {
        std::uint32_t slot = 0;
        if (!free_slots_.empty()) {
            slot = free_slots_.back();
            free_slots_.pop_back();
            slots_[slot] = &event;
        } else {
            slot = static_cast<std::uint32_t>(slots_.size());
            ARCHSIM_CHECK(slot < slot_limit, "more than {} events are pending", slot_limit);
            slots_.push_back(&event);
        }
        event.slot_ = slot;
        event.queue_ = this;
        return slot;
    }
    void push_lane(std::uint32_t slot) {
        if (lane_count_ == lane_.size()) grow_lane();
        lane_[(lane_first_ + lane_count_) & (lane_.size() - 1)] = slot;
        ++lane_count_;
    }
    void grow_lane();
    void push_heap(Entry entry);
    void sift_down(std::size_t at, Entry entry);
    void remove_root();
    void drop_dead_roots();
    void sweep();
    void cancel(Event& event);
    template <class Observe>
    void fire(std::uint32_t slot, Observe&& observe);

    std::vector<Entry> heap_;
    bool root_taken_ = false;  // the root has fired; the next push may take its place
    std::vector<Event*> slots_;
    std::vector<std::uint32_t> free_slots_;
    std::vector<std::uint32_t> lane_ = std::vector<std::uint32_t>(64);
    std::size_t lane_first_ = 0;
    std::size_t lane_count_ = 0;
    std::size_t dead_in_heap_ = 0;
    std::size_t live_ = 0;
    std::uint64_t order_ = 0;
    Instant now_;
};

inline void Event::cancel() {
    if (pending()) queue_->cancel(*this);
}

inline void EventQueue::push_heap(Entry entry) {
    if (root_taken_) {
        root_taken_ = false;
        sift_down(0, entry);
        return;
    }
    std::size_t at = heap_.size();
    heap_.push_back(entry);
    while (at > 0) {
        const std::size_t parent = (at - 1) / 4;
        if (heap_[parent] < entry) break;
        heap_[at] = heap_[parent];
        at = parent;
    }
    heap_[at] = entry;
}

inline void EventQueue::sift_down(std::size_t at, Entry entry) {
    Entry* const heap = heap_.data();
    const std::size_t count = heap_.size();
    for (;;) {
        const std::size_t child = 4 * at + 1;
        if (child + 3 < count) {
            __builtin_prefetch(heap + (4 * child + 1 < count ? 4 * child + 1 : child));
            const std::size_t left = heap[child + 1] < heap[child] ? child + 1 : child;
            const std::size_t right = heap[child + 3] < heap[child + 2] ? child + 3 : child + 2;
            const std::size_t least = heap[right] < heap[left] ? right : left;
            if (!(heap[least] < entry)) break;
            heap[at] = heap[least];
            at = least;
        } else {
            if (child >= count) break;
            std::size_t least = child;
            for (std::size_t i = child + 1; i < count; ++i) {
                if (heap[i] < heap[least]) least = i;
            }
            if (!(heap[least] < entry)) break;
            heap[at] = heap[least];
            at = least;
        }
    }
    heap[at] = entry;
}

inline void EventQueue::remove_root() {
    root_taken_ = false;
    const Entry last = heap_.back();
    heap_.pop_back();
    if (!heap_.empty()) sift_down(0, last);
}

template <class Observe>
void EventQueue::fire(std::uint32_t slot, Observe&& observe) {
    Event& event = *slots_[slot];
    slots_[slot] = nullptr;
    free_slots_.push_back(slot);
    event.slot_ = Event::none;
    --live_;
    observe(now_, event);
    event.action_(event);  // may destroy the event
}

template <class Observe>
bool EventQueue::fire_next(Instant deadline, Observe&& observe) {
    drop_dead_roots();
    if (lane_count_ > 0 && (heap_.empty() || time_of(heap_.front()) > now_)) {
        const std::uint32_t slot = lane_[lane_first_];
        lane_first_ = (lane_first_ + 1) & (lane_.size() - 1);
        --lane_count_;
        if (slots_[slot] == nullptr) {
            free_slots_.push_back(slot);
            return true;  // cancelled meanwhile
        }
        fire(slot, observe);
        return true;
    }
    if (heap_.empty() || time_of(heap_.front()) > deadline) {
        if (deadline > now_) now_ = deadline;
        return false;
    }
    now_ = time_of(heap_.front());
    const std::uint32_t slot = slot_of(heap_.front());
    root_taken_ = true;
    fire(slot, observe);
    if (root_taken_) remove_root();
    return true;
}

}  // namespace archsim::sim

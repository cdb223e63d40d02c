// Keeping events in a row and going through them with an eye on what comes next.
#include "models/consistency/batched_history.hpp"

#include <algorithm>
#include <utility>

namespace archsim::models {

namespace {

// Operations that are judged between two rounds of fetching.
constexpr std::size_t stride = 16;

}  // namespace

// What is in flight when a fault begins or ends began before it. Nothing is held back then, so that
// reads_told_ is true of all that is.
void BatchedHistory::fault(const FaultRecord& record) {
    hand_on_all();
    tell_open_reads();
    push(record);
}

void BatchedHistory::flush() {
    hand_on_all();
    tell_open_reads();
    hand_on_all();
}

void BatchedHistory::tell_open_reads() {
    const std::uint64_t told = std::exchange(reads_told_, recorder_.begun());
    for (const Operation& operation : recorder_.open()) {
        if (operation.kind == Access::read && operation.id >= told) keep(operation);
    }
}

void BatchedHistory::hand_on_all() {
    const std::size_t count = std::exchange(held_count_, 0);
    auto other = others_.cbegin();
    prefetch(0, std::min(2 * stride, count));
    for (std::size_t from = 0; from < count; from += stride) {
        const std::size_t to = std::min(from + stride, count);
        prefetch(std::min(to + stride, count), std::min(to + 2 * stride, count));
        prefetch_versions(to, std::min(to + stride, count));
        std::size_t at = from;
        for (; other != others_.cend() && other->before < to; ++other) {
            hand_on(at, other->before);
            at = other->before;
            hand_on_other(*other);
        }
        hand_on(at, to);
    }
    for (; other != others_.cend(); ++other) hand_on_other(*other);
    others_.clear();
    horizon_ = recorder_.horizon();
}

void BatchedHistory::prefetch(std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) {
        const Operation& operation = held_[i];
        key_numbers_[i] = none;
        if (operation.kind == Access::read) [[likely]] {
            key_numbers_[i] = monitor_.prefetch_read(operation).value_or(none);
        } else {
            monitor_.prefetch_key(operation.key);
        }
    }
}

void BatchedHistory::prefetch_versions(std::size_t from, std::size_t to) const {
    for (std::size_t i = from; i < to; ++i) {
        const bool is_write = held_[i].kind == Access::write;
        if (is_write && held_[i].ending == Ending::ok) monitor_.prefetch_version(held_[i]);
    }
}

void BatchedHistory::hand_on(std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) {
        const Operation& operation = held_[i];
        const std::uint32_t key = key_numbers_[i];
        const bool is_whole = key != none && operation.id >= reads_told_;
        if (is_whole && monitor_.takes_usual(operation, key)) [[likely]]
            continue;
        hand_on_unusual(operation);
    }
}

void BatchedHistory::hand_on_unusual(const Operation& operation) {
    if (operation.ending == Ending::in_flight) {
        monitor_.begun(operation);
    } else if (operation.kind == Access::read && operation.id >= reads_told_) {
        monitor_.read(operation, horizon_);
    } else {
        monitor_.ended(operation, horizon_);
    }
}

void BatchedHistory::hand_on_other(const Other& other) {
    if (const auto* const version = std::get_if<VersionRecord>(&other.event)) {
        monitor_.created(*version);
    } else if (const auto* const application = std::get_if<Application>(&other.event)) {
        monitor_.applied(*application);
    } else if (const auto* const fault = std::get_if<FaultRecord>(&other.event)) {
        monitor_.fault(*fault);
    } else if (const auto* const settled = std::get_if<Settled>(&other.event)) {
        monitor_.settled(settled->key, settled->version);
    }
}

}  // namespace archsim::models

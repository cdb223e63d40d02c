// Keeping events in a row and going through them with an eye on what comes next.
#include "models/consistency/batched_history.hpp"

#include <algorithm>
#include <limits>

namespace archsim::models {

namespace {

constexpr std::size_t far_ahead = 16;
constexpr std::size_t ahead = 8;

}  // namespace

void BatchedHistory::completed(const Operation& operation) {
    const Order horizon = recorder_.open().oldest(operation.completed_order);
    if (operation.kind == Access::write || operation.id < reads_told_) {
        return push(End{operation, horizon});
    }
    const Order behind = operation.completed_order - horizon;
    if (!PackedRead::fits(operation) || behind > std::numeric_limits<std::uint32_t>::max()) {
        return push(Read{{operation, horizon}});
    }
    Event& event = held_[held_count_];
    event.pack(operation);
    event.is_read = true;
    event.behind = static_cast<std::uint32_t>(behind);
    event.key = operation.key;
    event.version = operation.version;
    if (++held_count_ == batch_size) hand_on_all();
}

// What is in flight when a fault begins or ends began before it.
void BatchedHistory::fault(const FaultRecord& record) {
    tell_open_reads();
    push(record);
}

void BatchedHistory::flush() {
    tell_open_reads();
    hand_on_all();
}

void BatchedHistory::tell_open_reads() {
    recorder_.open().each([this](const Operation& operation) {
        if (operation.kind == Access::read && operation.id >= reads_told_) push(Begin{operation});
    });
    reads_told_ = recorder_.open().begun();
}

void BatchedHistory::hand_on_all() {
    const std::size_t count = std::exchange(held_count_, 0);
    Event* const events = held_.data();
    for (std::size_t i = 0; i < std::min(count, far_ahead); ++i) prefetch(events[i]);
    ConsistencyMonitor::UsualReads usual = monitor_.usual_reads();
    for (std::size_t i = 0; i < count; ++i) {
        if (i + far_ahead < count) prefetch(events[i + far_ahead]);
        if (i + ahead < count && !events[i + ahead].is_read) prefetch_rest(events[i + ahead]);
        const Event& event = events[i];
        const bool is_known = event.is_read && event.number != none;
        if (is_known && usual.take(event, event.number, event.version)) [[likely]]
            continue;
        hand_on_unusual(event);
        usual = monitor_.usual_reads();
    }
    others_.clear();
}

void BatchedHistory::prefetch_other(const Other& other) const {
    if (const auto* const end = std::get_if<End>(&other)) {
        monitor_.prefetch_key(end->operation.key);
    } else if (const auto* const begin = std::get_if<Begin>(&other)) {
        monitor_.prefetch_key(begin->operation.key);
    } else if (const auto* const version = std::get_if<VersionRecord>(&other)) {
        monitor_.prefetch_row(version->key);
    } else if (const auto* const application = std::get_if<Application>(&other)) {
        monitor_.prefetch_row(application->key);
    }
}

void BatchedHistory::prefetch_rest(const Event& event) const {
    if (const auto* const end = std::get_if<End>(&others_[event.number])) {
        monitor_.prefetch_version(end->operation);
    }
}

void BatchedHistory::hand_on_unusual(const Event& event) {
    if (!event.is_read) return hand_on_other(others_[event.number]);
    monitor_.read(event.unpack(event.key, event.version), event.completed_order() - event.behind);
}

void BatchedHistory::hand_on_other(const Other& other) {
    if (const auto* const begin = std::get_if<Begin>(&other)) {
        monitor_.begun(begin->operation);
    } else if (const auto* const end = std::get_if<End>(&other)) {
        monitor_.ended(end->operation, end->horizon);
    } else if (const auto* const read = std::get_if<Read>(&other)) {
        monitor_.read(read->operation, read->horizon);
    } else if (const auto* const version = std::get_if<VersionRecord>(&other)) {
        monitor_.created(*version);
    } else if (const auto* const application = std::get_if<Application>(&other)) {
        monitor_.applied(*application);
    } else if (const auto* const fault = std::get_if<FaultRecord>(&other)) {
        monitor_.fault(*fault);
    } else if (const auto* const settled = std::get_if<Settled>(&other)) {
        monitor_.settled(settled->key, settled->version);
    }
}

}  // namespace archsim::models

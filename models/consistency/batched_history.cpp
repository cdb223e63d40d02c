// Keeping events in a row and going through them with an eye on what comes next.
#include "models/consistency/batched_history.hpp"

#include <algorithm>

namespace archsim::models {

namespace {

constexpr std::size_t far_ahead = 12;
constexpr std::size_t ahead = 5;

// By now it may have ended.
Operation as_it_began(Operation operation) {
    if (operation.kind == Access::read) operation.version = initial_version;
    operation.completed = sim::Instant::never();
    operation.completed_order = after_history;
    operation.ending = Ending::in_flight;
    return operation;
}

}  // namespace

void BatchedHistory::completed(const Operation& operation) {
    const Operation* const oldest = recorder_.open().oldest();
    const Order horizon = oldest != nullptr ? oldest->invoked_order : operation.completed_order;
    if (operation.kind == Access::read && operation.id >= reads_told_) {
        push<Read>(operation, horizon);
    } else {
        push<End>(operation, horizon);
    }
}

// What is in flight when a fault begins or ends began before it.
void BatchedHistory::fault(const FaultRecord& record) {
    tell_open_reads();
    push<FaultRecord>(record);
}

void BatchedHistory::flush() {
    tell_open_reads();
    hand_on_all();
}

void BatchedHistory::tell_open_reads() {
    recorder_.open().each([this](const Operation& operation) {
        if (operation.kind == Access::read && operation.id >= reads_told_) push<Begin>(operation);
    });
    reads_told_ = recorder_.begun();
}

void BatchedHistory::hand_on_all() {
    const std::size_t count = held_.size();
    for (std::size_t i = 0; i < std::min(count, far_ahead); ++i) prefetch(held_[i]);
    for (std::size_t i = 0; i < count; ++i) {
        if (i + far_ahead < count) prefetch(held_[i + far_ahead]);
        if (i + ahead < count) prefetch_rest(held_[i + ahead]);
        hand_on(held_[i]);
    }
    held_.clear();
}

void BatchedHistory::prefetch(Record& record) const {
    if (auto* const read = std::get_if<Read>(&record)) {
        read->index = monitor_.prefetch_read(read->key, *read->operation);
    } else if (const auto* const end = std::get_if<End>(&record)) {
        monitor_.prefetch_key(end->key);
    } else if (const auto* const begin = std::get_if<Begin>(&record)) {
        monitor_.prefetch_key(begin->operation->key);
    } else if (const auto* const version = std::get_if<VersionRecord>(&record)) {
        monitor_.prefetch_created(*version);
    } else if (const auto* const application = std::get_if<Application>(&record)) {
        monitor_.prefetch_applied(*application);
    }
}

void BatchedHistory::prefetch_rest(const Record& record) const {
    if (const auto* const end = std::get_if<End>(&record)) {
        monitor_.prefetch_version(*end->operation);
    }
}

void BatchedHistory::hand_on(const Record& record) {
    if (const auto* const read = std::get_if<Read>(&record)) {
        if (read->index) {
            monitor_.read(*read->operation, *read->index, read->horizon);
        } else {
            monitor_.read(*read->operation, read->horizon);
        }
    } else if (const auto* const begin = std::get_if<Begin>(&record)) {
        monitor_.begun(as_it_began(*begin->operation));
    } else if (const auto* const end = std::get_if<End>(&record)) {
        monitor_.ended(*end->operation, end->horizon);
    } else if (const auto* const version = std::get_if<VersionRecord>(&record)) {
        monitor_.created(*version);
    } else if (const auto* const application = std::get_if<Application>(&record)) {
        monitor_.applied(*application);
    } else if (const auto* const fault = std::get_if<FaultRecord>(&record)) {
        monitor_.fault(*fault);
    } else if (const auto* const settled = std::get_if<Settled>(&record)) {
        monitor_.settled(settled->key, settled->version);
    }
}

}  // namespace archsim::models

// Writes small histories by hand: one call per operation, times in milliseconds.
#pragma once

#include "models/history.hpp"

#include <vector>

namespace archsim::tests {

/// A growing list of operations; orders are times in nanoseconds, so touching means concurrent.
class HistoryBuilder {
public:
    /// An answered write of `version` from `from` to `to` milliseconds.
    HistoryBuilder& write(models::Version version, int from, int to) {
        return add(models::Access::write, version, from, to, models::Ending::ok);
    }
    /// An answered read that returned `version`.
    HistoryBuilder& read(models::Version version, int from, int to) {
        return add(models::Access::read, version, from, to, models::Ending::ok);
    }
    /// An operation with any ending.
    HistoryBuilder& add(models::Access kind, models::Version version, int from, int to,
                        models::Ending ending) {
        models::Operation operation;
        operation.id = operations_.size();
        operation.key = key_;
        operation.version = version;
        operation.session = session_;
        operation.side = side_;
        operation.kind = kind;
        operation.ending = ending;
        operation.invoked = sim::Instant::at(sim::Duration::milliseconds(from));
        operation.invoked_order = operation.invoked.count();
        if (ending != models::Ending::in_flight) {
            operation.completed = sim::Instant::at(sim::Duration::milliseconds(to));
            operation.completed_order = operation.completed.count();
        }
        operations_.push_back(operation);
        return *this;
    }
    /// The session of the operations that follow.
    HistoryBuilder& session(std::uint32_t session) {
        session_ = session;
        return *this;
    }
    /// The side of the clients of the operations that follow.
    HistoryBuilder& side(std::uint8_t side) {
        side_ = side;
        return *this;
    }
    /// The key of the operations that follow.
    HistoryBuilder& key(std::uint64_t key) {
        key_ = key;
        return *this;
    }

    [[nodiscard]] const std::vector<models::Operation>& operations() const { return operations_; }

private:
    std::vector<models::Operation> operations_;
    std::uint64_t key_ = 0;
    std::uint32_t session_ = 0;
    std::uint8_t side_ = 0;
};

}  // namespace archsim::tests

// What transactions do to rows, one event after the other: a schedule in the sense of the theory of
// concurrency control. Whoever listens sees only what was read and written, never locks or
// snapshots, so that it can judge them.
#pragma once

#include <cstdint>

namespace archsim::models {

/// Number of one try of a transaction, from 1 in the order of their begin; 0 stands for whoever
/// wrote the value that a row has at the start.
using TransactionId = std::uint64_t;

/// Told of every event of a schedule, in order.
class ScheduleListener {
public:
    virtual void began(TransactionId transaction) = 0;
    /// `reader` was given the version of `row` that `writer` wrote.
    virtual void read(TransactionId reader, std::uint64_t row, TransactionId writer) = 0;
    virtual void wrote(TransactionId writer, std::uint64_t row) = 0;
    /// From here on others may read what it wrote.
    virtual void committed(TransactionId transaction) = 0;
    virtual void rolled_back(TransactionId transaction) = 0;

protected:
    ~ScheduleListener() = default;
};

}  // namespace archsim::models

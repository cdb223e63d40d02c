// A bulkhead: a fixed number of calls at the same time and a queue for those beyond, so that one
// slow callee cannot take all that its caller has.
#pragma once

#include "models/queue_limit.hpp"
#include "models/spec.hpp"
#include "sim/check.hpp"

#include <cstdint>

namespace archsim::models {

/// How many calls an edge may have in flight, and how many may wait.
struct BulkheadConfig {
    std::int64_t calls = 1;
    QueueLimit queue{0};
    static const Spec<BulkheadConfig>& spec() {
        static const auto s =
            Spec<BulkheadConfig>{"bulkhead", "Limits the calls that an edge has in flight."}
                .required("calls", &BulkheadConfig::calls,
                          "Tries in flight at the same time, of one instance of the caller.")
                .at_least(1)
                .at_most(1'000'000'000)
                .optional("queue", &BulkheadConfig::queue,
                          "Tries that may wait for a place, first come first served.")
                .written_as("calls");
        return s;
    }
};

/// Counts who is in and who waits; the line itself is kept by whoever asks. O(1).
class Bulkhead {
public:
    enum class Entry : std::uint8_t { in, wait, full };

    explicit Bulkhead(const BulkheadConfig& config) : config_{config} {}

    [[nodiscard]] Entry enter() {
        if (inside_ < static_cast<std::uint64_t>(config_.calls)) {
            ++inside_;
            return Entry::in;
        }
        if (config_.queue.places && waiting_ >= *config_.queue.places) return Entry::full;
        ++waiting_;
        return Entry::wait;
    }
    /// Gives a place back. True if the first in line has it now.
    [[nodiscard]] bool leave() {
        ARCHSIM_CHECK(inside_ > 0, "a place was given back that nobody held");
        if (waiting_ > 0) {
            --waiting_;
            return true;
        }
        --inside_;
        return false;
    }
    /// One of those that wait goes away.
    void leave_line() {
        ARCHSIM_CHECK(waiting_ > 0, "somebody left a line that was empty");
        --waiting_;
    }
    [[nodiscard]] std::uint64_t inside() const { return inside_; }
    [[nodiscard]] std::uint64_t waiting() const { return waiting_; }

private:
    BulkheadConfig config_;
    std::uint64_t inside_ = 0;
    std::uint64_t waiting_ = 0;
};

}  // namespace archsim::models

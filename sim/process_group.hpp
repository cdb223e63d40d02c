// The processes of one node. They live and die together: a crash destroys every frame, and with
// the frames every wait, place in a queue and held server.
#pragma once

#include "sim/task.hpp"

#include <cstddef>

namespace archsim::sim {

/// Owns running tasks. Not movable; destroying the group destroys its processes.
class ProcessGroup {
public:
    ProcessGroup() { anchor_.next = anchor_.previous = &anchor_; }
    ProcessGroup(const ProcessGroup&) = delete;
    ProcessGroup& operator=(const ProcessGroup&) = delete;
    ~ProcessGroup() {
        crash();
        anchor_.next = anchor_.previous = nullptr;
    }

    /// Runs `task` until its first wait and keeps it; `completion`, if given, is told of its end,
    /// perhaps before this returns. O(1).
    template <class T>
    void start(Task<T> task, Completion<T>* completion = nullptr) {
        const auto handle = task.release();
        auto& promise = handle.promise();
        promise.owner_ = detail::Owner::group;
        promise.completion_ = completion;
        promise.insert_before(anchor_);
        handle.resume();
    }

    /// Destroys every process; their completions learn that they were abandoned. Not to be called
    /// from inside one of them. Returns how many there were. O(processes).
    std::size_t crash() {
        std::size_t count = 0;
        while (anchor_.next != &anchor_) {
            auto* const promise = static_cast<detail::PromiseBase*>(anchor_.next);
            promise->unlink();
            promise->handle_.destroy();
            ++count;
        }
        return count;
    }

    [[nodiscard]] bool empty() const { return anchor_.next == &anchor_; }

private:
    ProcessLink anchor_;
};

}  // namespace archsim::sim

// Waiting for several tasks: all of them, the first of them, or one with a time limit. Losers are
// destroyed, and destroying a task cancels everything it waits for.
#pragma once

#include "sim/simulation.hpp"
#include "sim/task.hpp"

#include <coroutine>
#include <cstddef>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

namespace archsim::sim {

namespace detail {

/// Runs tasks side by side and resumes its awaiter when `needed` of them have completed.
template <class T>
class Gathering {
public:
    Gathering(Simulation& simulation, std::vector<Task<T>> tasks, std::size_t needed)
        : simulation_{simulation}, tasks_{std::move(tasks)}, needed_{needed} {}
    Gathering(const Gathering&) = delete;
    Gathering& operator=(const Gathering&) = delete;

    [[nodiscard]] bool await_ready() const { return needed_ == 0; }
    void await_suspend(std::coroutine_handle<> waiter) {
        wakeup_.set_waiter(waiter);
        for (std::size_t i = 0; i < tasks_.size() && !enough(); ++i) {
            members_.emplace_back(*this, i);
            tasks_[i].start(members_.back());
        }
    }
    /// Index and value of each completed task, in order of completion.
    [[nodiscard]] std::vector<std::pair<std::size_t, T>> await_resume() {
        tasks_.clear();  // cancels those that are still running
        return std::move(results_);
    }

private:
    struct Member final : Completion<T> {
        Member(Gathering& g, std::size_t i) : gathering{g}, index{i} {}
        void completed(T value) override { gathering.add(index, std::move(value)); }
        void abandoned() override {}
        Gathering& gathering;
        std::size_t index;
    };
    [[nodiscard]] bool enough() const { return results_.size() >= needed_; }
    void add(std::size_t index, T value) {
        if (enough()) return;
        results_.emplace_back(index, std::move(value));
        if (enough()) simulation_.schedule_in(wakeup_, Duration{});
    }

    Simulation& simulation_;
    std::deque<Member> members_;  // before tasks_: a dying task may still tell its member
    std::vector<Task<T>> tasks_;
    std::size_t needed_;
    std::vector<std::pair<std::size_t, T>> results_;
    Wakeup wakeup_;
};

/// `task` with its value as an optional.
template <class T>
Task<std::optional<T>> as_optional(Task<T> task) {
    T value = co_await task;
    std::optional<T> wrapped = std::move(value);
    co_return wrapped;
}

/// Nothing, after `limit`.
template <class T>
Task<std::optional<T>> nothing_after(Simulation& simulation, Duration limit) {
    co_await simulation.delay(limit);
    std::optional<T> nothing;
    co_return nothing;
}

}  // namespace detail

/// The values of all tasks, in the order of the tasks. Resumes at the instant the last completes.
template <class T>
Task<std::vector<T>> all_of(Simulation& simulation, std::vector<Task<T>> tasks) {
    const std::size_t count = tasks.size();
    detail::Gathering<T> gathering{simulation, std::move(tasks), count};
    auto completed = co_await gathering;
    std::vector<std::optional<T>> ordered(count);
    for (auto& [index, value] : completed) ordered[index].emplace(std::move(value));
    std::vector<T> values;
    for (auto& value : ordered) values.push_back(std::move(*value));
    co_return values;
}

/// The first `needed` of the tasks to complete, with their indices; the rest is cancelled.
/// Requires needed <= tasks.size().
template <class T>
Task<std::vector<std::pair<std::size_t, T>>> first_of(Simulation& simulation,
                                                      std::vector<Task<T>> tasks,
                                                      std::size_t needed = 1) {
    detail::Gathering<T> gathering{simulation, std::move(tasks), needed};
    auto completed = co_await gathering;
    co_return completed;
}

/// The value of `task`, or nothing if it takes longer than `limit`; then it is cancelled.
/// A task that completes at the very instant of the limit counts as in time if its last event was
/// scheduled before the limit was set.
template <class T>
Task<std::optional<T>> with_timeout(Simulation& simulation, Task<T> task, Duration limit) {
    std::vector<Task<std::optional<T>>> rivals;
    rivals.push_back(detail::as_optional(std::move(task)));
    rivals.push_back(detail::nothing_after<T>(simulation, limit));
    auto completed = co_await first_of(simulation, std::move(rivals));
    std::optional<T> value = std::move(completed.front().second);
    co_return value;
}

}  // namespace archsim::sim

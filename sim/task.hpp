// Task<T>: a coroutine that computes a T over simulated time. It starts when it is awaited or
// started, and its frame belongs to exactly one owner: the Task object, or the process group.
#pragma once

#include "sim/check.hpp"
#include "sim/frame_pool.hpp"

#include <coroutine>
#include <exception>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace archsim::sim {

template <class T>
class Task;
class ProcessGroup;

/// Told how a started task ended, exactly once: it completed, or its frame was destroyed before.
template <class T>
class Completion {
public:
    virtual void completed(T value) = 0;
    /// The frame was destroyed by a crash, a cancellation or the end of the run.
    virtual void abandoned() = 0;

protected:
    ~Completion() = default;
};
template <>
class Completion<void> {
public:
    virtual void completed() = 0;
    virtual void abandoned() = 0;

protected:
    ~Completion() = default;
};

/// A link in the list of a process group's processes.
struct ProcessLink {
    ProcessLink* next = nullptr;
    ProcessLink* previous = nullptr;
    ProcessLink() = default;
    ProcessLink(const ProcessLink&) = delete;
    ProcessLink& operator=(const ProcessLink&) = delete;
    ~ProcessLink() { unlink(); }
    void unlink() {
        if (next == nullptr) return;
        next->previous = previous;
        previous->next = next;
        next = previous = nullptr;
    }
    void insert_before(ProcessLink& anchor) {
        next = &anchor;
        previous = anchor.previous;
        previous->next = this;
        anchor.previous = this;
    }
};

namespace detail {

enum class Owner : unsigned char { awaiter, holder, group };

/// What every task's promise has: who waits for it and how it is freed.
class PromiseBase : public ProcessLink {
public:
    static void* operator new(std::size_t bytes) { return FramePool::allocate(bytes); }
    static void operator delete(void* frame, std::size_t bytes) noexcept {
        FramePool::release(frame, bytes);
    }
    std::suspend_always initial_suspend() noexcept { return {}; }
    [[noreturn]] void unhandled_exception() {
        check_failed("no exception leaves a process", __FILE__, __LINE__, "process", what());
    }

    std::coroutine_handle<> handle_;        // this frame, for ProcessGroup::crash
    std::coroutine_handle<> continuation_;  // resumed at the end when an awaiter owns the task
    Owner owner_ = Owner::awaiter;
    bool starting_ = false;  // the owner is still inside resume(): do not resume it again

private:
    static std::string what() {
        try {
            throw;
        } catch (const std::exception& error) {
            return error.what();
        } catch (...) {
            return "unknown exception";
        }
    }
};

template <class T>
class Promise;

template <class T>
void finish(std::coroutine_handle<Promise<T>> handle);

template <class T>
struct FinalAwaiter {
    [[nodiscard]] bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<Promise<T>> handle) const noexcept {
        finish<T>(handle);
    }
    void await_resume() const noexcept {}
};

/// The part of a promise that knows whom to tell; a frame that dies early says so.
template <class T>
class CompletingPromise : public PromiseBase {
public:
    ~CompletingPromise() {
        if (completion_ != nullptr) std::exchange(completion_, nullptr)->abandoned();
    }
    FinalAwaiter<T> final_suspend() noexcept { return {}; }

    Completion<T>* completion_ = nullptr;
};

template <class T>
class Promise : public CompletingPromise<T> {
public:
    Task<T> get_return_object();
    void return_value(T value) { value_.emplace(std::move(value)); }
    [[nodiscard]] T take() { return std::move(*value_); }

private:
    std::optional<T> value_;
};

template <>
class Promise<void> : public CompletingPromise<void> {
public:
    Task<void> get_return_object();
    void return_void() {}
    void take() {}
};

/// The end of a task: frees the frame if a process group owns it, then tells whoever waits.
template <class T>
void finish(std::coroutine_handle<Promise<T>> handle) {
    Promise<T>& promise = handle.promise();
    if (promise.owner_ == Owner::awaiter) {
        if (!promise.starting_) promise.continuation_.resume();
        return;  // the frame may be gone by now
    }
    const bool frees_itself = promise.owner_ == Owner::group;
    Completion<T>* const completion = std::exchange(promise.completion_, nullptr);
    if constexpr (std::is_void_v<T>) {
        if (frees_itself) handle.destroy();
        if (completion != nullptr) completion->completed();
    } else {
        T value = promise.take();
        if (frees_itself) handle.destroy();
        if (completion != nullptr) completion->completed(std::move(value));
    }
}

}  // namespace detail

/// A coroutine that yields a T. Await it once, start it once, or hand it to a process group.
/// Destroying a Task destroys its frame and with it every wait inside.
template <class T = void>
class [[nodiscard]] Task {
public:
    using promise_type = detail::Promise<T>;
    using Handle = std::coroutine_handle<promise_type>;

    Task() = default;
    explicit Task(Handle handle) : handle_{handle} {}
    Task(Task&& other) noexcept : handle_{std::exchange(other.handle_, nullptr)} {}
    Task& operator=(Task&& other) noexcept {
        if (this != &other) {
            reset();
            handle_ = std::exchange(other.handle_, nullptr);
        }
        return *this;
    }
    ~Task() { reset(); }

    /// Destroys the frame, if there is one; a completion is told that it was abandoned.
    void reset() {
        if (handle_) std::exchange(handle_, nullptr).destroy();
    }
    /// Runs until the first wait; `completion` is told of the end, perhaps before this returns.
    /// The Task keeps the frame and must outlive the run of it.
    void start(Completion<T>& completion) {
        promise_type& promise = handle_.promise();
        promise.owner_ = detail::Owner::holder;
        promise.completion_ = &completion;
        handle_.resume();
    }

    // Awaiting. The form of await_suspend that returns bool keeps the stack bounded on g++ 12,
    // where transfer by returned handle does not in builds without optimisation.
    [[nodiscard]] bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> awaiter) {
        promise_type& promise = handle_.promise();
        promise.continuation_ = awaiter;
        promise.starting_ = true;
        handle_.resume();
        promise.starting_ = false;
        return !handle_.done();
    }
    T await_resume() { return handle_.promise().take(); }

private:
    friend class ProcessGroup;
    [[nodiscard]] Handle release() { return std::exchange(handle_, nullptr); }
    Handle handle_;
};

namespace detail {
template <class T>
Task<T> Promise<T>::get_return_object() {
    auto handle = std::coroutine_handle<Promise<T>>::from_promise(*this);
    this->handle_ = handle;
    return Task<T>{handle};
}
inline Task<void> Promise<void>::get_return_object() {
    auto handle = std::coroutine_handle<Promise<void>>::from_promise(*this);
    handle_ = handle;
    return Task<void>{handle};
}
}  // namespace detail

}  // namespace archsim::sim

// Memory for coroutine frames and calls in flight: they come and go by the million in a few sizes,
// so each size keeps a free list. One thread runs one simulation at a time, hence no lock.
#pragma once

#include <array>
#include <cstddef>
#include <new>
#include <utility>

#if defined(__SANITIZE_ADDRESS__)
#define ARCHSIM_PLAIN_FRAMES 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARCHSIM_PLAIN_FRAMES 1
#endif
#endif

namespace archsim::sim {

/// Size-bucketed free lists, one set a thread; freed blocks are kept for the next frame of their
/// size. Under AddressSanitizer every block is a plain allocation, or reuse would hide errors.
class FramePool {
public:
    /// A block of at least `bytes`. O(1).
    [[nodiscard]] static void* allocate(std::size_t bytes) {
#ifdef ARCHSIM_PLAIN_FRAMES
        return ::operator new(bytes);
#else
        const std::size_t bucket = (bytes + step - 1) / step;
        if (bucket >= bucket_count) return ::operator new(bytes);
        Block*& head = lists().head[bucket];
        if (head == nullptr) return ::operator new(bucket* step);
        return std::exchange(head, head->next);
#endif
    }

    /// Gives back a block from allocate(bytes). O(1).
    static void release(void* block, std::size_t bytes) noexcept {
#ifdef ARCHSIM_PLAIN_FRAMES
        (void)bytes;
        ::operator delete(block);
#else
        const std::size_t bucket = (bytes + step - 1) / step;
        if (bucket >= bucket_count) return ::operator delete(block);
        Block*& head = lists().head[bucket];
        head = new (block) Block{head};
#endif
    }

private:
    struct Block {
        Block* next;
    };
    static constexpr std::size_t step = 64;
    static constexpr std::size_t bucket_count = 64;
    struct Lists {
        std::array<Block*, bucket_count> head{};
        Lists() = default;
        Lists(const Lists&) = delete;
        Lists& operator=(const Lists&) = delete;
        ~Lists() {
            for (Block* block : head) {
                while (block != nullptr) ::operator delete(std::exchange(block, block->next));
            }
        }
    };
    static Lists& lists() {
        thread_local Lists of_this_thread;
        return of_this_thread;
    }
};

/// Base of objects that are allocated from the pool.
struct Pooled {
    static void* operator new(std::size_t bytes) { return FramePool::allocate(bytes); }
    static void operator delete(void* block, std::size_t bytes) noexcept {
        FramePool::release(block, bytes);
    }
};

}  // namespace archsim::sim

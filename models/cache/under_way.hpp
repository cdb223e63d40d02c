// Keys for which a cache waits for its origin: who fetches, who waits for somebody else's fetch
// (single flight), and whether a write has overtaken a fetch. Without a wait it costs nothing.
#pragma once

#include "models/cache/index.hpp"
#include "models/request.hpp"
#include "sim/simulation.hpp"

#include <coroutine>
#include <cstdint>
#include <vector>

namespace archsim::models::cache {

/// The fetches and writes of one cache that have no answer yet. All operations O(1) on average, and
/// no allocation once the table has its size.
class UnderWay {
public:
    explicit UnderWay(sim::Simulation& simulation) : simulation_{simulation} {}
    UnderWay(const UnderWay&) = delete;
    UnderWay& operator=(const UnderWay&) = delete;

    /// A process that asks the origin for a key; lives in its frame.
    class Fetch {
    public:
        /// Others may join it if nobody else fetches the key.
        Fetch(UnderWay& all, std::uint64_t key);
        Fetch(const Fetch&) = delete;
        Fetch& operator=(const Fetch&) = delete;
        ~Fetch();
        /// Whether a write has ended since this fetch began: what it brings may be outdated.
        [[nodiscard]] bool is_overtaken() const;
        /// Answers all who have joined, in the order in which they came.
        void finish(const Response& answer);
        class Join;
        /// `const Response answer = co_await fetch->join();`
        [[nodiscard]] Join join();

    private:
        friend class UnderWay;
        UnderWay& all_;
        Slot slot_;
        std::uint64_t writes_before_;
        Join* first_ = nullptr;
        Join* last_ = nullptr;
    };

    /// A process that writes a key to the origin; lives in its frame.
    class Writing {
    public:
        Writing(UnderWay& all, std::uint64_t key);
        Writing(const Writing&) = delete;
        Writing& operator=(const Writing&) = delete;
        ~Writing();
        /// Notes the end of the write. True if no other write to the key overlapped with it.
        [[nodiscard]] bool finish();

    private:
        UnderWay& all_;
        Slot slot_;
        std::uint64_t writes_before_;
    };

    /// The fetch of this key that a read may join; nullptr if there is none whose answer is sure to
    /// be no older than the last write.
    [[nodiscard]] Fetch* joinable(std::uint64_t key);
    /// A write to this key has taken effect here without the origin.
    void written(std::uint64_t key);

private:
    struct Place {
        std::uint64_t key = 0;
        std::uint64_t writes = 0;  ///< Ended while the place was in use.
        std::uint32_t users = 0;
        std::uint32_t writing = 0;
        Fetch* leader = nullptr;
    };
    [[nodiscard]] Slot find(std::uint64_t key) const {
        return index_.find(key, [this](Slot slot) { return places_[slot].key; });
    }
    [[nodiscard]] Slot enter(std::uint64_t key);
    void leave(Slot slot);

    sim::Simulation& simulation_;
    Index index_;
    std::vector<Place> places_;
    std::vector<Slot> free_;
};

/// The awaitable of Fetch::join; leaves the line when its frame is destroyed.
class UnderWay::Fetch::Join {
public:
    explicit Join(Fetch& fetch) : fetch_{&fetch} {}
    Join(const Join&) = delete;
    Join& operator=(const Join&) = delete;
    ~Join() {
        if (in_line_) leave();
    }
    [[nodiscard]] bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> waiter) {
        wakeup_.set_waiter(waiter);
        in_line_ = true;
        previous_ = fetch_->last_;
        (fetch_->last_ != nullptr ? fetch_->last_->next_ : fetch_->first_) = this;
        fetch_->last_ = this;
    }
    [[nodiscard]] Response await_resume() const noexcept { return answer_; }

private:
    friend class Fetch;
    void leave() {
        in_line_ = false;
        (previous_ != nullptr ? previous_->next_ : fetch_->first_) = next_;
        (next_ != nullptr ? next_->previous_ : fetch_->last_) = previous_;
    }
    Fetch* fetch_;
    Response answer_;
    sim::Wakeup wakeup_;
    Join* next_ = nullptr;
    Join* previous_ = nullptr;
    bool in_line_ = false;
};

inline UnderWay::Fetch::Join UnderWay::Fetch::join() { return Join{*this}; }

}  // namespace archsim::models::cache

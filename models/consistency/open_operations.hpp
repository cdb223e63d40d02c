// The operations in flight, as the recording side of a history sees them: the beginning of a read
// is held back until its end, as nobody needs to hear of it before while no fault comes between.
#pragma once

#include "models/history.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

namespace archsim::models {

/// A window over operation ids, which are dense in the order of invocation. O(1) amortised, O(log
/// n) for an operation that outlives the window; 32 bytes for each of the operations since the
/// oldest in flight, of which there are at most `longest`, and 24 for each that is older.
class OpenOperations {
public:
    /// Operations that the window spans at most.
    static constexpr std::size_t longest = 4096;

    /// An operation began; a read is held back. If the window is full, its oldest operation leaves
    /// it, and `tell` is called with that if it was held. Requires: ids arrive as 0, 1, 2, ... with
    /// orders that never decrease.
    template <class Tell>
    void begin(const Operation& operation, const Tell& tell) {
        if (next_ - first_ == window_.size()) [[unlikely]]
            make_room(tell);
        place(next_++) = {
            operation.invoked_order, operation.key,
            operation.invoked,       operation.session,
            operation.side,          operation.kind == Access::read ? State::held : State::told};
    }
    /// An operation ended; whether its beginning was held back until now. Requires: it began and
    /// has not ended before.
    [[nodiscard]] bool end(const Operation& operation) {
        latest_end_ = operation.completed_order;
        if (operation.id < first_) {
            end_old(operation.id);
            return false;
        }
        Begin& begin = place(operation.id);
        const bool is_held = begin.state == State::held;
        begin.state = State::ended;
        drop_ended();
        return is_held;
    }
    /// No later event belongs to an operation invoked before this. Requires: an operation has
    /// ended, and none has begun since.
    [[nodiscard]] Order horizon() const {
        if (!old_.empty()) return old_.front().order;
        return first_ == next_ ? latest_end_ : place(first_).order;
    }
    /// Calls `tell` with all that are held back, in order, and holds them no longer.
    template <class Tell>
    void tell_all(const Tell& tell) {
        for (std::uint64_t id = first_; id != next_; ++id) tell_held(id, tell);
    }

private:
    enum class State : std::uint8_t { ended, told, held };
    struct Begin {
        Order order = 0;
        std::uint64_t key = 0;
        sim::Instant at;
        std::uint32_t session = 0;
        std::uint8_t side = 0;
        State state = State::ended;
    };
    static_assert(sizeof(Begin) == 32);
    // An operation that was in flight when it left the window.
    struct Old {
        std::uint64_t id = 0;
        Order order = 0;
        bool is_open = true;
    };

    [[nodiscard]] Begin& place(std::uint64_t id) {
        return window_[static_cast<std::size_t>(id) & (window_.size() - 1)];
    }
    [[nodiscard]] const Begin& place(std::uint64_t id) const {
        return window_[static_cast<std::size_t>(id) & (window_.size() - 1)];
    }
    void drop_ended() {
        while (first_ != next_ && place(first_).state == State::ended) ++first_;
    }
    void end_old(std::uint64_t id) {
        std::ranges::lower_bound(old_, id, {}, &Old::id)->is_open = false;
        while (!old_.empty() && !old_.front().is_open) old_.pop_front();
    }
    template <class Tell>
    void tell_held(std::uint64_t id, const Tell& tell) {
        Begin& begin = place(id);
        if (begin.state != State::held) return;
        begin.state = State::told;
        Operation read;
        read.id = id;
        read.key = begin.key;
        read.invoked = begin.at;
        read.invoked_order = begin.order;
        read.session = begin.session;
        read.side = begin.side;
        tell(read);
    }
    template <class Tell>
    void make_room(const Tell& tell) {
        if (window_.size() == longest) {
            tell_held(first_, tell);
            old_.push_back({first_, place(first_).order, true});
            ++first_;
            drop_ended();
            return;
        }
        std::vector<Begin> larger(2 * window_.size());
        for (std::uint64_t id = first_; id != next_; ++id) {
            larger[static_cast<std::size_t>(id) & (larger.size() - 1)] = place(id);
        }
        window_.swap(larger);
    }

    std::vector<Begin> window_ = std::vector<Begin>(64);  // a power of two of them
    std::deque<Old> old_;                                 // by id
    std::uint64_t first_ = 0;  // the oldest in flight in the window, or next_
    std::uint64_t next_ = 0;
    Order latest_end_ = before_history;
};

}  // namespace archsim::models

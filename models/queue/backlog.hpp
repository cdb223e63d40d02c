// The messages of one subscription and the order in which they go out: a data structure that knows
// no clock. Lanes keep messages of the same key in order; urgency levels keep equals in order.
#pragma once

#include "models/queue/message.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <utility>
#include <vector>

namespace archsim::models {

/// Everything that is present: in line, delayed or with a consumer. Pointers to messages stay valid
/// until they are removed. O(1) where nothing else is said.
class Backlog {
public:
    struct Options {
        std::uint32_t lanes = 1;
        bool in_order = false;    ///< A lane delivers one message at a time.
        bool by_urgency = false;  ///< Larger Request::priority first.
    };
    enum class End : std::uint8_t { front, back };

    explicit Backlog(const Options& options) : options_{options}, lanes_(options.lanes) {}
    Backlog(const Backlog&) = delete;
    Backlog& operator=(const Backlog&) = delete;

    /// A new message that is nowhere yet; messages are added in the order of their publication.
    Message& add(const Request& request);
    /// Puts a message in its line, wherever it was before.
    void put(Message& message, End end);
    /// Lets a message wait until `message.due`. O(log delayed).
    void delay(Message& message);
    /// The message that goes out next, from the chosen end of a line; lanes take turns. nullptr if
    /// no lane can deliver. Amortised O(levels).
    [[nodiscard]] Message* head(End end);
    /// Marks a waiting message as delivered.
    void take(Message& message);
    /// Forgets a message that is settled.
    void remove(Message& message);

    /// The message that has been here longest, or nullptr; the others follow by `newer`.
    [[nodiscard]] Message* oldest() const { return oldest_; }
    [[nodiscard]] Message* newest() const { return newest_; }
    /// The one that has been here longest of those no consumer has. O(delivered).
    [[nodiscard]] Message* oldest_undelivered() const;
    /// The delayed message that is due first, or nullptr.
    [[nodiscard]] Message* first_due() const {
        return delayed_.empty() ? nullptr : delayed_.begin()->second;
    }
    [[nodiscard]] std::uint64_t present() const { return present_; }
    [[nodiscard]] std::uint64_t waiting() const { return waiting_; }
    [[nodiscard]] std::uint64_t delivered() const { return delivered_; }
    /// Present messages that are not on disk, and their bytes.
    [[nodiscard]] std::uint64_t in_memory() const { return in_memory_; }
    [[nodiscard]] std::int64_t bytes_in_memory() const { return bytes_; }
    /// Notes that a message has been written to disk. Requires: it was not.
    void move_to_disk(Message& message);

private:
    struct Line {
        Message* first = nullptr;
        Message* last = nullptr;
    };
    struct Lane {
        std::map<std::uint8_t, Line, std::greater<>> levels;
        std::uint64_t waiting = 0;
        bool held = false;
        bool listed = false;  // in ready_
    };
    void leave_place(Message& message);
    void link(Line& line, Message& message, End end);
    void list_if_ready(std::uint32_t number);
    [[nodiscard]] std::uint8_t level_of(const Message& message) const {
        return options_.by_urgency ? message.request.priority : std::uint8_t{0};
    }
    void count_memory(const Message& message, std::int64_t sign);

    Options options_;
    std::deque<Message> slab_;
    Message* free_ = nullptr;
    std::vector<Lane> lanes_;
    std::deque<std::uint32_t> ready_;  // lanes with work, and some that have none any more
    std::map<std::pair<sim::Instant, std::uint64_t>, Message*> delayed_;
    Message* oldest_ = nullptr;
    Message* newest_ = nullptr;
    std::uint64_t present_ = 0;
    std::uint64_t waiting_ = 0;
    std::uint64_t delivered_ = 0;
    std::uint64_t in_memory_ = 0;
    std::int64_t bytes_ = 0;
};

}  // namespace archsim::models

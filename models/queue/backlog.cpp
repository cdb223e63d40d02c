// Links between messages, and which lane is next.
#include "models/queue/backlog.hpp"

#include "models/ring/hash.hpp"
#include "sim/check.hpp"

namespace archsim::models {

Message& Backlog::add(const Request& request) {
    Message* message = free_;
    if (message != nullptr) {
        free_ = message->next;
        *message = Message{};
    } else {
        message = &slab_.emplace_back();
    }
    message->request = request;
    if (options_.lanes > 1) {
        message->lane = static_cast<std::uint32_t>(mix64(request.key) % options_.lanes);
    }
    message->older = newest_;
    (newest_ != nullptr ? newest_->newer : oldest_) = message;
    newest_ = message;
    ++present_;
    count_memory(*message, 1);
    return *message;
}

void Backlog::count_memory(const Message& message, std::int64_t sign) {
    in_memory_ += static_cast<std::uint64_t>(sign);
    bytes_ += sign * message.request.size.count();
}

void Backlog::move_to_disk(Message& message) {
    message.on_disk = true;
    count_memory(message, -1);
}

void Backlog::put(Message& message, End end) {
    leave_place(message);
    Lane& lane = lanes_[message.lane];
    if (message.holds_lane) {
        message.holds_lane = false;
        lane.held = false;
    }
    link(lane.levels[level_of(message)], message, end);
    message.place = Message::Place::waiting;
    ++lane.waiting;
    ++waiting_;
    list_if_ready(message.lane);
}

void Backlog::link(Line& line, Message& message, End end) {
    if (end == End::back) {
        message.previous = line.last;
        message.next = nullptr;
        (line.last != nullptr ? line.last->next : line.first) = &message;
        line.last = &message;
    } else {
        message.next = line.first;
        message.previous = nullptr;
        (line.first != nullptr ? line.first->previous : line.last) = &message;
        line.first = &message;
    }
}

void Backlog::delay(Message& message) {
    leave_place(message);
    message.place = Message::Place::delayed;
    delayed_.emplace(std::pair{message.due, message.number}, &message);
}

void Backlog::list_if_ready(std::uint32_t number) {
    Lane& lane = lanes_[number];
    if (lane.listed || lane.held || lane.waiting == 0) return;
    lane.listed = true;
    ready_.push_back(number);
}

Message* Backlog::head(End end) {
    while (!ready_.empty()) {
        Lane& lane = lanes_[ready_.front()];
        if (lane.held || lane.waiting == 0) {
            lane.listed = false;
            ready_.pop_front();
            continue;
        }
        for (const auto& [urgency, line] : lane.levels) {
            if (line.first != nullptr) return end == End::front ? line.first : line.last;
        }
    }
    return nullptr;
}

void Backlog::take(Message& message) {
    ARCHSIM_CHECK(message.place == Message::Place::waiting, "only what waits can be delivered");
    leave_place(message);
    message.place = Message::Place::delivered;
    ++delivered_;
    Lane& lane = lanes_[message.lane];
    if (options_.in_order) lane.held = message.holds_lane = true;
    if (ready_.size() > 1 && ready_.front() == message.lane) {  // the next lane has its turn
        ready_.pop_front();
        lane.listed = false;
        list_if_ready(message.lane);
    }
}

void Backlog::leave_place(Message& message) {
    switch (message.place) {
        case Message::Place::waiting: {
            Lane& lane = lanes_[message.lane];
            Line& line = lane.levels.find(level_of(message))->second;
            (message.previous != nullptr ? message.previous->next : line.first) = message.next;
            (message.next != nullptr ? message.next->previous : line.last) = message.previous;
            message.next = message.previous = nullptr;
            --lane.waiting;
            --waiting_;
            break;
        }
        case Message::Place::delayed:
            delayed_.erase({message.due, message.number});
            break;
        case Message::Place::delivered:
            --delivered_;
            break;
        case Message::Place::nowhere:
            break;
    }
    message.place = Message::Place::nowhere;
}

void Backlog::remove(Message& message) {
    leave_place(message);
    if (message.holds_lane) {
        lanes_[message.lane].held = false;
        list_if_ready(message.lane);
    }
    (message.older != nullptr ? message.older->newer : oldest_) = message.newer;
    (message.newer != nullptr ? message.newer->older : newest_) = message.older;
    --present_;
    if (!message.on_disk) count_memory(message, -1);
    message.next = free_;
    free_ = &message;
}

Message* Backlog::oldest_undelivered() const {
    Message* message = oldest_;
    while (message != nullptr && message->place == Message::Place::delivered) {
        message = message->newer;
    }
    return message;
}

}  // namespace archsim::models

// A publisher at the door of a queue, and the lines in which publishers wait.
#pragma once

#include "models/request.hpp"
#include "sim/simulation.hpp"

#include <coroutine>
#include <cstdint>
#include <map>

namespace archsim::models {

class WaitingRoom;

/// One message that wants in. It lives in the frame of the publisher's call, which awaits it:
/// `co_await admission;` comes back once there is a decision.
class Admission {
public:
    enum class Decision : std::uint8_t { open, accepted, refused, spill };

    Admission(sim::Simulation& simulation, const Request& wanted, sim::Instant when)
        : request{wanted}, came{when}, simulation_{simulation} {}
    Admission(const Admission&) = delete;
    Admission& operator=(const Admission&) = delete;
    ~Admission() { leave(); }

    [[nodiscard]] Decision decision() const { return decision_; }
    /// Wakes the publisher, if it waits.
    void decide(Decision decision) {
        decision_ = decision;
        if (waits_) simulation_.schedule_in(wakeup_, sim::Duration{});
    }
    /// Leaves the line, if it stands in one.
    inline void leave();

    [[nodiscard]] bool await_ready() const { return decision_ != Decision::open; }
    void await_suspend(std::coroutine_handle<> waiter) {
        wakeup_.set_waiter(waiter);
        waits_ = true;
    }
    void await_resume() const noexcept {}

    const Request request;
    const sim::Instant came;  ///< When the publisher came to the door.

private:
    friend class WaitingRoom;
    sim::Simulation& simulation_;
    sim::Wakeup wakeup_;
    Decision decision_ = Decision::open;
    bool waits_ = false;
    WaitingRoom* room_ = nullptr;
    Admission* next_ = nullptr;
    Admission* previous_ = nullptr;
    std::uint16_t line_ = 0;
};

/// Lines of publishers, by number. O(1), with O(log lines) to find one.
class WaitingRoom {
public:
    WaitingRoom() = default;
    WaitingRoom(const WaitingRoom&) = delete;
    WaitingRoom& operator=(const WaitingRoom&) = delete;

    /// Puts a publisher at the end of a line. Requires: it stands in none.
    void join(Admission& admission, std::uint16_t line) {
        Line& at = lines_[line];
        admission.room_ = this;
        admission.line_ = line;
        admission.next_ = nullptr;
        admission.previous_ = at.last;
        (at.last != nullptr ? at.last->next_ : at.first) = &admission;
        at.last = &admission;
        ++size_;
    }
    void leave(Admission& admission) {
        Line& at = lines_.find(admission.line_)->second;
        (admission.previous_ != nullptr ? admission.previous_->next_ : at.first) = admission.next_;
        (admission.next_ != nullptr ? admission.next_->previous_ : at.last) = admission.previous_;
        admission.room_ = nullptr;
        --size_;
    }
    [[nodiscard]] bool is_empty() const { return size_ == 0; }
    /// The first of a line, or nullptr.
    [[nodiscard]] Admission* first(std::uint16_t line) const {
        const auto found = lines_.find(line);
        return found == lines_.end() ? nullptr : found->second.first;
    }
    /// Calls `admit(Admission&)` for the first of each line, and again while it returns true.
    template <class Admit>
    void for_each_line(Admit admit) {
        for (auto& [number, line] : lines_) {
            while (line.first != nullptr && admit(*line.first)) {
            }
        }
    }

private:
    struct Line {
        Admission* first = nullptr;
        Admission* last = nullptr;
    };
    std::map<std::uint16_t, Line> lines_;
    std::uint64_t size_ = 0;
};

inline void Admission::leave() {
    if (room_ != nullptr) room_->leave(*this);
}

}  // namespace archsim::models

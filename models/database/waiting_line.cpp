// Standing in line, ordered by goal.
#include "models/database/waiting_line.hpp"

#include <algorithm>

namespace archsim::models {

void WaitingLine::rise(std::uint64_t value) {
    value_ = std::max(value_, value);
    while (first_ != nullptr && first_->goal_ <= value_) {
        Wait& wait = *first_;
        wait.leave();
        simulation_.schedule_in(wait.wakeup_, sim::Duration{});
    }
}

void WaitingLine::give_up() {
    while (first_ != nullptr) {
        Wait& wait = *first_;
        wait.leave();
        wait.is_given_up_ = true;
        simulation_.schedule_in(wait.wakeup_, sim::Duration{});
    }
}

void WaitingLine::Wait::await_suspend(std::coroutine_handle<> waiter) {
    wakeup_.set_waiter(waiter);
    in_line_ = true;
    previous_ = line_.last_;
    while (previous_ != nullptr && previous_->goal_ > goal_) previous_ = previous_->previous_;
    next_ = previous_ != nullptr ? previous_->next_ : line_.first_;
    (previous_ != nullptr ? previous_->next_ : line_.first_) = this;
    (next_ != nullptr ? next_->previous_ : line_.last_) = this;
}

void WaitingLine::Wait::leave() {
    in_line_ = false;
    (previous_ != nullptr ? previous_->next_ : line_.first_) = next_;
    (next_ != nullptr ? next_->previous_ : line_.last_) = previous_;
    next_ = previous_ = nullptr;
}

}  // namespace archsim::models

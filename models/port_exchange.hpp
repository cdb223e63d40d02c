// A call with policies: its tries, its timers and its decision what to do next. Internal to Port.
#pragma once

#include "models/port_attempt.hpp"
#include "sim/frame_pool.hpp"

namespace archsim::models {

/// One call with a timeout, retries or hedges. Lives until it has told its waiter the outcome.
class Port::Exchange final : public Port::Pending, public sim::Pooled {
public:
    Exchange(Port& port, const Request& request, sim::Completion<Response>& waiter);
    ~Exchange();

    /// Sends the first try. The call may be over, and *this gone, when this returns.
    void begin();
    void abandon() override;
    /// Cancels all timers, at the end of a run.
    void stop();
    /// The answer of one of the tries; deletes the try.
    void answered(Attempt& attempt, const Response& response);

    Exchange* next = nullptr;  // in the port's list
    Exchange* previous = nullptr;

private:
    struct Timer : sim::Event {
        Timer(Exchange& e, Action action) : Event{action}, exchange{e} {}
        Exchange& exchange;
    };
    void attempt();
    void timed_out();
    void hedge();
    void after_failure(Outcome outcome, const Response& response);
    void finish(const Response& response);
    void give_up_attempts(std::optional<Outcome> outcome);
    void detach(Attempt& attempt);
    void arm_hedge(const Destination& destination);

    Port& port_;
    Request request_;
    sim::Completion<Response>* waiter_;
    Attempt* attempts_ = nullptr;  // those still out
    Timer timeout_;
    Timer retry_;
    Timer hedge_;
    int tries_ = 0;   // first try and retries
    int hedges_ = 0;  // of the present try
};

}  // namespace archsim::models

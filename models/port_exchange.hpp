// A call with policies: its tries, its timers and its decision what to do next. Internal to Port.
#pragma once

#include "models/port_attempt.hpp"
#include "sim/frame_pool.hpp"

#include <cstdint>
#include <optional>

namespace archsim::models {

/// One call with a timeout, a deadline, retries, hedges or a fallback, or over an edge that may
/// turn it away. Lives until it has told its waiter the outcome.
class Port::Exchange final : public Port::Pending,
                             public sim::Completion<Response>,
                             public sim::Pooled {
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
    /// The present try, first in line, has its place in the bulkhead.
    void place_granted();

    Exchange* next = nullptr;  // in the port's list
    Exchange* previous = nullptr;
    Exchange* line_next = nullptr;  // in the line of the bulkhead
    Exchange* line_previous = nullptr;

private:
    struct Timer : sim::Event {
        Timer(Exchange& e, Action action) : Event{action}, exchange{e} {}
        Exchange& exchange;
    };
    /// What the present try waits for before it is sent, and what the pause leads to.
    enum class Step : std::uint8_t { nothing, retry, enter, line, launch };
    static void pause_over(sim::Event& event);

    void attempt();
    void enter();
    void launch();
    void send(Destination& destination, const EdgeGuard::Pass& pass);
    void turned_away();
    void note_doubt(Outcome outcome);
    void timed_out();
    void expire();
    void hedge();
    void after_failure(const Response& response);
    void finish(const Response& response);
    void fall_back();
    void deliver(const Response& response);
    void give_up_attempts(std::optional<Outcome> outcome);
    /// Ends whatever the present try does or waits for.
    void end_try(std::optional<Outcome> outcome);
    void detach(Attempt& attempt);
    void arm_hedge();
    void completed(Response response) override;  // of the fallback
    void abandoned() override {}

    Port& port_;
    Request request_;
    sim::Instant callers_deadline_;
    sim::Completion<Response>* waiter_;
    Attempt* attempts_ = nullptr;               // those still out
    Pending* fallback_ = nullptr;               // the call to the other node
    std::optional<Response>* early_ = nullptr;  // where an answer goes that comes at once
    Timer timeout_;
    Timer pause_;
    Timer hedge_;
    EdgeGuard::Pass pass_;  // of a try that is not yet sent
    int tries_ = 0;         // first try and retries
    int hedges_ = 0;        // of the present try
    sim::Instant entered_;  // when the present try asked for a place in the bulkhead
    Step step_ = Step::nothing;
    bool fell_back_ = false;
    bool is_in_doubt_ = false;  // some try of a write may have had an effect
};

}  // namespace archsim::models

// One try of a call on its way: out over the network, served by the callee, and back. Internal to
// Port.
#pragma once

#include "models/port.hpp"
#include "sim/frame_pool.hpp"

namespace archsim::models {

/// A try. It belongs to the port until its answer has arrived or can arrive no more; its caller may
/// have given it up long before, while the callee still works.
class Port::Attempt final : public sim::Event,
                            public sim::Completion<Response>,
                            public Port::Pending,
                            public sim::Pooled {
public:
    /// `exchange` hears the answer, or `waiter` if the call is a plain one.
    Attempt(Port& port, Destination& destination, const Request& request, Exchange* exchange,
            sim::Completion<Response>* waiter);
    ~Attempt();

    /// Sends the request; the answer may arrive before this returns, and then *this is gone.
    void send();
    /// Nobody waits any more. The callee is not told; the router is.
    void give_up(std::optional<Outcome> outcome);
    void abandon() override { give_up(std::nullopt); }

    [[nodiscard]] Destination& destination() const { return destination_; }
    [[nodiscard]] const Request& request() const { return request_; }
    [[nodiscard]] sim::Instant sent() const { return sent_; }

    EdgeGuard::Pass pass;     // what it holds of the port's guard
    Attempt* next = nullptr;  // in the port's list
    Attempt* previous = nullptr;
    Attempt* sibling = nullptr;  // in the exchange's list

private:
    friend class Port;
    void completed(Response response) override;
    void abandoned() override;
    static void leg_ended(sim::Event& event);
    void deliver();
    void reply(Response response);
    void arrive();
    /// Whether `node` is paused; then the leg ends again when it wakes.
    [[nodiscard]] bool waits_for(const Node& node);
    [[nodiscard]] bool wanted() const { return exchange_ != nullptr || waiter_ != nullptr; }
    /// Whether its answer matters: to its caller, or to what the port knows of the latency.
    [[nodiscard]] bool matters() const { return wanted() || port_.estimate_ != nullptr; }

    Port& port_;
    Destination& destination_;
    Request request_;
    Response response_;
    sim::Instant sent_;
    Exchange* exchange_;
    sim::Completion<Response>* waiter_;
    bool answering_ = false;
    bool lost_ = false;       // no more news will come of it
    std::uint32_t span_ = 0;  // its number in the port's log of spans
};

}  // namespace archsim::models

// The calling side of an edge. All that happens between a caller and a callee lives here and
// nowhere else: delay, loss, partition, timeout, deadline, retry, hedging, fallback, what the
// policies of models/resilience/ turn away, and the edge's metrics.
#pragma once

#include "models/edge.hpp"
#include "models/network/network.hpp"
#include "models/node.hpp"
#include "models/request.hpp"
#include "models/resilience/budget.hpp"
#include "models/resilience/edge_guard.hpp"
#include "models/resilience/latency_estimate.hpp"
#include "models/resilience/policy_metrics.hpp"
#include "sim/metrics.hpp"
#include "sim/rng.hpp"
#include "sim/simulation.hpp"
#include "sim/task.hpp"

#include <coroutine>
#include <cstdint>
#include <memory>
#include <optional>

namespace archsim::models {

/// What an edge measures, shared by all its callers' instances.
struct EdgeMetrics {
    sim::Counter* calls = nullptr;     ///< Tries sent.
    sim::Counter* retries = nullptr;   ///< Tries after the first, hedges not included.
    sim::Counter* timeouts = nullptr;  ///< Tries given up by the caller.
    sim::Counter* hedges = nullptr;    ///< Tries doubled.
    sim::Timing* latency = nullptr;    ///< Send to answer, tries that got an answer.
};

/// One possible callee as a port sees it.
struct Destination {
    Node* node = nullptr;
    Link* link = nullptr;
    const EdgeMetrics* metrics = nullptr;
};

/// Decides who takes a call, at every try anew.
class Router {
public:
    virtual ~Router() = default;
    /// The callee for this try, or nullptr if there is none: the call is rejected.
    [[nodiscard]] virtual Destination* pick(const Request& request) = 0;
    /// A try has ended for the caller after this time. No outcome means that the caller lost
    /// interest: another try won, or the caller is gone.
    virtual void ended(Destination&, const Request&, std::optional<Outcome>, sim::Duration) {}
};

class SpanLog;

/// The calling end of an edge. Calls may outlive their caller, not their port.
class Port {
public:
    /// All references outlive the port. `rng` draws delays, losses and jitter. `metrics` is nullptr
    /// only where the edge has none of the policies that are measured; `fallback` where it has no
    /// other node to fall back on.
    Port(sim::Simulation& simulation, const EdgeConfig& config, Router& router, sim::Rng rng,
         PolicyMetrics* metrics = nullptr, Port* fallback = nullptr);
    Port(const Port&) = delete;
    Port& operator=(const Port&) = delete;
    ~Port();

    class Call;
    /// `const Response response = co_await port.call(request);` The request outlives the call.
    [[nodiscard]] Call call(const Request& request);

    /// A call that somebody waits for.
    class Pending {
    public:
        /// Nobody waits any more.
        virtual void abandon() = 0;

    protected:
        ~Pending() = default;
    };
    /// Starts a call whose answer goes to `waiter`, perhaps before this returns; then the result
    /// is nullptr. The waiter must abandon the call if it goes away earlier.
    [[nodiscard]] Pending* start(const Request& request, sim::Completion<Response>& waiter);

    /// Ends everything that is in flight without telling anybody; called once, at the end of a
    /// run, before the nodes' processes are destroyed.
    void close();

    /// Notes every try from now on in `spans`, which outlives the port's calls.
    void trace_into(SpanLog& spans) { spans_ = &spans; }

private:
    class Attempt;
    class Exchange;
    [[nodiscard]] sim::Duration pause_before(int attempt);
    [[nodiscard]] std::optional<sim::Duration> hedge_delay() const;
    void ended(Attempt& attempt, std::optional<Outcome> outcome);
    void leave(EdgeGuard::Pass& pass, std::optional<Outcome> outcome, sim::Duration latency);
    void join_line(Exchange& exchange);
    void leave_line(Exchange& exchange);

    sim::Simulation& simulation_;
    const EdgeConfig& config_;
    Router& router_;
    sim::Rng rng_;
    bool plain_;
    bool closed_ = false;
    Budget retries_;
    Budget hedges_;
    PolicyMetrics* metrics_;
    Port* fallback_;
    SpanLog* spans_ = nullptr;                   // only in a run that is looked at in detail
    std::unique_ptr<EdgeGuard> guard_;           // only if the edge has such a policy
    std::unique_ptr<LatencyEstimate> estimate_;  // only if hedges wait for a quantile
    Attempt* attempts_ = nullptr;                // all that are in flight, for close()
    Exchange* exchanges_ = nullptr;
    Exchange* line_first_ = nullptr;  // those that wait for a place in the bulkhead
    Exchange* line_last_ = nullptr;
};

/// The awaitable of Port::call. A frame that dies while it waits gives the call up. It keeps no
/// copy of the request, which lives in the frame that waits: a copy a hop is a tenth of a call's
/// memory.
class Port::Call final : private sim::Completion<Response> {
public:
    Call(Port& port, const Request& request) : port_{port}, request_{request} {}
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;
    ~Call() {
        if (pending_ != nullptr) pending_->abandon();
    }

    [[nodiscard]] bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> waiter) {
        pending_ = port_.start(request_, *this);
        if (answered_) {
            pending_ = nullptr;
            return false;
        }
        waiter_ = waiter;
        return true;
    }
    [[nodiscard]] Response await_resume() const noexcept { return response_; }

private:
    void completed(Response response) override {
        response_ = response;
        answered_ = true;
        pending_ = nullptr;
        if (waiter_) waiter_.resume();
    }
    void abandoned() override {}

    Port& port_;
    const Request& request_;
    Response response_;
    Pending* pending_ = nullptr;
    std::coroutine_handle<> waiter_;
    bool answered_ = false;
};

inline Port::Call Port::call(const Request& request) { return Call{*this, request}; }

}  // namespace archsim::models

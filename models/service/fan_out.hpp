// The step "fan_out": one call for each receiver of a request's key, many at a time. A post goes to
// the feeds of the author's followers so, and a feed is gathered from those whom the reader
// follows.
#pragma once

#include "models/catalog.hpp"
#include "models/edge.hpp"
#include "models/service/receivers.hpp"
#include "models/spec.hpp"
#include "sim/key_source.hpp"

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace archsim::models {

/// The parameters of the step.
struct FanOutConfig {
    EdgeConfig to;
    ReceiversConfig receivers;
    std::optional<sim::KeySource> keys = std::nullopt;
    std::int64_t at_once = 1;
    std::optional<std::int64_t> up_to = std::nullopt;
    static const Spec<FanOutConfig>& spec();

    /// The number of receivers of a request on average; of one with too many, none.
    [[nodiscard]] double mean_receivers() const;
};

/// What the fan-outs of a service to one node measure.
struct FanOutMetrics {
    FanOutMetrics(const BuildContext& context, const std::string& to);
    sim::Counter& requests;
    sim::Counter& skipped;
    sim::Counter& delivered;
    sim::Counter& failed;
    sim::Timing& receivers;  // a nanosecond stands for one
    sim::Timing& delay;
};

/// One such step of a service, shared by its instances.
class FanOut {
public:
    /// All references outlive it; `number` is that of the step in its service.
    FanOut(const FanOutConfig& config, const BuildContext& context, FanOutMetrics& metrics,
           std::size_t number);

    class Deliveries;
    /// `const Response answer = co_await fan_out.through(port, request);` Ends with the last
    /// answer; the first failure decides the outcome, and the others get their calls all the same.
    [[nodiscard]] Deliveries through(Port& port, const Request& request);

private:
    [[nodiscard]] std::uint64_t count_for(const Request& request);
    [[nodiscard]] Request next(const Request& request);
    void answered(const Request& request, Outcome outcome);

    const FanOutConfig& config_;
    const BuildContext& context_;
    FanOutMetrics& metrics_;
    Receivers receivers_;
    std::optional<sim::KeySource> keys_;
    sim::Rng rng_;
};

/// The awaitable of FanOut::through. A frame that dies while it waits gives up what is under way.
class FanOut::Deliveries {
public:
    Deliveries(FanOut& fan_out, Port& port, const Request& request)
        : fan_out_{fan_out}, port_{port}, request_{request}, left_{fan_out.count_for(request)} {}
    Deliveries(const Deliveries&) = delete;
    Deliveries& operator=(const Deliveries&) = delete;
    ~Deliveries();

    [[nodiscard]] bool await_ready() const noexcept { return left_ == 0; }
    bool await_suspend(std::coroutine_handle<> waiter) {
        launch();
        if (is_over()) return false;
        waiter_ = waiter;
        return true;
    }
    [[nodiscard]] Response await_resume() const noexcept { return together_; }

private:
    class Delivery;
    [[nodiscard]] bool is_over() const { return left_ == 0 && under_way_ == 0; }
    void launch();
    void answered(const Request& request, const Response& response);

    FanOut& fan_out_;
    Port& port_;
    const Request& request_;
    std::uint64_t left_;
    std::int64_t under_way_ = 0;
    Delivery* first_ = nullptr;
    bool launching_ = false;
    Response together_;
    std::coroutine_handle<> waiter_;
};

inline FanOut::Deliveries FanOut::through(Port& port, const Request& request) {
    return Deliveries{*this, port, request};
}

/// All fan-outs of a service, by the number of the step.
class FanOuts {
public:
    /// All references outlive the fan-outs.
    FanOuts(std::span<const FanOutConfig* const> steps, const BuildContext& context);
    [[nodiscard]] FanOut& operator[](std::size_t number) { return *fan_outs_[number]; }

private:
    std::map<std::string, std::unique_ptr<FanOutMetrics>> metrics_;  // by the node called
    std::vector<std::unique_ptr<FanOut>> fan_outs_;
};

}  // namespace archsim::models

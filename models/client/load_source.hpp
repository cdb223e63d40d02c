// What all load sources share: making requests, waiting for their answers, and measuring what a
// user would see.
#pragma once

#include "models/catalog.hpp"
#include "models/client/operation_log.hpp"
#include "models/connection.hpp"
#include "models/key_source_codec.hpp"
#include "sim/frame_pool.hpp"
#include "sim/metrics.hpp"

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace archsim::models {

/// An operation that a source sends, and how often in relation to the others.
struct OperationConfig {
    std::string name;
    Access access = Access::read;
    double weight = 1.0;
    sim::Bytes size;
    std::int64_t priority = 0;
    std::optional<sim::Duration> deadline = std::nullopt;
    static const Spec<OperationConfig>& spec();
};

/// The parameters of every load source.
struct SourceConfig {
    std::vector<OperationConfig> operations;
    std::optional<sim::KeySource> keys = std::nullopt;
    std::int64_t sessions = 1000;
    std::vector<EdgeConfig> calls;
};

/// Sends requests and measures offered load, latency, throughput, goodput and outcomes, in all and
/// for each operation.
class LoadSource : public Component, private OperationSource {
public:
    void connect(Directory&) override;
    void connected() override;
    [[nodiscard]] LoadCounts load_counts() const override {
        return {all_.offered->ever(), all_.ended[0]->ever()};
    }
    [[nodiscard]] const sim::Counter* answered_ok() const override { return all_.ended[0]; }
    [[nodiscard]] Profile profile(std::uint32_t operation) const override;
    [[nodiscard]] bool names_keys() const override { return keys_.has_value(); }
    /// Conservation: every request ever offered ended in one outcome or is in flight.
    void check_end() override;

protected:
    LoadSource(const SourceConfig& config, const BuildContext& context);
    ~LoadSource() override;

    /// Told when a request has ended; `user` is what send() was given.
    virtual void answered(std::uint64_t user, const Response& response) = 0;

    /// A request of a random operation, key and session.
    [[nodiscard]] Request draw();
    /// Sends it now. `user` comes back in answered().
    void send(Request request, std::uint64_t user);
    /// Adds an operation met in a trace and returns its index for Request::operation.
    [[nodiscard]] std::uint32_t operation_number(std::string_view operation);
    [[nodiscard]] const BuildContext& context() const { return context_; }
    /// Traffic of `per_second` requests in all, split over the operations by their weights.
    [[nodiscard]] std::vector<Traffic> traffic_of(double per_second, bool poisson) const;

private:
    class Flight;
    class Origin;
    /// The numbers of one operation, or of all.
    struct Measures {
        sim::Counter* offered = nullptr;
        std::array<sim::Counter*, outcome_count> ended{};
        sim::Timing* latency = nullptr;
    };
    Measures publish(const std::string& prefix);
    void each_open(const std::function<void(const Operation&)>& visit) const override;
    [[nodiscard]] Order oldest_open(Order otherwise) const override;
    void record(const Request& request, const Response& response);
    [[nodiscard]] Measures* measures_of(std::uint32_t operation);
    [[nodiscard]] std::uint8_t side();

    const SourceConfig& config_;
    BuildContext context_;
    sim::Rng operation_rng_;
    sim::Rng key_rng_;
    sim::Rng session_rng_;
    double weight_sum_ = 0.0;
    std::vector<std::uint32_t> operations_;  // numbers of config_.operations
    std::vector<std::pair<std::uint32_t, Measures>> by_operation_;
    Measures all_;
    sim::Level in_flight_;
    sim::Counter& degraded_;
    std::unique_ptr<Origin> origin_;
    OperationLog log_;
    std::vector<std::unique_ptr<Connection>> connections_;
    std::optional<sim::KeySource> keys_;
    Flight* newest_ = nullptr;  // of those on their way
    Flight* oldest_ = nullptr;
    std::uint64_t next_id_ = 1;
    std::uint8_t side_ = 0;          // of the present partition
    std::uint64_t sides_known_ = 0;  // Sides::changes() when it was looked up
};

/// Declares the metrics that every load source has.
template <class Config>
[[nodiscard]] auto with_source_metrics(Spec<Config>&& spec) {
    return std::move(spec)
        .metric("offered", "1/s", "Requests sent.")
        .metric("throughput", "1/s", "Requests that ended, whatever the outcome.")
        .metric("goodput", "1/s", "Requests that ended ok.")
        .metric("latency", "s", "From sending to the answer, of requests that ended ok.")
        .metric("availability", "ratio", "Requests that ended ok, of those that ended.")
        .metric("outcome", "ratio",
                "Share of each outcome among requests that ended: "
                "ok, rejected, timed_out, unreachable, failed.")
        .metric("requests", "count", "Requests sent in the measured time.")
        .metric("degraded", "ratio",
                "Share of requests that ended with an answer to which a fallback contributed; only "
                "where an edge has one.")
        .metric("in_flight", "count", "Requests sent and not yet ended.");
}

/// Refuses a source that calls nobody.
void check_calls(const SourceConfig& config, const Place& place);

/// Declares the parameters of SourceConfig on the Spec of a source's own configuration.
template <class Config>
[[nodiscard]] auto with_source_fields(Spec<Config>&& spec) {
    return with_source_metrics(std::move(spec))
        .optional("operations", &Config::operations,
                  "What is sent, and how often in relation to one another; one `request` if none.")
        .optional("keys", &Config::keys,
                  "Which piece of data a request is about; always 0 if none.")
        .optional("sessions", &Config::sessions,
                  "Distinct users; each request belongs to one of them, all equally likely.")
        .at_least(1)
        .required("calls", &Config::calls, "Nodes called for each request, in order.")
        .check(check_calls)
        .assume(
            "Latency counts from the instant a request is due, so a slow system never slows "
            "the measurement of an open source (no coordinated omission).");
}

}  // namespace archsim::models

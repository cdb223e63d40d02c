// The component behind every kind of queue: takes publishers in, and hands their messages to its
// subscriptions.
#pragma once

#include "models/catalog.hpp"
#include "models/queue/credit.hpp"
#include "models/queue/queue_config.hpp"
#include "models/queue/rate.hpp"
#include "models/queue/spill.hpp"
#include "models/queue/subscription.hpp"
#include "models/station_metrics.hpp"
#include "sim/semaphore.hpp"
#include "sim/station.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace archsim::models {

/// To which subscription a consumer without a group belongs.
enum class Grouping : std::uint8_t {
    together,  ///< All share one.
    apart,     ///< Each node has one of its own.
};

/// A queue with its one node, its subscriptions and, if it spills, its disk.
class Broker : public Component, private QueueFront {
public:
    Broker(const QueueConfig& config, Grouping grouping, const BuildContext& context);
    ~Broker() override;

    void connect(Directory&) override;
    void check_end() override;
    [[nodiscard]] Profile profile(std::uint32_t operation) const override;

private:
    class Front;
    struct Group {
        std::string name;
        std::vector<const ConsumerConfig*> members;
        std::unique_ptr<QueueMetrics> own{};  ///< Null if it is the only one.
        std::unique_ptr<Subscription> subscription{};
        [[nodiscard]] bool wants(std::string_view topic) const;
    };
    /// The disk that a queue spills to.
    struct Disk {
        Disk(const BuildContext& queue, const Spill::Config& config);
        BuildContext context;
        const Spill::Config& config;
        StationMetrics metrics;
        StationMetrics::Probe probe;
        sim::Station station;
        sim::Rng rng;
    };

    void form_groups(Grouping grouping);
    void publish_metrics();
    /// The subscriptions to an operation. Amortised O(1).
    [[nodiscard]] const std::vector<Subscription*>& subscribers_of(std::uint32_t operation);
    [[nodiscard]] sim::Duration pace(const Request& request);
    void arrive(Admission& admission, const Subscription* whose_turn);
    void decide(Admission& admission, Admission::Decision decision);
    void store(const Request& request, bool on_disk);
    [[nodiscard]] std::uint64_t present() const;
    /// Whether a publisher's answer may be late or bad.
    [[nodiscard]] bool holds_publishers() const;

    void try_again(Admission& admission, Subscription& subscription) override {
        arrive(admission, &subscription);
    }
    void read_and_send(Delivery& delivery) override;
    [[nodiscard]] const Node& node() const override;

    QueueConfig config_;
    BuildContext context_;
    QueueMetrics metrics_;
    sim::Counter& arrivals_;
    sim::Counter& rejected_;
    sim::Counter& unrouted_;
    sim::Timing& blocked_;
    sim::Semaphore gate_;  // publishers that hold back their messages
    std::deque<Group> groups_;
    std::vector<std::vector<Subscription*>> by_operation_;
    std::uint64_t next_number_ = 0;
    std::unique_ptr<Disk> disk_;
    std::unique_ptr<Front> front_;
};

}  // namespace archsim::models

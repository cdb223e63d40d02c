// What a queue measures: once for each subscription, and in all.
#pragma once

#include "models/catalog.hpp"
#include "models/queue/message.hpp"

#include <array>
#include <string>

namespace archsim::models {

/// Counts of events, ages and levels under one name.
class QueueMetrics {
public:
    /// Publishes under `prefix`, such as "orders". `metrics` outlives this.
    QueueMetrics(sim::Metrics& metrics, const std::string& prefix);
    QueueMetrics(const QueueMetrics&) = delete;
    QueueMetrics& operator=(const QueueMetrics&) = delete;

    void count(MessageEvent event) { counters_[index(event)]->add(); }
    void age(sim::Duration age) { age_.record(age); }
    [[nodiscard]] sim::Level& depth() { return depth_; }
    [[nodiscard]] sim::Level& in_flight() { return in_flight_; }
    /// Since the start of the run.
    [[nodiscard]] std::uint64_t ever(MessageEvent event) const {
        return counters_[index(event)]->ever();
    }

private:
    static std::size_t index(MessageEvent event) { return static_cast<std::size_t>(event); }
    std::array<sim::Counter*, message_event_count> counters_{};
    sim::Timing& age_;
    sim::Level depth_;
    sim::Level in_flight_;
};

/// The meter of one subscription, which counts in all of the queue too.
class SubscriptionMeter {
public:
    /// `own` may be the same as `all`, when there is one subscription.
    SubscriptionMeter(QueueMetrics& own, QueueMetrics& all) : own_{own}, all_{all} {}

    void count(MessageEvent event) {
        own_.count(event);
        if (is_part()) all_.count(event);
    }
    void age(sim::Duration age) {
        own_.age(age);
        if (is_part()) all_.age(age);
    }
    /// The number of messages present or with consumers changes.
    void depth(sim::Instant now, std::int64_t by) {
        own_.depth().change(now, by);
        if (is_part()) all_.depth().change(now, by);
    }
    void in_flight(sim::Instant now, std::int64_t by) {
        own_.in_flight().change(now, by);
        if (is_part()) all_.in_flight().change(now, by);
    }
    [[nodiscard]] QueueMetrics& own() { return own_; }

private:
    [[nodiscard]] bool is_part() const { return &own_ != &all_; }
    QueueMetrics& own_;
    QueueMetrics& all_;
};

}  // namespace archsim::models

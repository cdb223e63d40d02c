// An autoscaler: looks at a service at set intervals, asks a policy how many instances it should
// have, and lets them come, after their start-up time, or go.
#pragma once

#include "models/catalog.hpp"
#include "models/scaling/scaling_policies.hpp"
#include "models/station_metrics.hpp"
#include "sim/time_weighted.hpp"

#include <cstdint>
#include <deque>
#include <optional>

namespace archsim::models {

/// The parameters of an autoscaler.
struct AutoscalerConfig {
    ScalingPolicies::Config policy;
    std::int64_t min = 1;
    std::int64_t max = 1;
    sim::Duration interval = sim::Duration::seconds(15);
    sim::Duration metric_delay;
    sim::Duration start_up;
    sim::Duration scale_out_cooldown;
    sim::Duration scale_in_cooldown;
    sim::Duration flap_window = sim::Duration::seconds(300);
    static const Spec<AutoscalerConfig>& spec();
};

/// Adds and removes instances of one component.
class Autoscaler {
public:
    /// All arguments outlive it. `servers` is the number that an instance has.
    Autoscaler(const AutoscalerConfig& config, const BuildContext& context, Component& service,
               const StationMetrics& stations, std::int64_t servers);
    Autoscaler(const Autoscaler&) = delete;
    Autoscaler& operator=(const Autoscaler&) = delete;

    /// Begins to look. Called once, at time zero.
    void start();
    /// Somebody has added or removed an instance. O(instances).
    void recount();
    /// So many more instances are out but will be back, or fewer if negative: they count as there.
    void change_absent(std::int64_t by) { absent_ += by; }

private:
    struct Timer : sim::Event {
        Timer(Autoscaler& a, Action action) : Event{action, 0xa5}, scaler{a} {}
        Autoscaler& scaler;
    };
    void look();
    void hear();
    void decide(const ScalingSample& sample);
    void scale_out(std::int64_t count);
    /// So many more instances are starting, or fewer if negative; a starting one is paid for.
    void pay_for_starting(std::int64_t by);
    void scale_in(std::int64_t count);
    void finish_start();
    void note_change(bool out);
    [[nodiscard]] sim::Instant now() const { return context_.simulation.now(); }

    const AutoscalerConfig& config_;
    const BuildContext& context_;
    Component& service_;
    const StationMetrics& stations_;
    std::int64_t servers_;
    ScalingPolicies::Any policy_;
    StationMetrics::Reading before_;
    sim::Instant before_at_;
    std::deque<ScalingSample> on_the_way_;  // looks that the policy has not heard of yet
    std::deque<sim::Instant> starting_;     // when each will be in rotation
    std::optional<sim::Instant> last_out_;
    std::optional<sim::Instant> last_change_;
    bool last_was_out_ = false;
    std::int64_t absent_ = 0;
    sim::Level instances_;
    sim::Counter& scale_outs_;
    sim::Counter& scale_ins_;
    sim::Counter& flaps_;
    Timer look_;
    Timer hear_;
    Timer ready_;
};

}  // namespace archsim::models

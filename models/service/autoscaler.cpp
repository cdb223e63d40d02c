// Looks, decisions and the instances that are on their way.
#include "models/service/autoscaler.hpp"

#include "models/usage.hpp"

#include <algorithm>

namespace archsim::models {

namespace {

void check_autoscaler(const AutoscalerConfig& config, const Place& place) {
    if (config.min > config.max) {
        place.fail("min", {.code = Code::bad_value,
                           .message = "the fewest instances are more than the most",
                           .hint = "let \"max\" be at least \"min\""});
    }
    if (std::holds_alternative<Schedule::Config>(config.policy) && place.has("metric_delay")) {
        place.fail("metric_delay", {.code = Code::bad_value,
                                    .message = "a schedule waits for no metric",
                                    .hint = "leave out metric_delay"});
    }
}

}  // namespace

const Spec<AutoscalerConfig>& AutoscalerConfig::spec() {
    static const auto declared =
        Spec<AutoscalerConfig>{"autoscaler", "Adds and removes instances of a service."}
            .required("policy", &AutoscalerConfig::policy, "How many instances there should be.")
            .optional("min", &AutoscalerConfig::min, "The fewest instances.")
            .at_least(1)
            .required("max", &AutoscalerConfig::max, "The most instances.")
            .at_least(1)
            .at_most(100'000)
            .optional("interval", &AutoscalerConfig::interval, "Time from one look to the next.")
            .more_than(sim::Duration{})
            .optional("metric_delay", &AutoscalerConfig::metric_delay,
                      "How old a look is when the policy hears of it.")
            .optional("start_up", &AutoscalerConfig::start_up,
                      "From the decision to add an instance to its first request.")
            .optional("scale_out_cooldown", &AutoscalerConfig::scale_out_cooldown,
                      "No instance is added for so long after some were.")
            .optional("scale_in_cooldown", &AutoscalerConfig::scale_in_cooldown,
                      "No instance is removed for so long after any change.")
            .optional("flap_window", &AutoscalerConfig::flap_window,
                      "A change is a flap if the change before it was the other way and less than "
                      "so long ago.")
            .check(check_autoscaler)
            .assume("The first look is one interval after the start.")
            .assume(
                "Instances that are starting count as there; they are the first to be given "
                "up, then those added last, which finish what they work on.")
            .assume("An instance that has crashed counts as there: nothing replaces it.")
            .assume("So does one that a deployment has taken out, until another is in its place.")
            .assume("An instance that starts does nothing yet and is in no rotation.");
    return declared;
}

Autoscaler::Autoscaler(const AutoscalerConfig& config, const BuildContext& context,
                       Component& service, const StationMetrics& stations, std::int64_t servers)
    : config_{config},
      context_{context},
      service_{service},
      stations_{stations},
      servers_{servers},
      policy_{ScalingPolicies::make(config.policy)},
      scale_outs_{context.metrics.counter()},
      scale_ins_{context.metrics.counter()},
      flaps_{context.metrics.counter()},
      look_{*this, [](sim::Event& e) { static_cast<Timer&>(e).scaler.look(); }},
      hear_{*this, [](sim::Event& e) { static_cast<Timer&>(e).scaler.hear(); }},
      ready_{*this, [](sim::Event& e) { static_cast<Timer&>(e).scaler.finish_start(); }} {
    sim::Metrics& metrics = context_.metrics;
    metrics.publish_level(context_.path("instances"), metrics.watch(instances_));
    metrics.publish_count(context_.path("scale_outs"), scale_outs_);
    metrics.publish_count(context_.path("scale_ins"), scale_ins_);
    metrics.publish_count(context_.path("flaps"), flaps_);
}

void Autoscaler::start() {
    recount();
    before_ = stations_.read(now());
    before_at_ = now();
    context_.simulation.schedule_in(look_, config_.interval);
}

void Autoscaler::recount() {
    const auto& members = service_.members();
    const auto count = std::ranges::count_if(
        members, [](const Node* const member) { return !member->is_retired(); });
    instances_.set(now(), count);
}

void Autoscaler::look() {
    const StationMetrics::Reading reading = stations_.read(now());
    const auto length = static_cast<double>((now() - before_at_).count());
    const ScalingSample sample{
        .since = before_at_,
        .at = now(),
        .busy = static_cast<double>(reading.busy - before_.busy) / length,
        .capacity = static_cast<double>(reading.capacity - before_.capacity) / length,
        .arrivals = static_cast<double>(reading.arrivals - before_.arrivals) /
                    (now() - before_at_).in_seconds(),
        .present = reading.present,
        .servers = servers_};
    before_ = reading;
    before_at_ = now();
    context_.simulation.schedule_in(look_, config_.interval);
    if (config_.metric_delay == sim::Duration{}) {
        decide(sample);
        return;
    }
    on_the_way_.push_back(sample);
    if (on_the_way_.size() == 1) context_.simulation.schedule_in(hear_, config_.metric_delay);
}

void Autoscaler::hear() {
    const ScalingSample sample = on_the_way_.front();
    on_the_way_.pop_front();
    if (!on_the_way_.empty()) {
        context_.simulation.schedule(hear_, on_the_way_.front().at + config_.metric_delay);
    }
    decide(sample);
}

void Autoscaler::decide(const ScalingSample& sample) {
    const auto starting = static_cast<std::int64_t>(starting_.size());
    const std::int64_t planned = instances_.value() + starting + absent_;
    // Those that are out cannot be removed, so that the others are not when they are too few.
    const std::int64_t spare = planned - absent_ - config_.min;
    const std::int64_t asked =
        std::visit([&](auto& policy) { return policy.wanted(sample, planned); }, policy_);
    const std::int64_t wanted = std::clamp(asked, config_.min, config_.max);
    const auto is_due = [this](std::optional<sim::Instant> last, sim::Duration cooldown) {
        return !last || now() - *last >= cooldown;
    };
    if (wanted > planned && is_due(last_out_, config_.scale_out_cooldown)) {
        scale_out(wanted - planned);
    } else if (std::min(planned - wanted, spare) > 0 &&
               is_due(last_change_, config_.scale_in_cooldown)) {
        scale_in(std::min(planned - wanted, spare));
    }
}

void Autoscaler::note_change(bool out) {
    (out ? scale_outs_ : scale_ins_).add();
    const bool is_flap =
        last_change_ && last_was_out_ != out && now() - *last_change_ < config_.flap_window;
    if (is_flap) flaps_.add();
    last_was_out_ = out;
    last_change_ = now();
    if (out) last_out_ = now();
}

void Autoscaler::scale_out(std::int64_t count) {
    note_change(true);
    for (std::int64_t i = 0; i < count; ++i) {
        if (config_.start_up == sim::Duration{}) {
            service_.add_instance();
            continue;
        }
        starting_.push_back(now() + config_.start_up);
        pay_for_starting(1);
        if (starting_.size() == 1) context_.simulation.schedule_in(ready_, config_.start_up);
    }
}

void Autoscaler::pay_for_starting(std::int64_t by) {
    if (Usage* const usage = service_.usage()) usage->instances_changed(by);
}

void Autoscaler::finish_start() {
    while (!starting_.empty() && starting_.front() <= now()) {
        starting_.pop_front();
        pay_for_starting(-1);
        service_.add_instance();
    }
    if (!starting_.empty()) context_.simulation.schedule(ready_, starting_.front());
}

void Autoscaler::scale_in(std::int64_t count) {
    note_change(false);
    for (std::int64_t i = 0; i < count; ++i) {
        if (starting_.empty()) {
            service_.remove_instance();
            continue;
        }
        starting_.pop_back();
        pay_for_starting(-1);
        if (starting_.empty()) ready_.cancel();
    }
}

}  // namespace archsim::models

// Probing, ejecting and warming up.
#include "models/health/backend_health.hpp"

#include <algorithm>
#include <cmath>

namespace archsim::models {

namespace {
constexpr std::int64_t slow_start_steps = 20;
}

const Spec<HealthCheckConfig>& HealthCheckConfig::spec() {
    static const auto declared =
        Spec<HealthCheckConfig>{"health_check", "Probes every backend again and again."}
            .optional("interval", &HealthCheckConfig::interval, "From probe to probe.")
            .more_than(sim::Duration{})
            .optional("timeout", &HealthCheckConfig::timeout, "A probe without answer has failed.")
            .more_than(sim::Duration{})
            .optional("fall", &HealthCheckConfig::fall, "Failures in a row that mean down.")
            .at_least(1)
            .optional("rise", &HealthCheckConfig::rise, "Successes in a row that mean up.")
            .at_least(1)
            .check([](const HealthCheckConfig& config, const Place& place) {
                if (config.timeout > config.interval) {
                    place.fail("timeout", {.code = Code::out_of_range,
                                           .message = "a probe may not outlast the interval"});
                }
            })
            .assume(
                "A probe crosses the network but waits in no queue: it sees crashes and cuts, "
                "not overload. A crashed backend refuses at once.");
    return declared;
}

const Spec<EjectionConfig>& EjectionConfig::spec() {
    static const auto declared =
        Spec<EjectionConfig>{"ejection", "Leaves out a backend after failures in a row."}
            .optional("failures", &EjectionConfig::failures, "Tries in a row that did not end ok.")
            .at_least(1)
            .optional("for", &EjectionConfig::length,
                      "Length of the first ejection; the n-th is n times as long.")
            .more_than(sim::Duration{})
            .optional("max_for", &EjectionConfig::max_length, "The longest ejection.")
            .optional("max_ejected", &EjectionConfig::max_ejected,
                      "Largest share of the backends ejected at one time; one always may be.");
    return declared;
}

const Spec<SlowStartConfig>& SlowStartConfig::spec() {
    static const auto declared =
        Spec<SlowStartConfig>{"slow_start", "Gives a new or recovered backend little at first."}
            .optional("window", &SlowStartConfig::window, "Time to the full weight.")
            .more_than(sim::Duration{})
            .optional("aggression", &SlowStartConfig::aggression,
                      "1 is linear; more rises faster at first.")
            .more_than(0.0)
            .optional("min_weight", &SlowStartConfig::min_weight, "Share of the weight at least.")
            .more_than(sim::Probability{0.0})
            .assume(
                "weight x max(min_weight, (time / window)^(1 / aggression)), in 20 steps. It "
                "matters to policies that look at weights.");
    return declared;
}

BackendHealth::BackendHealth(Shared& shared, const Link& link, bool fresh)
    : shared_{shared},
      link_{link},
      next_probe_{*this, [](sim::Event& e) { static_cast<Timer&>(e).health.probe(); }},
      probe_result_{*this, [](sim::Event& e) { static_cast<Timer&>(e).health.probed(); }},
      readmission_{*this, [](sim::Event& e) { static_cast<Timer&>(e).health.readmit(); }},
      warming_{*this, [](sim::Event& e) { static_cast<Timer&>(e).health.slow_start_tick(); }} {
    for (Timer* timer : {&next_probe_, &probe_result_, &readmission_, &warming_}) {
        timer->set_tag(shared.tag);
    }
    ++shared_.backends;
    if (fresh) begin_slow_start();
}

void BackendHealth::start(sim::Duration phase) {
    if (shared_.check) shared_.simulation.schedule_in(next_probe_, phase);
}

void BackendHealth::probe() {
    const HealthCheckConfig& check = *shared_.check;
    shared_.simulation.schedule_in(next_probe_, check.interval);
    const sim::Instant now = shared_.simulation.now();
    const auto out = send_over(link_, link_.out, sim::Bytes{}, now, shared_.rng);
    const auto back = send_over(link_, link_.back, sim::Bytes{}, now, shared_.rng);
    probe_good_ = out && back && link_.to->is_up() && *out + *back <= check.timeout;
    const sim::Duration wait = out && back ? std::min(*out + *back, check.timeout) : check.timeout;
    probe_result_.cancel();
    shared_.simulation.schedule_in(probe_result_, wait);
}

void BackendHealth::probed() {
    if (probe_good_ == probed_up_) {
        contrary_ = 0;
        return;
    }
    if (++contrary_ < (probed_up_ ? shared_.check->fall : shared_.check->rise)) return;
    contrary_ = 0;
    probed_up_ = !probed_up_;
    ++shared_.turns;
    failures_ = 0;
    if (probed_up_) begin_slow_start();
    shared_.changed();
}

void BackendHealth::observe(bool good) {
    if (!shared_.ejection) return;
    failures_ = good ? 0 : failures_ + 1;
    if (failures_ < shared_.ejection->failures || ejected_) return;
    const double share =
        static_cast<double>(shared_.ejected + 1) / static_cast<double>(shared_.backends);
    if (shared_.ejected == 0 || share <= shared_.ejection->max_ejected.value()) eject();
}

void BackendHealth::eject() {
    ejected_ = true;
    failures_ = 0;
    ++ejections_;
    ++shared_.ejected;
    ++shared_.ejections;
    const sim::Duration length =
        std::min(shared_.ejection->length * ejections_, shared_.ejection->max_length);
    shared_.simulation.schedule_in(readmission_, length);
    shared_.changed();
}

void BackendHealth::readmit() {
    ejected_ = false;
    --shared_.ejected;
    begin_slow_start();
    shared_.changed();
}

void BackendHealth::begin_slow_start() {
    if (!shared_.slow_start) return;
    warming_since_ = shared_.simulation.now();
    warming_.cancel();
    shared_.simulation.schedule_in(warming_, shared_.slow_start->window / slow_start_steps);
}

void BackendHealth::slow_start_tick() {
    const sim::Duration since = shared_.simulation.now() - *warming_since_;
    if (since >= shared_.slow_start->window) {
        warming_since_.reset();
    } else {
        shared_.simulation.schedule_in(warming_, shared_.slow_start->window / slow_start_steps);
    }
    shared_.changed();
}

double BackendHealth::factor() const {
    if (!warming_since_) return 1.0;
    const SlowStartConfig& config = *shared_.slow_start;
    const double share =
        (shared_.simulation.now() - *warming_since_).in_seconds() / config.window.in_seconds();
    return std::clamp(std::pow(share, 1.0 / config.aggression), config.min_weight.value(), 1.0);
}

}  // namespace archsim::models

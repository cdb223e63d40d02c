// A new version of a service, rolled out in waves, watched, and rolled back on an alarm.
#include "models/fault/fault.hpp"
#include "models/scaling/sample.hpp"
#include "models/service/releases.hpp"
#include "models/usage.hpp"

#include <iterator>
#include <utility>
#include <variant>
#include <vector>

namespace archsim::models {

namespace {

/// Wave after wave, each watched.
struct RollingConfig {
    std::int64_t wave = 1;
    static const Spec<RollingConfig>& spec() {
        static const auto s =
            Spec<RollingConfig>{"rolling", "Wave after wave; each is watched before the next."}
                .optional("wave", &RollingConfig::wave, "Instances replaced at a time.")
                .at_least(1);
        return s;
    }
};

/// A share first, which is watched; then the rest in waves.
struct CanaryConfig {
    sim::Probability share{0.1};
    std::int64_t wave = 1;
    static const Spec<CanaryConfig>& spec() {
        static const auto s =
            Spec<CanaryConfig>{"canary", "A few first, which are watched; then the rest in waves."}
                .optional("share", &CanaryConfig::share,
                          "Of the instances, rounded up: the first wave.")
                .more_than(sim::Probability{})
                .optional("wave", &CanaryConfig::wave, "Instances replaced at a time after that.")
                .at_least(1);
        return s;
    }
};

/// What of the new version makes it go back.
struct AlarmConfig {
    std::optional<sim::Probability> errors = std::nullopt;
    std::optional<sim::Duration> latency = std::nullopt;
    static const Spec<AlarmConfig>& spec() {
        static const auto s =
            Spec<AlarmConfig>{"alarm", "What of the new version is too bad."}
                .optional("errors", &AlarmConfig::errors,
                          "More than this share of its requests not answered ok.")
                .optional("latency", &AlarmConfig::latency,
                          "A mean time to answer of more than this, at the instance.")
                .check([](const AlarmConfig& alarm, const Place& place) {
                    if (alarm.errors || alarm.latency) return;
                    place.fail("errors", {.code = Code::bad_value,
                                          .message = "this alarm never goes off",
                                          .hint = "give errors, latency or both"});
                });
        return s;
    }
};

class Deploy final : public Fault {
public:
    struct Config : FaultConfig {
        Reference node;
        OneOf<RollingConfig, CanaryConfig> strategy;
        sim::Duration wave_time;
        sim::Duration watch;
        ReleaseConfig release;
        std::optional<AlarmConfig> alarm = std::nullopt;
        static const Spec<Config>& spec();
    };
    Deploy(Config config, const FaultContext& context)
        : Fault{config, context},
          config_{std::move(config)},
          service_{context.directory.component(config_.node.name)},
          target_{dynamic_cast<Deployable*>(service_)},
          release_{target_ == nullptr ? nullptr : &target_->releases().add(config_.release)},
          next_{*this} {}

    [[nodiscard]] std::optional<Misfit> misfit() const override {
        if (target_ != nullptr) return std::nullopt;
        return Misfit{"node", config_.node.name + " has no instances that run a version",
                      "name a service"};
    }

private:
    enum class Phase : std::uint8_t { out, watched };
    struct Next : sim::Event {
        explicit Next(Deploy& d)
            : Event{[](sim::Event& event) { static_cast<Next&>(event).deploy.go_on(); }, 0xde},
              deploy{d} {}
        Deploy& deploy;
    };

    void begin() override {
        before_ = target_->releases().current();
        std::int64_t first = wave();
        if (const auto* canary = std::get_if<CanaryConfig>(&config_.strategy)) {
            const auto all = static_cast<double>(to_replace().size());
            first = instances_for(canary->share.value() * all, 1.0);
        }
        begin_wave(first);
    }

    /// Instances in rotation that are yet to get the version that this rolls out, or to lose it.
    [[nodiscard]] std::vector<Node*> to_replace() const {
        std::vector<Node*> found;
        const std::vector<Node*>& members = service_->members();
        for (std::size_t i = 0; i < members.size(); ++i) {
            const bool is_new = target_->releases().of(i) == release_;
            if (!members[i]->is_retired() && is_new == goes_back_) found.push_back(members[i]);
        }
        return found;
    }
    [[nodiscard]] std::int64_t wave() const {
        return std::visit([](const auto& strategy) { return strategy.wave; }, config_.strategy);
    }
    [[nodiscard]] bool is_canary() const {
        return std::holds_alternative<CanaryConfig>(config_.strategy);
    }

    /// Takes the next instances out; without any left to replace, the roll-out has ended.
    void begin_wave(std::int64_t count) {
        std::vector<Node*> old = to_replace();
        if (old.empty()) {
            if (goes_back_) return;
            target_->releases().set_current(release_);
            target_->releases().count_completion();
            return;
        }
        if (std::ssize(old) > count) old.resize(static_cast<std::size_t>(count));
        for (Node* const node : old) service_->retire(*node);
        out_ = old.size();
        count_absent(std::ssize(old));
        target_->releases().count_wave();
        phase_ = Phase::out;
        context().simulation.schedule_in(next_, config_.wave_time);
    }

    void go_on() {
        if (phase_ == Phase::watched) {
            if (is_alarmed()) {
                goes_back_ = true;
                target_->releases().count_roll_back();
            }
            begin_wave(wave());
            return;
        }
        put_in(goes_back_ ? before_ : release_);
        const bool is_watched = !goes_back_ && (!is_canary() || waves_watched_ == 0);
        if (!is_watched || config_.watch == sim::Duration{}) {
            begin_wave(wave());
            return;
        }
        ++waves_watched_;
        phase_ = Phase::watched;
        at_watch_ = release_->counts();
        context().simulation.schedule_in(next_, config_.watch);
    }

    /// In the place of those that are out.
    void put_in(Release* release) {
        Releases& releases = target_->releases();
        Release* const usual = releases.current();
        releases.set_current(release);
        count_absent(-static_cast<std::int64_t>(out_));
        for (std::size_t i = 0; i < out_; ++i) service_->add_instance();
        releases.set_current(usual);
    }

    /// Machines that are being fitted with another version are paid for all the while, and nobody
    /// thinks that they are missing.
    void count_absent(std::int64_t by) {
        target_->change_absent(by);
        if (Usage* const usage = service_->usage()) usage->instances_changed(by);
    }

    /// What the new version did since the watch began.
    [[nodiscard]] bool is_alarmed() const {
        const Release::Counts& now = release_->counts();
        const auto answered = static_cast<double>(now.answered - at_watch_.answered);
        if (!config_.alarm || answered == 0.0) return false;
        const AlarmConfig& alarm = *config_.alarm;
        const auto failed = static_cast<double>(now.failed - at_watch_.failed);
        if (alarm.errors && failed > alarm.errors->value() * answered) return true;
        const double time = (now.time - at_watch_.time).in_seconds();
        return alarm.latency && time > alarm.latency->in_seconds() * answered;
    }

    Config config_;
    Component* service_;
    Deployable* target_;
    Release* release_;
    Release* before_ = nullptr;
    Phase phase_ = Phase::out;
    std::size_t out_ = 0;  // instances out of service in this wave
    std::int64_t waves_watched_ = 0;
    bool goes_back_ = false;
    Release::Counts at_watch_;
    Next next_;
};

const Spec<Deploy::Config>& Deploy::Config::spec() {
    static const auto declared =
        Spec<Config>{"deploy", "A service gets a new version, a few instances at a time."}
            .required("at", &Config::at, "When it begins, from the start of the run.")
            .required("node", &Config::node, "A service.")
            .optional("strategy", &Config::strategy, "In which portions.")
            .required("wave_time", &Config::wave_time,
                      "How long the instances of a wave are out of service.")
            .optional("watch", &Config::watch,
                      "Monitoring interval: how long a wave is watched before the next.")
            .optional("release", &Config::release, "What is worse about the new version.")
            .optional("alarm", &Config::alarm,
                      "What makes it go back, looked at once at the end of each watch.")
            .check([](const Config& config, const Place& place) {
                if (!config.alarm || config.watch > sim::Duration{}) return;
                place.fail("alarm", {.code = Code::missing_key,
                                     .message = "an alarm needs a time in which it is watched for",
                                     .hint = "say with \"watch\" how long a wave is watched"});
            })
            .assume(
                "An instance of a wave takes nothing new and finishes what it works on, however "
                "long that takes; after the wave time another stands in its place.")
            .assume("Going back takes waves of the same size and time, without a watch.")
            .assume(
                "Instances that are added meanwhile have the version before, until the last "
                "wave has ended.")
            .assume("What is measured of it stands at the service, as deploy/waves and the like.");
    return declared;
}

}  // namespace

extern const FaultKind deploy_fault;
const FaultKind deploy_fault = FaultKind::of<Deploy>();

}  // namespace archsim::models

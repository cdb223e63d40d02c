// The policy "predictive": so many instances for the load that a trend promises.
#pragma once

#include "models/scaling/sample.hpp"

#include <deque>

namespace archsim::models {

/// A straight line through the last arrival rates, each taken in the middle of its interval, is
/// drawn on to `ahead` after the look; instances = that rate / what one instance takes, rounded up.
/// Source: least squares; forecast before need as in predictive scaling of Amazon EC2 Auto Scaling,
/// which takes a seasonal model where this takes a trend.
class Predictive {
public:
    static constexpr std::string_view name = "predictive";
    static constexpr std::string_view summary = "Instances for the load that a trend promises.";
    struct Config {
        sim::Rate per_instance;
        sim::Duration ahead;
        std::int64_t window = 5;
        static const Spec<Config>& spec() {
            static const auto s =
                Spec<Config>{name, summary}
                    .required("per_instance", &Config::per_instance,
                              "Work that one instance is to take.")
                    .more_than(sim::Rate{})
                    .required("ahead", &Config::ahead,
                              "How far ahead the forecast looks; metric delay, start-up time and "
                              "one interval are what it has to bridge.")
                    .optional("window", &Config::window, "Looks that the line goes through.")
                    .at_least(2)
                    .at_most(10'000)
                    .assume("After its first look the forecast is the rate that it measured.");
            return s;
        }
    };

    explicit Predictive(const Config& config) : config_{config} {}

    /// O(window).
    [[nodiscard]] std::int64_t wanted(const ScalingSample& sample, std::int64_t) {
        past_.push_back(sample);
        if (past_.size() > static_cast<std::size_t>(config_.window)) past_.pop_front();
        return instances_for(forecast(sample.at + config_.ahead),
                             config_.per_instance.per_second());
    }

private:
    [[nodiscard]] static double middle(const ScalingSample& sample, sim::Instant origin) {
        return 0.5 * ((sample.since - origin).in_seconds() + (sample.at - origin).in_seconds());
    }
    [[nodiscard]] double forecast(sim::Instant when) const {
        const sim::Instant origin = past_.front().since;
        double mean_time = 0.0;
        double mean_rate = 0.0;
        for (const ScalingSample& sample : past_) {
            mean_time += middle(sample, origin) / static_cast<double>(past_.size());
            mean_rate += sample.arrivals / static_cast<double>(past_.size());
        }
        double both = 0.0;
        double squares = 0.0;
        for (const ScalingSample& sample : past_) {
            const double time = middle(sample, origin) - mean_time;
            both += time * (sample.arrivals - mean_rate);
            squares += time * time;
        }
        if (squares <= 0.0) return mean_rate;
        return mean_rate + both / squares * ((when - origin).in_seconds() - mean_time);
    }

    Config config_;
    std::deque<ScalingSample> past_;
};

}  // namespace archsim::models

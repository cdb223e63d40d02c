// The policy "target_utilisation": so many instances that the share of servers at work is as asked.
#pragma once

#include "models/scaling/sample.hpp"

namespace archsim::models {

/// Instances = servers at work / (servers of an instance x target), rounded up; nothing changes
/// while the measured utilisation is within the tolerance. Source: the Horizontal Pod Autoscaler
/// (Kubernetes documentation, "Horizontal Pod Autoscaling", section "Algorithm details").
class TargetUtilisation {
public:
    static constexpr std::string_view name = "target_utilisation";
    static constexpr std::string_view summary = "Keeps the utilisation near a target.";
    struct Config {
        sim::Probability target;
        sim::Probability tolerance;
        static const Spec<Config>& spec() {
            static const auto s =
                Spec<Config>{name, summary}
                    .required("target", &Config::target, "Share of server time in use.")
                    .more_than(sim::Probability{})
                    .optional("tolerance", &Config::tolerance,
                              "No change while measured over target is within 1 by this much.")
                    .assume(
                        "With all servers at work the need beyond them is not seen: each look "
                        "then asks for 1 / target times as many.");
            return s;
        }
    };

    explicit TargetUtilisation(const Config& config) : config_{config} {}

    [[nodiscard]] std::int64_t wanted(const ScalingSample& sample, std::int64_t planned) const {
        if (sample.capacity <= 0.0) return planned;
        const double ratio = sample.busy / sample.capacity / config_.target.value();
        if (std::abs(ratio - 1.0) <= config_.tolerance.value()) return planned;
        return instances_for(sample.busy,
                             static_cast<double>(sample.servers) * config_.target.value());
    }

private:
    Config config_;
};

}  // namespace archsim::models

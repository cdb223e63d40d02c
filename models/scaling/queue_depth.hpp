// The policy "queue_depth": so many instances for the requests that are there.
#pragma once

#include "models/scaling/sample.hpp"

namespace archsim::models {

/// Instances = requests waiting or in service / those that one instance is to have, rounded up.
/// Source: the backlog per instance of Amazon EC2 Auto Scaling (user guide, "Scaling policy based
/// on Amazon SQS"), which KEDA counts in this way too (scaler "aws-sqs-queue", scaleOnInFlight).
class QueueDepth {
public:
    static constexpr std::string_view name = "queue_depth";
    static constexpr std::string_view summary = "So many requests for each instance.";
    struct Config {
        double per_instance = 1.0;
        static const Spec<Config>& spec() {
            static const auto s =
                Spec<Config>{name, summary}
                    .required("per_instance", &Config::per_instance,
                              "Requests waiting or in service that one instance is to have.")
                    .more_than(0.0)
                    .assume("What counts is the moment of the look, not a mean.");
            return s;
        }
    };

    explicit QueueDepth(const Config& config) : config_{config} {}

    [[nodiscard]] std::int64_t wanted(const ScalingSample& sample, std::int64_t) const {
        return instances_for(static_cast<double>(sample.present), config_.per_instance);
    }

private:
    Config config_;
};

}  // namespace archsim::models

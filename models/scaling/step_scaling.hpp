// The policy "step": a table that says how many instances to add or remove at which utilisation.
#pragma once

#include "models/scaling/sample.hpp"

#include <optional>
#include <vector>

namespace archsim::models {

/// A line of the table.
struct ScalingStep {
    std::optional<sim::Probability> above = std::nullopt;
    std::optional<sim::Probability> below = std::nullopt;
    std::int64_t instances = 1;
    static const Spec<ScalingStep>& spec() {
        static const auto s =
            Spec<ScalingStep>{"scaling_step", "Instances added above, or removed below a bound."}
                .optional("above", &ScalingStep::above, "Added at this utilisation or more.")
                .optional("below", &ScalingStep::below, "Removed below this utilisation.")
                .optional("instances", &ScalingStep::instances, "How many.")
                .at_least(1)
                .check([](const ScalingStep& step, const Place& place) {
                    if (step.above.has_value() != step.below.has_value()) return;
                    place.fail("above", {.code = Code::bad_value,
                                         .message = "a step has either above or below"});
                });
        return s;
    }
};

/// Of the steps that hold, the highest `above` or the lowest `below` counts. Source: step scaling
/// of Amazon EC2 Auto Scaling (Amazon EC2 Auto Scaling user guide, "Step and simple scaling").
class StepScaling {
public:
    static constexpr std::string_view name = "step";
    static constexpr std::string_view summary =
        "Adds and removes instances by a table of utilisations.";
    struct Config {
        std::vector<ScalingStep> steps;
        static const Spec<Config>& spec() {
            static const auto s =
                Spec<Config>{name, summary}
                    .required("steps", &Config::steps, "The table.")
                    .check([](const Config& config, const Place& place) {
                        for (const ScalingStep& up : config.steps) {
                            for (const ScalingStep& down : config.steps) {
                                if (!up.above || !down.below || !(*up.above < *down.below)) {
                                    continue;
                                }
                                place.fail("steps",
                                           {.code = Code::bad_value,
                                            .message = "between these bounds it would add and "
                                                       "remove at once",
                                            .hint = "let every below be no more than every above"});
                                return;
                            }
                        }
                    })
                    .assume(
                        "Instances that are starting count as added; without a cooldown a "
                        "load that stays high adds more at every look.");
            return s;
        }
    };

    explicit StepScaling(const Config& config) : config_{config} {}

    /// O(steps).
    [[nodiscard]] std::int64_t wanted(const ScalingSample& sample, std::int64_t planned) const {
        if (sample.capacity <= 0.0) return planned;
        const double utilisation = sample.busy / sample.capacity;
        const ScalingStep* chosen = nullptr;
        for (const ScalingStep& step : config_.steps) {
            const bool holds =
                step.above ? utilisation >= step.above->value() : utilisation < step.below->value();
            if (!holds) continue;
            const bool is_further =
                chosen == nullptr ||
                (step.above ? *chosen->above < *step.above : *step.below < *chosen->below);
            if (is_further) chosen = &step;
        }
        if (chosen == nullptr) return planned;
        return chosen->above ? planned + chosen->instances : planned - chosen->instances;
    }

private:
    Config config_;
};

}  // namespace archsim::models

// The one list of policies of scaling. Adding one: write its header, add it to this list.
#pragma once

#include "models/choice.hpp"
#include "models/scaling/predictive.hpp"
#include "models/scaling/queue_depth.hpp"
#include "models/scaling/schedule.hpp"
#include "models/scaling/step_scaling.hpp"
#include "models/scaling/target_utilisation.hpp"

#include <utility>
#include <variant>

namespace archsim::models {

/// A closed set of policies of scaling.
template <ScalingPolicy... Policies>
struct ScalingList {
    using Any = std::variant<Policies...>;
    using Config = OneOf<typename Policies::Config...>;

    /// The policy that a configuration describes.
    static Any make(const Config& config) {
        return make_from(config, std::index_sequence_for<Policies...>{});
    }

private:
    template <std::size_t... Is>
    static Any make_from(const Config& config, std::index_sequence<Is...>) {
        using Maker = Any (*)(const Config&);
        constexpr Maker makers[] = {+[](const Config& c) {
            return Any{std::in_place_index<Is>, std::get<Is>(c)};
        }...};
        return makers[config.index()](config);
    }
};

/// All of them, in the order in which they are documented.
using ScalingPolicies =
    ScalingList<TargetUtilisation, StepScaling, QueueDepth, Schedule, Predictive>;

}  // namespace archsim::models

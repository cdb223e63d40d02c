// The largest shift over the keys, as keys are independent.
#include "models/consistency/distance.hpp"

#include <algorithm>

namespace archsim::models {

DistanceResult distance(const std::map<std::uint64_t, std::vector<Zone>>& keys, bool unwritten) {
    if (unwritten) return DistanceResult{std::nullopt, std::nullopt};
    DistanceResult result;
    for (const auto& [key, zones] : keys) {
        const auto shift = read_shift_to_pass(zones);
        if (!shift) {
            result.delta.reset();
        } else if (result.delta) {
            result.delta = std::max(*result.delta, sim::Duration::nanoseconds(*shift));
        }
        const auto widening = sim::Duration::nanoseconds(widening_to_pass(zones));
        result.gamma = std::max(*result.gamma, widening);
    }
    return result;
}

}  // namespace archsim::models

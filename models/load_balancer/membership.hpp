// The usable backends as members of a ring or table, for policies that build one.
#pragma once

#include "models/load_balancer/policy.hpp"
#include "models/ring/member.hpp"

#include <vector>

namespace archsim::models {

/// The usable backends in order, with their index as id. O(n).
[[nodiscard]] inline std::vector<RingMember> usable_members(const Candidates& candidates) {
    std::vector<RingMember> members;
    for (const std::uint32_t i : candidates.usable) {
        members.push_back({candidates.all[i].name, candidates.all[i].weight, i});
    }
    return members;
}

}  // namespace archsim::models

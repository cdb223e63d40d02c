// Which member of a consensus database takes a call where clients look for the leader themselves.
#pragma once

#include "models/database/consensus_group.hpp"
#include "models/node.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace archsim::models {

/// The rule of one caller, who has heard of a leader and knows how far each member is.
class LeaderRule final : public PickingRule {
public:
    /// `group` is complete and outlives the rule.
    LeaderRule(ConsensusGroup& group, const Node& caller);
    [[nodiscard]] std::optional<std::size_t> pick(const Request& request) override;

private:
    const ConsensusGroup& group_;
    const Callers::Caller& caller_;
    std::vector<std::size_t> by_distance_;
    std::size_t nearest_ = 0;  // so many at the front are equally near
    std::size_t turn_ = 0;
};

}  // namespace archsim::models

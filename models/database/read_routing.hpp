// Which member takes a call: writes go to the primary, reads where the scenario says.
#pragma once

#include "models/database/replica_group.hpp"
#include "models/node.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace archsim::models {

/// The rule of one caller, who knows how far each member is from it.
class ReadRule final : public PickingRule {
public:
    /// `group` is complete and outlives the rule.
    ReadRule(ReplicaGroup& group, const Node& caller);
    [[nodiscard]] std::optional<std::size_t> pick(const Request& request) override;

private:
    /// Whether a member is good enough for the read, nearness aside.
    [[nodiscard]] bool is_good(std::size_t member, const Request& request) const;
    [[nodiscard]] std::size_t nearest(const Request& request);

    const ReplicaGroup& group_;
    const Callers::Caller& caller_;
    std::vector<std::size_t> by_distance_;
    std::vector<double> distance_;  // of the members in that order
    std::size_t turn_ = 0;
};

}  // namespace archsim::models

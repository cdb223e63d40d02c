// Components whose members do not simply stand in for one another: how many of them may fail.
#pragma once

#include "models/request.hpp"

#include <cstddef>

namespace archsim::models {

/// What static analysis asks a replicated database. Implemented besides Component.
class Replicated {
public:
    virtual ~Replicated() = default;
    /// The fewest members and helpers whose failure leaves requests of this kind without an answer
    /// until one of them is back, if it hits the wrong ones, with a member among them. Between 1
    /// and all members.
    [[nodiscard]] virtual std::size_t fatal_failures(Access access) const = 0;
    /// Whether the failure of a helper alone does so.
    [[nodiscard]] virtual bool needs_helper(Access) const { return false; }
};

}  // namespace archsim::models

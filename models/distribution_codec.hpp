// Distributions in a scenario: "8ms" is constant, {"kind": "exponential", "mean": "8ms"} is not.
// The kinds and their parameters are in distribution_kinds.hpp.
#pragma once

#include "models/codec.hpp"
#include "sim/distribution.hpp"

namespace archsim::models {

ARCHSIM_DECLARE_CODEC(sim::Distribution);

}  // namespace archsim::models

// How the keys of requests are written in a scenario: an object such as
// {"kind": "zipf", "count": 10000, "skew": 0.99}.
#pragma once

#include "models/codec.hpp"
#include "sim/key_source.hpp"

namespace archsim::models {

ARCHSIM_DECLARE_CODEC(sim::KeySource);

}  // namespace archsim::models

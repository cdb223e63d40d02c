// Prices in a scenario: "$0.12/h", "$0.09/GiB", "$0.40/1M". Beside codec.hpp, because only what
// costs money needs them.
#pragma once

#include "models/codec.hpp"
#include "sim/price.hpp"

namespace archsim::models {

ARCHSIM_DECLARE_CODEC(sim::PriceOfTime);
ARCHSIM_DECLARE_CODEC(sim::PriceOfData);
ARCHSIM_DECLARE_CODEC(sim::PriceOfRequests);

}  // namespace archsim::models

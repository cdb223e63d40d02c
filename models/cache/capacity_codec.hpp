// How the capacity of a cache is written: a number of entries, or an amount of data.
#pragma once

#include "models/cache/store.hpp"
#include "models/codec.hpp"

namespace archsim::models {

/// 10000 is entries, "64MiB" is bytes.
ARCHSIM_DECLARE_CODEC(cache::Capacity);

}  // namespace archsim::models

// What every placement algorithm of this folder is given: who takes part, and with what weight.
#pragma once

#include <cstdint>
#include <string>

namespace archsim::models {

/// A server, shard or cache that keys are placed on.
struct RingMember {
    std::string name;      ///< Identity for hashing, such as "web/2" or "10.0.1.1:11211".
    double weight = 1.0;   ///< Share of the keys relative to the others; above 0.
    std::uint32_t id = 0;  ///< What a look-up answers; HAProxy numbers its points by id + 1.
};

}  // namespace archsim::models

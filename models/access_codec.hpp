// How reading and writing are called in a scenario.
#pragma once

#include "models/codec.hpp"
#include "models/request.hpp"

#include <array>

namespace archsim::models {

template <>
struct EnumNames<Access> {
    static constexpr std::array<EnumName<Access>, 2> names{{
        {Access::read, "read"},
        {Access::write, "write"},
    }};
};

}  // namespace archsim::models

// The languages that explanations for people are written in.
#pragma once

#include <cstdint>

namespace archsim::models {

/// Language of worked answers and decision traces; metric names and messages stay English.
enum class Language : std::uint8_t { english, portuguese };

}  // namespace archsim::models

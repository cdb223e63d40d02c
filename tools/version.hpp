// The version of the program.
#pragma once

#include <string_view>

namespace archsim::tools {

/// "archsim 0.1.0".
inline constexpr std::string_view version_text = "archsim " ARCHSIM_VERSION;

}  // namespace archsim::tools

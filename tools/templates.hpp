// The scenarios of scenarios/templates/, built into the program: CMake makes the source from them.
#pragma once

#include <span>
#include <string_view>

namespace archsim::tools {

/// One scenario to start from.
struct Template {
    std::string_view name;  ///< Of its file, without ".json".
    std::string_view text;
};

/// All of them by name.
[[nodiscard]] std::span<const Template> all_templates();

}  // namespace archsim::tools

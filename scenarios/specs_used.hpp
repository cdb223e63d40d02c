// Which declarations a part of a scenario makes use of: its own, those of what it has chosen, and
// those of the objects in it, written or by default.
#pragma once

#include "models/document.hpp"
#include "models/spec_base.hpp"

#include <vector>

namespace archsim::scenarios {

/// The specs by which `written` is read, each once, that of the whole first. Requires: `written`
/// was read by `spec` without a problem.
[[nodiscard]] std::vector<const models::SpecBase*> specs_used(const models::SpecBase& spec,
                                                              const models::Value& written);

}  // namespace archsim::scenarios

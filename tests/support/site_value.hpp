// What one site of a database with several primaries holds.
#pragma once

#include "models/database/site_member.hpp"
#include "tests/support/steps.hpp"

#include <cstddef>
#include <cstdint>

namespace archsim::tests {

/// Its value of a key. Requires: the database "db" is of kind multi_primary.
[[nodiscard]] inline const models::SiteValue& held(DatabaseSteps& steps, std::size_t site,
                                                   std::uint64_t key) {
    return dynamic_cast<models::SiteMember&>(steps.member(site)).value(key);
}

}  // namespace archsim::tests

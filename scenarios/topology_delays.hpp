// The least time that news takes from one place of an architecture to another: the speed limit that
// no result may break.
#pragma once

#include "models/network/network.hpp"
#include "models/node.hpp"
#include "sim/units.hpp"

#include <optional>
#include <vector>

namespace archsim::scenarios {

/// For each pair of the given nodes, first index the one it starts from, how long a chain of
/// messages takes at least from one to the other, over whatever links and nodes there are; nothing
/// where no chain leads there. Nodes of one component in one region count as one: what one of them
/// knows all may know. Every other way on which data moves has to be a link of the network, as
/// those on which a CDN pushes are. O(places x links x log links).
[[nodiscard]] std::vector<std::vector<std::optional<sim::Duration>>> least_delays(
    const models::Network& network, const std::vector<const models::Node*>& places);

}  // namespace archsim::scenarios

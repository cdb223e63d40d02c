// The proof that a store was not linearizable: the few operations that fit no order, as lines of
// text and as numbers for a drawing.
#pragma once

#include "scenarios/cap.hpp"

#include <optional>
#include <span>

namespace archsim::scenarios {

/// The first witness that a replication found, one line per operation; no rows without one.
[[nodiscard]] Table witness_table(std::span<const CapObservation* const> observations);

/// The same operations for drawing: when each began and ended, in seconds and as its place among
/// the begins and ends of all of them. Nothing without a witness.
[[nodiscard]] std::optional<Section> witness_section(
    std::span<const CapObservation* const> observations);

}  // namespace archsim::scenarios

// What the events on a key need of it, in two lines of the processor's cache side by side: apart,
// each of the parts would be a line of its own to wait for.
#pragma once

#include "models/consistency/convergence.hpp"
#include "models/consistency/losses.hpp"
#include "models/consistency/staleness.hpp"
#include "models/consistency/usual_read.hpp"

namespace archsim::models {

/// The row of one key. Each part belongs to the tracker that is handed it.
struct alignas(128) KeyRow {
    UsualRead usual;
    StalenessTracker::Summary staleness;
    LossTracker::Line line;
    ConvergenceTracker::Single single;
};
static_assert(sizeof(KeyRow) == 128);

}  // namespace archsim::models

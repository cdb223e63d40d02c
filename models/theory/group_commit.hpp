// Group commit in closed form: commits come by a Poisson process, one flush takes all that are
// there when it begins, and the next begins when it ends if others have come meanwhile.
#pragma once

#include "models/theory/queueing.hpp"

namespace archsim::models::theory {

/// The long-run behaviour of a log with group commit.
struct GroupCommit {
    double busy = 0.0;     ///< Share of the time in which a flush is under way.
    double latency = 0.0;  ///< Mean time from a commit to the end of its flush.
    double batch = 0.0;    ///< Mean number of commits in a flush.
};

/// `rate` commits per unit of time, flushes as `flush` says; `none_come` is the probability that no
/// commit comes during one flush: the Laplace transform of the flush time at `rate`.
/// After each flush the disk is idle with probability `none_come`, so that a busy period has
/// 1 / none_come flushes on average, and an idle one takes 1 / rate. A commit that finds the disk
/// busy (by PASTA a share `busy` of all) waits for the rest of that flush, and then for its own.
/// There is no load that this log cannot carry. Requires: rate > 0, 0 < none_come <= 1.
[[nodiscard]] GroupCommit group_commit(double rate, ServiceTime flush, double none_come);

}  // namespace archsim::models::theory

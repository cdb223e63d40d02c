// Renewal and rest of a flush.
#include "models/theory/group_commit.hpp"

namespace archsim::models::theory {

GroupCommit group_commit(double rate, ServiceTime flush, double none_come) {
    const double busy_period = flush.mean / none_come;
    const double idle_period = 1.0 / rate;
    const double rest = flush.mean * (1.0 + flush.scv) / 2.0;
    GroupCommit result;
    result.busy = busy_period / (busy_period + idle_period);
    result.latency = flush.mean + result.busy * rest;
    result.batch = rate * flush.mean / result.busy;
    return result;
}

}  // namespace archsim::models::theory

// The check of a whole history: its events are put in order and streamed.
#include "reports/consistency/check_history.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace archsim::reports {

using models::Ending;
using models::Operation;

LinearizabilityVerdict check_history(std::span<const Operation> operations) {
    std::vector<Operation> sorted{operations.begin(), operations.end()};
    std::stable_sort(sorted.begin(), sorted.end(), [](const Operation& a, const Operation& b) {
        return a.invoked_order < b.invoked_order;
    });
    std::vector<std::uint64_t> by_end;
    std::vector<std::uint64_t> ids;
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        ids.push_back(sorted[i].id);
        sorted[i].id = i;
        if (sorted[i].ending == Ending::in_flight) {
            // Nothing more will be heard of it, so it must not hold anything up.
            sorted[i].ending = Ending::indeterminate;
            sorted[i].completed_order = sorted[i].invoked_order;
        }
        by_end.push_back(i);
    }
    std::stable_sort(by_end.begin(), by_end.end(), [&](std::uint64_t a, std::uint64_t b) {
        return sorted[a].completed_order < sorted[b].completed_order;
    });
    LinearizabilityChecker checker{sorted.size()};
    auto next = sorted.begin();
    for (const std::uint64_t index : by_end) {
        const Operation& operation = sorted[index];
        for (; next != sorted.end() && next->invoked_order <= operation.completed_order; ++next) {
            checker.invoked(*next);
        }
        checker.completed(operation);
    }
    LinearizabilityVerdict verdict = checker.verdict();
    for (Witness& witness : verdict.witnesses) {
        for (Operation& operation : witness.operations) {
            if (operation.id != stand_in_id) operation.id = ids[operation.id];
        }
    }
    return verdict;
}

}  // namespace archsim::reports

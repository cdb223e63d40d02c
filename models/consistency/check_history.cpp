// The check of a whole history: its events are put in order and streamed.
#include "models/consistency/check_history.hpp"

#include "models/consistency/recorded_history.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace archsim::models {

namespace {

// The ids that with_dense_ids() replaces, in its order.
std::vector<std::uint64_t> ids_by_invocation(std::span<const Operation> operations) {
    std::vector<std::pair<Order, std::uint64_t>> places;
    for (const Operation& operation : operations) {
        places.emplace_back(operation.invoked_order, operation.id);
    }
    std::stable_sort(places.begin(), places.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<std::uint64_t> ids;
    for (const auto& [order, id] : places) ids.push_back(id);
    return ids;
}

}  // namespace

LinearizabilityVerdict check_history(std::span<const Operation> operations) {
    const std::vector<Operation> sorted = with_dense_ids(operations);
    LinearizabilityChecker checker{sorted.size()};
    for (const HistoryEvent& event : events_of(sorted)) {
        Operation operation = sorted[event.index];
        if (event.completes) {
            checker.completed(operation);
            continue;
        }
        operation.ending = Ending::in_flight;
        operation.completed = sim::Instant::never();
        operation.completed_order = after_history;
        checker.invoked(operation);
    }
    const std::vector<std::uint64_t> ids = ids_by_invocation(operations);
    LinearizabilityVerdict verdict = checker.verdict();
    for (Witness& witness : verdict.witnesses) {
        for (Operation& operation : witness.operations) {
            if (operation.id != stand_in_id) operation.id = ids[operation.id];
        }
    }
    return verdict;
}

}  // namespace archsim::models

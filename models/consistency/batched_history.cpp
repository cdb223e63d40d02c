// Replays held records into the target.
#include "models/consistency/batched_history.hpp"

namespace archsim::models {

BatchedHistory::BatchedHistory(HistorySink& target) : target_{&target} {
    held_.reserve(batch_size);
}

void BatchedHistory::hand_on(const Record& record) {
    struct Visitor {
        HistorySink& target;
        void operator()(const Begin& begin) const { target.invoked(begin.operation); }
        void operator()(const End& end) const { target.completed(end.operation); }
        void operator()(const VersionRecord& version) const { target.created(version); }
        void operator()(const Application& application) const { target.applied(application); }
        void operator()(const FaultRecord& fault) const { target.fault(fault); }
        void operator()(const Settled& settled) const {
            target.settled(settled.key, settled.version);
        }
    };
    std::visit(Visitor{*target_}, record);
}

void BatchedHistory::flush() {
    for (const Record& record : held_) hand_on(record);
    held_.clear();
}

}  // namespace archsim::models

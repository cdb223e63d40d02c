// Bookkeeping over all members of a replica set.
#include "models/database/replica_group.hpp"

#include <algorithm>
#include <utility>

namespace archsim::models {

ReplicaGroup::ReplicaGroup(PrimaryReplicaConfig config, const BuildContext& context)
    : lag{context.metrics.timing()},
      failovers{context.metrics.counter()},
      conflicts{context.metrics.counter()},
      fallbacks{context.metrics.counter()},
      refused{context.metrics.counter()},
      config_{std::move(config)},
      context_{context},
      stations_{context_},
      tracks_sessions_{std::holds_alternative<ReadYourWrites>(config_.read_from)},
      lost_{context.metrics.counter()},
      saved_{context.metrics.counter()},
      recovery_{context.metrics.timing()},
      callers_{context_.simulation, context_.network, context_.rng("callers"), context_.number},
      post_{context_.simulation, context_.network, context_.rng("replication"), context_.number} {
    reigns_.begin(0, 0, sim::Instant{});
    publish();
}

void ReplicaGroup::publish() {
    sim::Metrics& metrics = context_.metrics;
    metrics.publish_timing(context_.path("replication_lag"), lag);
    metrics.publish_level(context_.path("apply_queue"), metrics.watch(apply_queue));
    metrics.publish_level(context_.path("in_flight"), metrics.watch(in_flight));
    metrics.derive(context_.path("lost_writes"), "count",
                   [this](const sim::Stretch& s) -> std::optional<double> {
                       return static_cast<double>(lost_.count(s.span)) -
                              static_cast<double>(saved_.count(s.span));
                   });
    metrics.publish_count(context_.path("kept_writes"), saved_);
    metrics.publish_count(context_.path("conflicts"), conflicts);
    metrics.publish_count(context_.path("failovers"), failovers);
    metrics.publish_timing(context_.path("recovery_time"), recovery_);
    metrics.publish_count(context_.path("semi_sync_fallbacks"), fallbacks);
    metrics.publish_count(context_.path("refused_writes"), refused);
}

void ReplicaGroup::acknowledged(std::uint64_t epoch, LogPosition position, const Request& request) {
    if (position > reigns_.common(epoch, reigns_.present())) {
        lost_.add();  // a later reign does not know it
        return;
    }
    timeline_.acknowledge(position);
    const bool is_later = epoch > reign_at_outage_;
    if (down_since_ && epoch == reigns_.present() && (is_later || !needs_new_reign_)) {
        recovery_.record(now() - *down_since_);
        down_since_.reset();
    }
    if (!tracks_sessions_) return;
    LogPosition& last = last_writes_[session_of(request)];
    last = std::max(last, position);
}

std::uint64_t ReplicaGroup::begin_reign(std::size_t member, std::uint64_t epoch,
                                        LogPosition start) {
    const LogPosition agreed = std::min(start, reigns_.common(epoch, reigns_.present()));
    lost_.add(timeline_.cut(agreed));
    while (timeline_.end() < start) timeline_.appended();
    const std::uint64_t begun = reigns_.begin(member, agreed, now());
    if (context_.history.is_on(context_.number)) {
        FaultRecord record;
        record.id = static_cast<std::uint32_t>(begun) | (std::uint32_t{1} << 31U);
        record.kind = FaultType::promotion;
        record.at = now();
        record.node = context_.number;
        context_.history.fault(record);
    }
    return begun;
}

void ReplicaGroup::outage(sim::Instant since) {
    if (down_since_) return;
    down_since_ = since;
    reign_at_outage_ = reigns_.present();
    needs_new_reign_ = since < now();
}

LogPosition ReplicaGroup::last_write(const Request& request) const {
    const auto found = last_writes_.find(session_of(request));
    return found == last_writes_.end() ? 0 : found->second;
}

}  // namespace archsim::models

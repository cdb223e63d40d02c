// Bookkeeping over all members of a consensus database.
#include "models/database/consensus_group.hpp"

#include "models/database/consensus_member.hpp"
#include "sim/check.hpp"

#include <algorithm>
#include <utility>

namespace archsim::models {

namespace {

EdgeConfig edge_of(const std::string& name, const ConsensusConfig& config) {
    EdgeConfig edge;
    edge.to.name = name;
    const auto* const forward = std::get_if<ForwardClients>(&config.clients);
    if (forward != nullptr) edge.timeout = forward->timeout;
    return edge;
}

}  // namespace

ConsensusGroup::ConsensusGroup(ConsensusConfig config, const BuildContext& context)
    : lag{context.metrics.timing()},
      requests{context.metrics.counter()},
      forwarded{context.metrics.counter()},
      refused{context.metrics.counter()},
      config_{std::move(config)},
      context_{context},
      stations_{context_},
      forward_edge_{edge_of(context.name, config_)},
      failovers_{context.metrics.counter()},
      terms_{context.metrics.counter()},
      lost_{context.metrics.counter()},
      election_{context.metrics.timing()},
      recovery_{context.metrics.timing()},
      callers_{context_.simulation, context_.network, context_.rng("callers"), context_.number},
      post_{context_.simulation, context_.network, context_.rng("messages"), context_.number} {
    sim::Metrics& metrics = context_.metrics;
    forwarding_.calls = &metrics.counter();
    forwarding_.retries = &metrics.counter();
    forwarding_.timeouts = &metrics.counter();
    forwarding_.hedges = &metrics.counter();
    forwarding_.latency = &metrics.timing();
    publish();
}

void ConsensusGroup::publish() {
    sim::Metrics& metrics = context_.metrics;
    metrics.publish_timing(context_.path("replication_lag"), lag);
    metrics.publish_count(context_.path("failovers"), failovers_);
    metrics.publish_count(context_.path("terms"), terms_);
    metrics.publish_timing(context_.path("election_time"), election_);
    metrics.publish_timing(context_.path("recovery_time"), recovery_);
    metrics.publish_count(context_.path("lost_writes"), lost_);
    metrics.publish_count(context_.path("refused"), refused);
    metrics.publish_ratio(context_.path("forwarded"), forwarded, {&requests});
}

std::size_t ConsensusGroup::add(ConsensusMember& member) {
    members_.push_back(&member);
    if (config_.redirects()) callers_.told_by(member, config_.heartbeat);
    return post_.add(member);
}

void ConsensusGroup::seen(std::uint64_t term) {
    if (term <= last_term_) return;
    terms_.add(term - last_term_);
    last_term_ = term;
}

void ConsensusGroup::begin_reign(const ConsensusMember& member, std::uint64_t term) {
    if (leaders_.size() <= term) leaders_.resize(term + 1);
    ARCHSIM_CHECK_AT(context_.name, leaders_[term] == 0, "term {} has two leaders", term);
    leaders_[term] = member.number() + 1;
    if (term < reign_term_) return;  // its votes came late: others are ahead of it
    const bool is_first = reign_term_ == 0;
    if (!is_first) {
        outage(reign_term_, members_[reigning_]->last_confirmed());
        election_.record(now() - *leaderless_since_);
        leaderless_since_.reset();
        if (member.number() != reigning_) failovers_.add();
    }
    reigning_ = member.number();
    reign_term_ = term;
    if (is_first) return;
    if (config_.redirects()) callers_.announce(reigning_, sim::Duration{}, reigning_);
    if (!context_.history.is_on(context_.number)) return;
    FaultRecord record;
    record.id = static_cast<std::uint32_t>(term) | (std::uint32_t{1} << 31U);
    record.kind = FaultType::promotion;
    record.at = now();
    record.node = context_.number;
    context_.history.fault(record);
}

void ConsensusGroup::outage(std::uint64_t term, sim::Instant since) {
    if (term != reign_term_) return;
    if (!leaderless_since_) leaderless_since_ = since;
    if (down_since_) return;
    down_since_ = since;
    term_at_outage_ = term;
}

void ConsensusGroup::committed(const Branch& log, LogPosition position) {
    if (tip_at_ >= log.base() && !log.has(tip_, tip_at_)) note_losses(log);
    for (LogPosition next = tip_at_ + 1; next <= position; ++next) {
        tip_ = log.id(next);
        tip_at_ = next;
        tree_.commit(tip_);
        const TreeEntry& entry = tree_.at(tip_);
        if (entry.version == initial_version) continue;
        context_.freshness.committed(context_.number, entry.key, entry.version, now());
    }
}

void ConsensusGroup::note_losses(const Branch& log) {
    while (tip_at_ > 0 && !log.has(tip_, tip_at_)) {
        const TreeEntry& entry = tree_.at(tip_);
        if (entry.is_acknowledged) lost_.add();
        tip_ = entry.previous;
        --tip_at_;
    }
}

void ConsensusGroup::acknowledged(const Branch& log, LogPosition position, Version version,
                                  std::uint64_t term) {
    if (position > log.base() && position <= log.end()) {
        TreeEntry& entry = tree_.at(log.id(position));
        if (entry.version == version) entry.is_acknowledged = true;
    }
    if (!down_since_ || term <= term_at_outage_) return;
    recovery_.record(now() - *down_since_);
    down_since_.reset();
}

std::optional<LogPosition> ConsensusGroup::find(const Branch& log, Version version) const {
    bool is_elsewhere = false;
    for (EntryId id = tree_.latest(version); id != 0 && tree_.holds(id); id = tree_.at(id).twin) {
        const TreeEntry& entry = tree_.at(id);
        if (log.has(id, entry.position)) return entry.position;
        is_elsewhere = is_elsewhere || entry.is_committed;
    }
    // Committed, but not in a log that should have it: that of a leader who has been deposed.
    if (is_elsewhere || !tree_.is_committed(version)) return std::nullopt;
    return 0;
}

void ConsensusGroup::trim(LogPosition committed) {
    constexpr LogPosition once_in = 256;
    if (committed < trim_tried_ + once_in) return;
    trim_tried_ = committed;
    LogPosition kept = committed;
    for (const ConsensusMember* const member : members_) kept = std::min(kept, member->kept());
    for (ConsensusMember* const member : members_) member->trim(kept);
    tree_.trim(kept);
}

}  // namespace archsim::models

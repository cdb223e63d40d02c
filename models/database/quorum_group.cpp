// Messages between the members of a quorum database, and bookkeeping over all of them.
#include "models/database/quorum_group.hpp"

#include "models/database/hash_tree.hpp"
#include "models/database/quorum_member.hpp"
#include "sim/frame_pool.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace archsim::models {

/// An order on its way to a replica, at work there, and its reply on the way back.
class QuorumGroup::Errand final : public sim::Event,
                                  public sim::Completion<ReplicaReply>,
                                  public sim::Pooled {
public:
    Errand(QuorumGroup& owner, std::size_t from, std::size_t to, const ReplicaOrder& what,
           Polls::Ticket whose)
        : Event{&Errand::leg_ended, owner.context_.number},
          group{owner},
          coordinator{from},
          replica{to},
          order{what},
          ticket{whose} {
        next_ = owner.errands_;
        if (next_ != nullptr) next_->previous_ = this;
        owner.errands_ = this;
    }
    ~Errand() {
        (previous_ != nullptr ? previous_->next_ : group.errands_) = next_;
        if (next_ != nullptr) next_->previous_ = previous_;
    }

    QuorumGroup& group;
    std::size_t coordinator;
    std::size_t replica;
    ReplicaOrder order;
    Polls::Ticket ticket;
    ReplicaReply reply;
    bool is_on_way_back = false;
    bool may_be_redirected = false;  // if it is refused
    bool tells_refusal = true;

private:
    void completed(ReplicaReply told) override { group.back(*this, told); }
    void abandoned() override { group.back(*this, {.is_refused = true}); }
    static void leg_ended(sim::Event& event) {
        auto& errand = static_cast<Errand&>(event);
        if (errand.is_on_way_back) {
            errand.group.finish(errand);
        } else {
            errand.group.arrive(errand);
        }
    }
    Errand* next_ = nullptr;
    Errand* previous_ = nullptr;
};

QuorumGroup::QuorumGroup(QuorumConfig config, const BuildContext& context)
    : requests{context.metrics.counter()},
      no_quorum{context.metrics.counter()},
      write_backs{context.metrics.counter()},
      read_repairs{context.metrics.counter()},
      hints{context.metrics.counter()},
      config_{std::move(config)},
      context_{context},
      stations_{context_},
      polls_{context_.simulation, order_, config_.timeout},
      rng_{context_.rng("messages")},
      answer_rng_{context_.rng("answers")},
      stand_in_writes_{context.metrics.counter()},
      comparisons_{context.metrics.counter()},
      repaired_rows_{context.metrics.counter()},
      compared_bytes_{context.metrics.counter()} {
    publish();
}

void QuorumGroup::publish() {
    sim::Metrics& metrics = context_.metrics;
    metrics.publish_ratio(context_.path("no_quorum"), no_quorum, {&requests});
    metrics.publish_ratio(context_.path("write_backs"), write_backs, {&requests});
    metrics.publish_count(context_.path("read_repairs"), read_repairs);
    metrics.publish_count(context_.path("hints"), hints);
    metrics.publish_count(context_.path("stand_in_writes"), stand_in_writes_);
    metrics.publish_count(context_.path("comparisons"), comparisons_);
    metrics.publish_count(context_.path("repaired_rows"), repaired_rows_);
    metrics.derive(context_.path("compared_bytes"), "bytes/s",
                   [this](const sim::Stretch& stretch) -> std::optional<double> {
                       const double length = stretch.seconds();
                       if (length <= 0.0) return std::nullopt;
                       return static_cast<double>(compared_bytes_.count(stretch.span)) / length;
                   });
}

QuorumGroup::~QuorumGroup() {
    while (errands_ != nullptr) delete errands_;
}

std::size_t QuorumGroup::add(QuorumMember& member) {
    const std::size_t number = members_.size();
    members_.push_back(&member);
    links_.emplace_back();
    const bool is_holder = number < holders();
    for (std::size_t other = 0; other < std::min(number, holders()); ++other) {
        QuorumMember& before = *members_[other];
        links_[number].push_back(&context_.network.connect(member, before, plain_));
        if (is_holder) {
            links_[other].push_back(&context_.network.connect(before, member, plain_));
        }
    }
    links_[number].push_back(nullptr);
    return number;
}

std::size_t QuorumGroup::nearest_replica(std::uint32_t region) const {
    std::size_t best = 0;
    const auto distance = [&](std::size_t i) {
        return context_.network.mean_delay(region, members_[i]->region());
    };
    for (std::size_t i = 1; i < replicas(); ++i) {
        if (distance(i) < distance(best)) best = i;
    }
    return best;
}

void QuorumGroup::send(std::size_t coordinator, std::size_t replica, const ReplicaOrder& order,
                       Polls::Ticket ticket) {
    auto* const errand = new Errand{*this, coordinator, replica, order, ticket};
    errand->order.owner = static_cast<std::uint8_t>(replica);
    forward(*errand);
}

void QuorumGroup::send_all(std::size_t coordinator, const ReplicaOrder& order,
                           Polls::Ticket ticket) {
    for (std::size_t i = 0; i < replicas(); ++i) {
        auto* const errand = new Errand{*this, coordinator, i, order, ticket};
        errand->order.owner = static_cast<std::uint8_t>(i);
        errand->may_be_redirected = config_.stand_ins.has_value();
        forward(*errand);
    }
}

void QuorumGroup::send_instead(std::size_t coordinator, std::size_t replica,
                               const ReplicaOrder& order, Polls::Ticket ticket) {
    auto* const errand = new Errand{*this, coordinator, stand_in_of(replica), order, ticket};
    errand->order.owner = static_cast<std::uint8_t>(replica);
    errand->tells_refusal = false;
    forward(*errand);
}

void QuorumGroup::forward(Errand& errand) {
    const Link* const link = links_[errand.coordinator][errand.replica];
    std::optional<sim::Duration> delay = sim::Duration{};
    if (link != nullptr) {
        delay = send_over(*link, link->out, errand.order.size, context_.simulation.now(), rng_);
    }
    if (!delay) {
        delete &errand;  // only the patience of the poll will tell
    } else if (*delay == sim::Duration{}) {
        arrive(errand);
    } else {
        context_.simulation.schedule_in(errand, *delay);
    }
}

bool QuorumGroup::waits_for(const QuorumMember& node, Errand& errand) {
    const sim::Instant wakes = node.paused_until();
    if (wakes <= context_.simulation.now()) return false;
    if (wakes == sim::Instant::never()) {
        delete &errand;
    } else {
        context_.simulation.schedule(errand, wakes);
    }
    return true;
}

void QuorumGroup::arrive(Errand& errand) {
    QuorumMember& replica = *members_[errand.replica];
    if (!replica.is_up()) {
        back(errand, {.is_refused = true});
    } else if (!waits_for(replica, errand)) {
        replica.obey(errand.order, errand);
    }
}

void QuorumGroup::back(Errand& errand, const ReplicaReply& reply) {
    errand.reply = reply;
    errand.is_on_way_back = true;
    const Link* const link = links_[errand.coordinator][errand.replica];
    std::optional<sim::Duration> delay = sim::Duration{};
    if (link != nullptr) {
        const bool has_value = errand.order.access == Access::read && !reply.is_refused;
        const sim::Bytes size = has_value ? config_.value_size : sim::Bytes{};
        delay = send_over(*link, link->back, size, context_.simulation.now(), rng_);
    }
    if (delay && !reply.is_refused) *delay += config_.answer_time.sample(answer_rng_);
    if (!delay) {
        delete &errand;
    } else if (*delay == sim::Duration{} && !reply.is_refused) {
        finish(errand);
    } else {
        // Bad news travels as an event of its own: a crash must not resume coordinators in its
        // midst.
        context_.simulation.schedule_in(errand, *delay);
    }
}

void QuorumGroup::finish(Errand& errand) {
    const QuorumMember& coordinator = *members_[errand.coordinator];
    if (coordinator.is_up() && waits_for(coordinator, errand)) return;
    if (errand.reply.is_refused && errand.may_be_redirected && coordinator.is_up()) {
        errand.may_be_redirected = errand.is_on_way_back = false;
        errand.replica = stand_in_of(errand.replica);
        forward(errand);
        return;
    }
    const Polls::Ticket ticket = errand.ticket;
    const std::size_t replica = errand.order.owner;
    const ReplicaReply reply = errand.reply;
    const bool is_told = !reply.is_refused || errand.tells_refusal;
    delete &errand;
    if (is_told) polls_.tell(ticket, replica, reply);
}

Version QuorumGroup::take(const Request& request, const QuorumMember& coordinator) {
    HistoryRecorder& history = context_.history;
    const Version version = request.version != 0 ? request.version : history.next_version();
    if (!order_.stamp(version, coordinator.clock(), coordinator.number())) return version;
    if (!history.is_on(context_.number)) return version;
    VersionRecord record;
    record.version = version;
    record.key = request.key;
    record.parent = members_[coordinator.home()]->holds(request.key);
    record.position = order_.place(version);
    record.created = context_.simulation.now();
    record.origin = static_cast<std::uint16_t>(coordinator.number());
    history.created(record);
    return version;
}

void QuorumGroup::held(std::uint64_t key, Version version, std::size_t replica) {
    const auto [place, is_new] = newest_.try_emplace(key);
    if (is_new) keys_.push_back(key);
    if (order_.is_newer(version, place->second.held)) place->second.held = version;
    if (!context_.history.is_on(context_.number)) return;
    Application application;
    application.key = key;
    application.version = version;
    application.at = context_.simulation.now();
    application.replica = static_cast<std::uint16_t>(replica);
    application.replicas = static_cast<std::uint16_t>(replicas());
    context_.history.applied(application);
}

void QuorumGroup::stands_in(std::uint64_t key, Version version) {
    stand_in_writes_.add();
    const auto [place, is_new] = newest_.try_emplace(key);
    if (is_new) keys_.push_back(key);
    if (order_.is_newer(version, place->second.held)) place->second.held = version;
}

void QuorumGroup::send_row(std::size_t from, std::size_t to, std::uint64_t key) {
    ReplicaOrder row;
    row.key = key;
    row.version = members_[from]->holds(key);
    row.size = config_.value_size;
    row.access = Access::write;
    repaired_rows_.add();
    send(from, to, row, Polls::Ticket{});
}

void QuorumGroup::even_out(std::size_t a, std::size_t b) {
    comparisons_.add();
    const AntiEntropyConfig& config = *config_.anti_entropy;
    HashTreeDifference difference{static_cast<std::size_t>(config.leaves)};
    for (const std::uint64_t key : keys_) {
        if (members_[a]->holds(key) != members_[b]->holds(key)) difference.add(key);
    }
    std::int64_t bytes = static_cast<std::int64_t>(difference.hashes()) * config.hash_size.count();
    for (const std::uint64_t key : keys_) {
        if (!difference.holds(key)) continue;
        const Version of_a = members_[a]->holds(key);
        const Version of_b = members_[b]->holds(key);
        const int rows = (of_a != initial_version ? 1 : 0) + (of_b != initial_version ? 1 : 0);
        bytes += rows * config_.value_size.count();
        if (order_.is_newer(of_a, of_b)) send_row(a, b, key);
        if (order_.is_newer(of_b, of_a)) send_row(b, a, key);
    }
    compared_bytes_.add(static_cast<std::uint64_t>(bytes));
}

void QuorumGroup::committed(std::uint64_t key, Version version) {
    Newest& newest = newest_.find(key)->second;
    if (!order_.is_newer(version, newest.committed)) return;
    newest.committed = version;
    context_.freshness.committed(context_.number, key, version, context_.simulation.now());
}

bool QuorumGroup::report_settled(HistoryRecorder& history) const {
    for (const QuorumMember* const member : members_) {
        if (!member->is_idle()) return false;
    }
    if (errands_ != nullptr) return false;
    for (const std::uint64_t key : keys_) history.settled(key, newest_.find(key)->second.held);
    return true;
}

}  // namespace archsim::models

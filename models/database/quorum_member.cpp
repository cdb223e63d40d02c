// Coordinating reads and writes, and serving a replica's part of them.
#include "models/database/quorum_member.hpp"

#include <utility>

namespace archsim::models {

QuorumMember::QuorumMember(QuorumGroup& group, Component& owner, std::string name,
                           std::uint32_t region)
    : Node{owner, std::move(name)},
      group_{group},
      rng_{sim::Rng::named(group.context().seed, this->name(), "service")} {
    set_region(region);
    number_ = home_ = group.add(*this);
    const QuorumConfig& config = group.config();
    if (number_ < group.holders()) {
        probe_.emplace(group.stations());
        const sim::Station::Options options{.servers = static_cast<std::uint32_t>(config.servers),
                                            .queue = config.queue.places,
                                            .discipline = sim::Discipline::fifo,
                                            .tag = group.context().number};
        station_.emplace(group.context().simulation, options, &*probe_);
        group.stations().add(this->name(), *station_, *probe_);
    } else {
        home_ = group.nearest_replica(region);
    }
}

void QuorumMember::set_speed(double factor) {
    if (station_) station_->set_speed(factor);
}

double QuorumMember::load() const {
    return station_ ? static_cast<double>(station_->present()) / station_->servers() : 0.0;
}

void QuorumMember::check() {
    if (station_) station_->check_little(name());
}

sim::Instant QuorumMember::clock() const {
    return group_.context().simulation.now() + clock_offset_;
}

Version QuorumMember::holds(std::uint64_t key) const {
    const auto found = data_.find(key);
    return found == data_.end() ? initial_version : found->second;
}

sim::Task<Response> QuorumMember::serve(Request request) {
    const Presence presence{*this};
    group_.requests.add();
    Response response;
    if (request.access == Access::write) {
        response = co_await write(request);
    } else {
        response = co_await read(request);
    }
    response.store = group_.context().number;
    co_return response;
}

sim::Task<Response> QuorumMember::write(Request request) {
    ReplicaOrder order;
    order.key = request.key;
    order.version = group_.take(request, *this);
    order.size = request.size;
    order.access = Access::write;
    order.priority = request.priority;
    const auto needed = static_cast<std::size_t>(group_.config().write_quorum);
    Poll poll{group_.polls(), group_.replicas(), Poll::Goal::write, needed};
    group_.send_all(number_, order, poll.ticket());
    co_await wait_for(poll, order);
    if (!poll.is_won()) {
        group_.no_quorum.add();
        co_return Response::only(poll.is_void() ? Outcome::rejected : Outcome::timed_out);
    }
    group_.committed(order.key, order.version);
    if (group_.config().hints) processes().start(leave_hints(std::move(poll), order));
    Response response;
    response.version = order.version;
    co_return response;
}

sim::Task<Response> QuorumMember::read(Request request) {
    ReplicaOrder order;
    order.key = request.key;
    order.size = request.size;
    order.priority = request.priority;
    const auto needed = static_cast<std::size_t>(group_.config().read_quorum);
    Poll poll{group_.polls(), group_.replicas(), Poll::Goal::read, needed};
    group_.send_all(number_, order, poll.ticket());
    co_await wait_for(poll, order);
    if (!poll.is_won()) {
        group_.no_quorum.add();
        co_return Response::only(poll.is_hopeless() ? Outcome::rejected : Outcome::timed_out);
    }
    Response response;
    response.version = poll.chosen();
    response.size = group_.config().value_size;
    order.access = Access::write;
    order.version = response.version;
    order.size = group_.config().value_size;
    if (group_.config().write_back) {
        const bool is_done = co_await write_back(poll, order);
        if (!is_done) {
            group_.no_quorum.add();
            co_return Response::only(Outcome::timed_out);
        }
    }
    if (group_.config().read_repair == ReadRepair::async) {
        processes().start(repair(std::move(poll), order));
    }
    co_return response;
}

sim::Task<bool> QuorumMember::write_back(Poll& poll, ReplicaOrder order) {
    if (order.version == initial_version) co_return true;
    std::size_t holders = 0;
    for (std::size_t i = 0; i < group_.replicas(); ++i) {
        if (poll.has_answered(i) && poll.answer(i) == order.version) ++holders;
    }
    const std::size_t wanted = group_.config().write_back_quorum();
    if (holders >= wanted) co_return true;
    group_.write_backs.add();
    Poll second{group_.polls(), group_.replicas() - holders, Poll::Goal::write, wanted - holders};
    for (std::size_t i = 0; i < group_.replicas(); ++i) {
        if (poll.has_answered(i) && poll.answer(i) == order.version) continue;
        group_.send(number_, i, order, second.ticket());
    }
    co_await second.over();
    co_return second.is_won();
}

sim::Task<> QuorumMember::repair(Poll poll, ReplicaOrder order) {
    const Presence presence{*this};
    poll.aim(Poll::Goal::everyone, group_.replicas());
    co_await poll.over();
    order.version = poll.newest();
    for (std::size_t i = 0; i < group_.replicas(); ++i) {
        if (!poll.has_answered(i) || poll.answer(i) == order.version) continue;
        group_.read_repairs.add();
        group_.send(number_, i, order, Polls::Ticket{});
    }
}

sim::Task<> QuorumMember::leave_hints(Poll poll, ReplicaOrder order) {
    const Presence presence{*this};
    poll.aim(Poll::Goal::everyone, group_.replicas());
    co_await poll.over();
    for (std::size_t i = 0; i < group_.replicas(); ++i) {
        if (!poll.has_answered(i)) processes().start(hand_off(i, order));
    }
}

sim::Task<> QuorumMember::hand_off(std::size_t replica, ReplicaOrder order) {
    const Presence presence{*this};
    sim::Simulation& simulation = group_.context().simulation;
    const HintConfig& hints = *group_.config().hints;
    const sim::Instant end = simulation.now() + hints.window;
    while (simulation.now() + hints.interval <= end) {
        co_await simulation.delay(hints.interval);
        Poll poll{group_.polls(), 1, Poll::Goal::write, 1};
        group_.send(number_, replica, order, poll.ticket());
        co_await poll.over();
        if (!poll.is_won()) continue;
        group_.hints.add();
        co_return;
    }
}

sim::Task<ReplicaReply> QuorumMember::perform(ReplicaOrder order) {
    const Presence presence{*this};
    const bool writes = order.access == Access::write;
    ReplicaReply reply;
    if (order.is_comparison) co_return reply;
    const QuorumConfig& config = group_.config();
    const sim::Distribution& law = writes ? config.write_time : config.read_time;
    const sim::Duration amount = law.sample(rng_);
    const bool is_done = co_await station_->work(amount, order.priority);
    reply.is_refused = !is_done;
    if (!is_done) co_return reply;
    if (is_stand_in()) {
        reply.version = stand_in(order);
        co_return reply;
    }
    Version& held = data_.try_emplace(order.key, initial_version).first->second;
    if (writes && group_.order().is_newer(order.version, held)) {
        held = order.version;
        group_.held(order.key, held, number_);
    }
    reply.version = held;
    co_return reply;
}

}  // namespace archsim::models

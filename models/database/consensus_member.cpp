// Serving clients, passing on to the leader, and what faults do to a member.
#include "models/database/consensus_member.hpp"

#include <utility>

namespace archsim::models {

/// Where other members hand in what they pass on: as up, as cut off and as paused as the member
/// behind it, and never passing on again.
class ConsensusMember::Door final : public Node {
public:
    explicit Door(ConsensusMember& member) : Node{member.owner(), member.name()}, member_{member} {
        set_region(member.region());
    }
    sim::Task<Response> serve(Request request) override { return member_.lead(request); }

private:
    ConsensusMember& member_;
};

class ConsensusMember::Writing {
public:
    explicit Writing(ConsensusMember& member) : member_{member} { ++member_.writing_; }
    Writing(const Writing&) = delete;
    Writing& operator=(const Writing&) = delete;
    ~Writing() { --member_.writing_; }

private:
    ConsensusMember& member_;
};

ConsensusMember::ConsensusMember(ConsensusGroup& group, Component& owner, std::string name,
                                 std::uint32_t region)
    : Correspondent<ConsensusLetter>{owner, std::move(name)},
      group_{group},
      number_{group.members().size()},
      probe_{group.stations()},
      station_{group.simulation(),
               {.servers = static_cast<std::uint32_t>(group.config().servers),
                .queue = group.config().queue.places,
                .tag = group.context().number},
               &probe_},
      disk_{group.simulation(), *this, group.context().number},
      vote_{0},
      written_vote_{0},
      commits_{group.simulation()},
      rounds_{group.simulation()},
      timer_{*this, [](sim::Event& event) { static_cast<Timer&>(event).member.timed_out(); },
             group.context().number},
      heartbeat_{*this, [](sim::Event& event) { static_cast<Timer&>(event).member.beat(); },
                 group.context().number},
      read_rng_{sim::Rng::named(group.context().seed, this->name(), "reads")},
      write_rng_{sim::Rng::named(group.context().seed, this->name(), "writes")},
      disk_rng_{sim::Rng::named(group.context().seed, this->name(), "disk")},
      election_rng_{sim::Rng::named(group.context().seed, this->name(), "elections")} {
    set_region(region);
    door_ = std::make_unique<Door>(*this);
    group_.stations().add(this->name(), station_, probe_);
    group_.add(*this);
}

void ConsensusMember::connect() {
    if (group_.config().redirects()) return;
    const BuildContext& context = group_.context();
    for (ConsensusMember* const other : group_.members()) {
        Link& link = context.network.connect(*this, *other->door_, group_.forward_edge());
        leaders_.push_back({other->door_.get(), &link, &group_.forwarding()});
    }
    Router& router = *this;
    forward_.emplace(context.simulation, group_.forward_edge(), router,
                     sim::Rng::named(context.seed, name(), "passing on"));
    context.edges.add(*forward_);
}

void ConsensusMember::start() {
    heard_ = clock();
    leader_ = 0;
    if (number_ == 0) {
        become_leader();
    } else {
        restart_timer();
    }
}

void ConsensusMember::set_speed(double factor) {
    station_.set_speed(factor);
    disk_.set_speed(factor > 0.0 ? disk_speed_ : 0.0);
    const bool is_paused = paused_until() > group_.now();
    if (is_paused) {
        door_->pause(paused_until());
    } else {
        door_->resume();
        revive();
    }
}

void ConsensusMember::set_disk_speed(double factor) {
    disk_speed_ = factor;
    if (paused_until() <= group_.now()) disk_.set_speed(factor);
    write_out();
}

double ConsensusMember::load() const {
    return static_cast<double>(station_.present()) / station_.servers();
}

LogPosition ConsensusMember::kept() const { return std::min(written_, committed_); }

Destination* ConsensusMember::pick(const Request&) { return &leaders_[*leader_]; }

Response ConsensusMember::blank() const {
    Response response;
    response.store = group_.context().number;
    return response;
}

Outcome ConsensusMember::refuse() {
    group_.refused.add();
    return Outcome::rejected;
}

sim::Task<Response> ConsensusMember::serve(Request request) {
    group_.requests.add();
    Response response = blank();
    if (request.access == Access::read && group_.config().reads_stale()) {
        response = co_await answer_from_here(request);
        co_return response;
    }
    if (is_leader()) {
        response = co_await lead(request);
        co_return response;
    }
    if (!forward_ || !leader_) {
        response.outcome = refuse();
        co_return response;
    }
    group_.forwarded.add();
    response = co_await forward_->call(request);
    co_return response;
}

sim::Task<Response> ConsensusMember::answer_from_here(Request request) {
    Response response = blank();
    const sim::Duration amount = group_.config().read_time.sample(read_rng_);
    const bool is_done = co_await station_.work(amount, request.priority);
    if (!is_done) {
        response.outcome = Outcome::rejected;
        co_return response;
    }
    response.size = group_.config().value_size;
    response.version = data_.at(request.key).version;
    co_return response;
}

sim::Task<Response> ConsensusMember::lead(Request request) {
    Response response = blank();
    if (request.access == Access::write) {
        response.outcome = co_await write(request, response);
    } else {
        response.outcome = co_await read(request, response);
    }
    co_return response;
}

sim::Task<Outcome> ConsensusMember::write(Request request, Response& response) {
    const Writing counted{*this};
    if (!is_leader()) co_return refuse();
    const sim::Duration amount = group_.config().write_time.sample(write_rng_);
    const bool is_done = co_await station_.work(amount, request.priority);
    if (!is_done) co_return Outcome::rejected;
    if (!is_leader()) co_return refuse();
    const std::uint64_t term = term_;
    const Version version = request.version != initial_version
                                ? request.version
                                : group_.context().history.next_version();
    response.version = version;
    const std::optional<LogPosition> known = group_.find(log_, version);
    const LogPosition position = known ? *known : append(&request, version);
    const bool is_safe = co_await commits_.reach(position);
    if (!is_safe) co_return Outcome::timed_out;
    group_.acknowledged(log_, position, version, term);
    co_return Outcome::ok;
}

sim::Task<Outcome> ConsensusMember::read(Request request, Response& response) {
    if (!is_leader()) co_return refuse();
    const sim::Duration amount = group_.config().read_time.sample(read_rng_);
    const bool is_done = co_await station_.work(amount, request.priority);
    if (!is_done) co_return Outcome::rejected;
    if (!is_leader()) co_return refuse();
    // It knows what earlier leaders have committed once it has committed something itself.
    const bool knows_all = co_await commits_.reach(term_start_);
    if (!knows_all || !is_leader()) co_return refuse();
    if (!has_lease()) {
        const std::uint64_t goal = next_round();
        const bool is_confirmed = co_await rounds_.reach(goal);
        if (!is_confirmed) co_return refuse();
    }
    response.size = group_.config().value_size;
    response.version = data_.at(request.key).version;
    co_return Outcome::ok;
}

std::uint64_t ConsensusMember::next_round() {
    if (confirmed_round_ < round_) {
        wanted_round_ = round_ + 1;  // that under way began before the read
        return wanted_round_;
    }
    ++round_;
    send_to_all();
    return round_;
}

void ConsensusMember::on_crash() {
    end_life();
    if (is_leader()) group_.outage(term_, group_.now());
    timer_.cancel();
    heartbeat_.cancel();
    disk_.stop();
    deferred_.clear();
    door_->crash();
    role_ = Role::follower;
    leader_.reset();
    is_overdue_ = false;
}

void ConsensusMember::on_restart() {
    undo_unwritten();
    uncommitted_.clear();
    // It may have promised a leader not to vote, and does not remember.
    heard_ = clock();
    door_->restart();
    restart_timer();
}

}  // namespace archsim::models

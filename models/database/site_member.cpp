// Serving clients, telling the other sites, and applying what they tell.
#include "models/database/site_member.hpp"

#include "sim/check.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

namespace archsim::models {

namespace {
constexpr sim::Duration pause_when_full = sim::Duration::milliseconds(1);
}  // namespace

SiteMember::SiteMember(PrimarySites& group, Component& owner, std::string name,
                       std::uint32_t region)
    : Correspondent<Letter>{owner, std::move(name)},
      group_{group},
      number_{group.add(*this)},
      probe_{group.stations()},
      station_{group.simulation(),
               sim::Station::Options{.servers = static_cast<std::uint32_t>(group.config().servers),
                                     .queue = group.config().queue.places,
                                     .tag = group.context().number},
               &probe_},
      outbox_{group, log_, number_},
      votes_{group.sites(), number_},
      waits_{group.simulation()},
      read_rng_{sim::Rng::named(group.context().seed, this->name(), "reads")},
      write_rng_{sim::Rng::named(group.context().seed, this->name(), "writes")},
      apply_rng_{sim::Rng::named(group.context().seed, this->name(), "applying")} {
    set_region(region);
    group.post().add(*this);
    for (std::size_t i = 0; i < group.sites(); ++i) incoming_.emplace_back(group.simulation());
    group.stations().add(this->name(), station_, probe_);
}

double SiteMember::load() const {
    return static_cast<double>(station_.present()) / station_.servers();
}

void SiteMember::start() {
    for (std::size_t i = 0; i < group_.sites(); ++i) {
        if (i != number_) processes().start(apply_from(i));
    }
}

const SiteValue& SiteMember::value(std::uint64_t key) const {
    static const SiteValue nothing;
    const auto found = values_.find(key);
    return found == values_.end() ? nothing : found->second;
}

bool SiteMember::is_at_rest() const {
    for (std::size_t i = 0; i < incoming_.size(); ++i) {
        if (i != number_ && incoming_[i].done != group_.site(i).log_.end()) return false;
    }
    return votes_.is_at_rest();
}

sim::Task<Response> SiteMember::serve(Request request) {
    Response response;
    if (request.access == Access::write) {
        response.outcome = co_await write(request, response);
    } else {
        response.outcome = co_await read(request, response);
    }
    if (response.outcome == Outcome::ok) response.store = group_.context().number;
    co_return response;
}

sim::Task<Outcome> SiteMember::write(Request request, Response& response) {
    const sim::Duration amount = group_.config().write_time.sample(write_rng_);
    const bool is_done = co_await station_.work(amount, request.priority);
    if (!is_done) co_return Outcome::rejected;
    Outcome outcome = Outcome::ok;
    if (group_.config().sync() != nullptr) {
        outcome = co_await write_in_agreement(request, response);
    } else {
        response.version = write_now(request);
    }
    if (outcome == Outcome::ok) group_.acknowledged(request.key, response.version);
    co_return outcome;
}

Version SiteMember::write_now(const Request& request) {
    const Version tried = request.version;
    if (tried != initial_version && !group_.lineage().take(tried, number_)) return tried;
    const Version version = group_.take(request, *this, value(request.key).shown(group_.order()));
    SiteEntry entry;
    entry.write = compose(request.key, version, version);
    entry.created = group_.now();
    create(entry.write);
    store(entry.write, entry.created);
    append(entry);
    return version;
}

sim::Task<Outcome> SiteMember::write_in_agreement(Request request, Response& response) {
    const sim::Instant end = group_.now() + group_.config().sync()->timeout;
    // An earlier try, perhaps at another site, may still be done: then nobody can say it is not.
    const Outcome refused = request.attempt > 1 ? Outcome::timed_out : Outcome::rejected;
    const bool may_begin = co_await is_free(request.key, end);
    if (!may_begin) co_return refused;
    if (group_.lineage().knows(request.version)) {
        // Done by an earlier try, here or elsewhere: no write to the key is open, so that this site
        // has heard of it.
        response.version = request.version;
        co_return Outcome::ok;
    }
    const SiteValue& held = values_[request.key];
    const Version version = group_.take(request, *this, held.shown(group_.order()));
    SiteEntry entry;
    entry.kind = SiteEntry::Kind::proposal;
    entry.write = compose(request.key, version, version);
    entry.created = group_.now();
    votes_.propose(entry.write, entry.created, held.seen());
    append(entry);
    const SiteVotes::Watch watch{votes_, entry.write.dot};
    bool is_told = true;
    while (is_told && !watch.is_decided()) {
        is_told = co_await waits_.change_of(request.key, end);
    }
    if (!watch.is_decided()) co_return Outcome::timed_out;
    if (!watch.is_done()) co_return refused;
    response.version = version;
    co_return Outcome::ok;
}

sim::Task<bool> SiteMember::is_free(std::uint64_t key, sim::Instant end) {
    while (votes_.is_open(key)) {
        const bool is_told = co_await waits_.change_of(key, end);
        if (!is_told) co_return false;
    }
    co_return true;
}

sim::Task<Outcome> SiteMember::read(Request request, Response& response) {
    const sim::Duration amount = group_.config().read_time.sample(read_rng_);
    const bool is_done = co_await station_.work(amount, request.priority);
    if (!is_done) co_return Outcome::rejected;
    if (const SyncSites* const sync = group_.config().sync(); sync != nullptr) {
        const sim::Instant end = group_.now() + sync->timeout;
        const bool may_begin = co_await is_free(request.key, end);
        if (!may_begin) co_return Outcome::rejected;
    }
    const SiteValue& held = value(request.key);
    response.version = held.shown(group_.order());
    response.size = group_.config().answer_size(held.siblings().size());
    group_.reads.add();
    if (group_.config().resolution() == Resolution::siblings && held.siblings().size() > 1) {
        group_.sibling_reads.add();
        if (group_.config().merges_at_read()) merge(request.key);
    }
    co_return Outcome::ok;
}

void SiteMember::merge(std::uint64_t key) {
    const Version shown = value(key).shown(group_.order());
    SiteEntry entry;
    entry.write = compose(key, group_.merge(*this, shown), shown);
    entry.created = group_.now();
    create(entry.write);
    store(entry.write, entry.created);
    append(entry);
}

SiteWrite SiteMember::compose(std::uint64_t key, Version version, Version shown) {
    const SiteValue& held = value(key);
    SiteWrite write;
    write.key = key;
    write.version = version;
    write.shown = shown;
    write.dot = {number_, log_.end() + 1};
    write.before = held.seen();
    write.place = group_.order().place(version);
    write.count = held.count(number_) + 1;
    return write;
}

void SiteMember::append(const SiteEntry& entry) {
    log_.append(entry);
    outbox_.appended();
}

void SiteMember::create(const SiteWrite& write) {
    std::span<const Sibling> parents{value(write.key).siblings()};
    if (group_.config().resolution() == Resolution::grow_only_set && !parents.empty()) {
        // An element replaces none; it comes after the one that readers saw last.
        const Version last = value(write.key).shown(group_.order());
        parents = {std::ranges::lower_bound(parents, last, {}, &Sibling::version), 1};
    }
    group_.created(write, parents);
}

void SiteMember::store(const SiteWrite& write, sim::Instant created) {
    SiteValue& held = values_[write.key];
    const Version before = held.shown(group_.order());
    const SiteValue::Taken taken = held.take(write, group_.config().resolution(), group_.order());
    ARCHSIM_CHECK_AT(name(), !taken.is_concurrent || group_.config().sync() == nullptr,
                     "all sites have agreed to version {}, which is concurrent with another",
                     write.version);
    if (taken.is_concurrent) group_.met(write.version);
    if (write.dot.site != number_) group_.lag.record(group_.now() - created);
    group_.changed(write.key, *this, before);
}

void SiteMember::receive(const Letter& letter, std::size_t from) {
    if (letter.kind == Letter::Kind::acknowledged) {
        outbox_.acknowledged(letter, from);
        log_.trim(outbox_.done_by_all());
        return;
    }
    Incoming& in = incoming_[from];
    in.sent = letter.sent;
    const bool gap = letter.first > in.received + 1;
    if (!gap && letter.last > in.received) {
        in.received = letter.last;
        in.news.notify_all();
    } else if (gap || in.done == in.received) {
        acknowledge(from, gap);
    }
}

void SiteMember::acknowledge(std::size_t origin, bool gap) {
    Letter letter;
    letter.kind = Letter::Kind::acknowledged;
    letter.gap = gap;
    letter.last = incoming_[origin].done;
    letter.sent = incoming_[origin].sent;
    group_.post().send(number_, origin, letter);
}

sim::Task<> SiteMember::apply_from(std::size_t origin) {
    Incoming& in = incoming_[origin];
    while (true) {
        while (in.done == in.received) co_await in.news.wait();
        const SiteEntry entry = group_.site(origin).log_.at(in.done + 1);
        if (entry.kind != SiteEntry::Kind::vote) {
            const sim::Duration amount = group_.config().apply_time.sample(apply_rng_);
            co_await apply_work(amount);
        }
        ++in.done;
        integrate(entry);
        acknowledge(origin, false);
    }
}

sim::Task<> SiteMember::apply_work(sim::Duration amount) {
    if (amount == sim::Duration{}) co_return;
    bool is_done = co_await station_.work(amount);
    while (!is_done) {
        co_await group_.simulation().delay(pause_when_full);
        is_done = co_await station_.work(amount);
    }
}

void SiteMember::integrate(const SiteEntry& entry) {
    switch (entry.kind) {
        case SiteEntry::Kind::write:
            store(entry.write, entry.created);
            return;
        case SiteEntry::Kind::proposal: {
            SiteEntry vote;
            vote.kind = SiteEntry::Kind::vote;
            vote.about = entry.write.dot;
            vote.is_yes = votes_.propose(entry.write, entry.created, value(entry.write.key).seen());
            append(vote);
            settle(entry.write.dot);
            return;
        }
        case SiteEntry::Kind::vote:
            votes_.vote(entry.about, entry.is_yes);
            settle(entry.about);
            return;
    }
}

void SiteMember::settle(const Dot& proposal) {
    const std::optional<SiteVotes::Decision> decision = votes_.decide(proposal);
    if (!decision) return;
    const SiteWrite& write = decision->write;
    if (decision->is_done) {
        create(write);
        store(write, decision->created);
    } else if (write.dot.site == number_) {
        group_.conflicts.add();
    }
    waits_.tell(write.key);
}

void SiteMember::on_crash() {
    end_life();
    outbox_.stop();
    for (Incoming& in : incoming_) in.received = in.done;
}

void SiteMember::on_restart() {
    outbox_.resume();
    start();
}

}  // namespace archsim::models

// Sessions in memory or in a store.
#include "models/service/sessions.hpp"

#include "models/station_metrics.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace archsim::models {

namespace {

/// One number for the user of a request: load sources count their users from 0, each for itself.
std::uint64_t session_of(const Request& request) {
    return (static_cast<std::uint64_t>(request.source) << 48) ^ request.session;
}

}  // namespace

Sessions::Sessions(const SessionChoice& choice, const BuildContext& context)
    : context_{context},
      login_{*login_of(choice)},
      store_{session_store_of(choice)},
      operation_{context_.operations.number("session")},
      logins_{context_.metrics.counter()},
      repeated_{context_.metrics.counter()},
      moved_{context_.metrics.counter()},
      lost_{context_.metrics.counter()} {
    if (const auto* const shared = std::get_if<SharedSessions>(&choice)) size_ = shared->size;
    publish();
}

void Sessions::publish() {
    sim::Metrics& metrics = context_.metrics;
    metrics.publish_count(context_.path("sessions/logins"), logins_);
    metrics.publish_count(context_.path("sessions/repeated_logins"), repeated_);
    metrics.publish_count(context_.path("sessions/lost"), lost_);
    metrics.publish_level(context_.path("sessions/live"), metrics.watch(live_));
    if (!are_local()) return;
    metrics.publish_count(context_.path("sessions/moved"), moved_);
    metrics.derive(context_.path("sessions/imbalance"), "",
                   [this](const sim::Stretch& s) -> std::optional<double> {
                       double sum = 0.0;
                       double most = 0.0;
                       double count = 0.0;
                       for (const InMemory& place : places_) {
                           if (place.is_out) continue;
                           const auto mean = place.probe->mean(s.span, s.now);
                           if (!mean) continue;
                           sum += *mean;
                           most = std::max(most, *mean);
                           count += 1.0;
                       }
                       if (sum <= 0.0) return std::nullopt;
                       return most * count / sum;
                   });
}

std::size_t Sessions::add_instance(const std::string& address) {
    InMemory& place = places_.emplace_back();
    place.probe = &context_.metrics.watch(place.held);
    if (are_local() && places_.size() <= instances_with_metrics) {
        context_.metrics.publish_level(address + "/sessions", *place.probe);
    }
    return places_.size() - 1;
}

bool Sessions::is_alive(const Home& home) const { return home.life == places_[home.instance].life; }

bool Sessions::knows(std::uint64_t session, std::size_t instance) {
    const auto found = homes_.find(session);
    if (found == homes_.end() || !is_alive(found->second)) return false;
    if (found->second.instance == instance) return true;
    moved_.add();
    return false;
}

void Sessions::found_in_store(std::uint64_t session, bool is_there) {
    const auto found = homes_.find(session);
    if (is_there || found == homes_.end() || !is_alive(found->second)) return;
    found->second.life = 0;  // no instance's
    live_.change(context_.simulation.now(), -1);
    lost_.add();
}

void Sessions::logged_in(std::uint64_t session, std::size_t instance) {
    const sim::Instant now = context_.simulation.now();
    logins_.add();
    const auto [found, is_first] = homes_.try_emplace(session);
    Home& home = found->second;
    if (!is_first) {
        repeated_.add();
        if (is_alive(home)) {
            places_[home.instance].held.change(now, -1);
            live_.change(now, -1);
        }
    }
    home = Home{};
    // Its memory is gone as soon as the answer is given.
    if (are_local() && places_[instance].is_out) return;
    home = Home{instance, places_[instance].life};
    places_[instance].held.change(now, 1);
    live_.change(now, 1);
}

void Sessions::lose(std::size_t instance) {
    if (!are_local()) return;
    InMemory& place = places_[instance];
    const std::int64_t held = place.held.value();
    const sim::Instant now = context_.simulation.now();
    ++place.life;
    place.held.set(now, 0);
    live_.change(now, -held);
    lost_.add(static_cast<std::uint64_t>(held));
}

void Sessions::close(std::size_t instance) {
    lose(instance);
    places_[instance].is_out = true;
}

SessionDesk::SessionDesk(Sessions& sessions, const Node& node, sim::Station& station, sim::Rng& rng)
    : sessions_{sessions},
      node_{node},
      station_{station},
      rng_{rng},
      number_{sessions.add_instance(node.name())} {}

void SessionDesk::connect() {
    if (sessions_.are_local()) return;
    store_ = std::make_unique<Connection>(sessions_.context(), node_, *sessions_.store());
}

sim::Task<Outcome> SessionDesk::admit(Request request, sim::Instant latest) {
    return sessions_.are_local() ? admit_by_memory(request, latest)
                                 : admit_by_store(request, latest);
}

sim::Task<Outcome> SessionDesk::admit_by_memory(Request request, sim::Instant latest) {
    if (sessions_.knows(session_of(request), number_)) co_return Outcome::ok;
    sim::Task<Outcome> login = log_in(request, latest);
    const Outcome outcome = co_await login;
    if (outcome == Outcome::ok) sessions_.logged_in(session_of(request), number_);
    co_return outcome;
}

sim::Task<Outcome> SessionDesk::admit_by_store(Request request, sim::Instant latest) {
    Request asked = request;
    asked.operation = sessions_.operation();
    asked.access = Access::read;
    asked.key = session_of(request);
    asked.size = sim::Bytes{};
    asked.version = 0;
    const Response found = co_await store_->port().call(asked);
    if (found.outcome != Outcome::ok) co_return found.outcome;
    const bool is_there = found.version != initial_version;
    sessions_.found_in_store(asked.key, is_there);
    if (is_there) co_return Outcome::ok;
    sim::Task<Outcome> login = log_in(request, latest);
    const Outcome outcome = co_await login;
    if (outcome != Outcome::ok) co_return outcome;
    asked.access = Access::write;
    asked.size = sessions_.size();
    const Response kept = co_await store_->port().call(asked);
    if (kept.outcome == Outcome::ok) sessions_.logged_in(asked.key, number_);
    co_return kept.outcome;
}

sim::Task<Outcome> SessionDesk::log_in(Request request, sim::Instant latest) {
    const sim::Duration amount = sessions_.login().sample(rng_);
    const bool done = co_await station_.work(amount, request.priority, latest);
    if (done) co_return Outcome::ok;
    const bool is_late = latest <= sessions_.context().simulation.now();
    co_return is_late ? Outcome::timed_out : Outcome::rejected;
}

Profile with_sessions(Profile profile, const Sessions* sessions, std::size_t edge) {
    if (sessions == nullptr) return profile;
    // Who has to log in depends on the run: the work that is known is the least there is.
    profile.is_timed = profile.is_all_work = false;
    profile.station->work.reset();
    if (sessions->store() == nullptr) return profile;
    Profile whole = profile;
    whole.calls.clear();
    add_calls(whole, *sessions->store(), sessions->operation(), edge);
    const std::size_t first_of_login = whole.calls.size();
    for (CallProfile& call : whole.calls) call.access = Access::read;
    add_calls(whole, *sessions->store(), sessions->operation(), edge);
    const std::size_t added = whole.calls.size();
    for (std::size_t c = first_of_login; c < added; ++c) {
        whole.calls[c].access = Access::write;
        whole.calls[c].at_most = true;
    }
    whole.station->after += added;
    for (CallProfile& call : profile.calls) {
        call.after += added;
        whole.calls.push_back(std::move(call));
    }
    return whole;
}

}  // namespace archsim::models

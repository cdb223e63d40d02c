// Reads, writes, fetches and news at an edge location.
#include "models/cdn/edge_location.hpp"

#include "sim/check.hpp"

#include <limits>
#include <utility>

namespace archsim::models {

EdgeLocation::Copies EdgeLocation::make_copies(const Cdn& cdn, const std::string& place) {
    constexpr std::uint64_t unlimited = std::numeric_limits<std::uint64_t>::max() / 2;
    cache::Capacity capacity;
    capacity.unit = cache::Capacity::Unit::bytes;
    capacity.amount = cdn.config_.capacity
                          ? static_cast<std::uint64_t>(cdn.config_.capacity->count())
                          : unlimited;
    sim::Rng seed = cdn.context_.rng("eviction at " + place);
    const cache::Setting setting{capacity.amount, seed()};
    return Copies{capacity, cache::Eviction{cdn.config_.eviction, setting}};
}

EdgeLocation::EdgeLocation(Cdn& cdn, const std::string& place, std::uint32_t region, Role role)
    : Node{cdn, cdn.name() + "/" + place},
      cdn_{cdn},
      place_{place},
      role_{role},
      copies_{make_copies(cdn, place)},
      reads_{cdn.context_.metrics.counter()},
      hits_{cdn.context_.metrics.counter()},
      egress_{cdn.context_.metrics.counter()},
      rng_{cdn.context_.rng("times at " + place)} {
    set_region(region);
    sim::Metrics& metrics = cdn.context_.metrics;
    metrics.publish_rate(name() + "/reads", reads_);
    metrics.publish_ratio(name() + "/hit_ratio", hits_, {&reads_});
    metrics.derive(name() + "/egress", "bytes/s",
                   [this](const sim::Stretch& s) -> std::optional<double> {
                       if (s.seconds() <= 0.0) return std::nullopt;
                       return static_cast<double>(egress_.count(s.span)) / s.seconds();
                   });
}

void EdgeLocation::connect(EdgeLocation* shield) {
    origin_ = std::make_unique<Connection>(cdn_.context_, *this, cdn_.config_.calls.front());
    if (shield == nullptr) return;
    shield_router_ = std::make_unique<OneNodeRouter>(cdn_.context_, *this, *shield, shield_edge_);
    shield_port_ = std::make_unique<Port>(cdn_.context_.simulation, shield_edge_, *shield_router_,
                                          cdn_.context_.rng("network to the shield at " + place_));
    cdn_.context_.edges.add(*shield_port_);
}

void EdgeLocation::preload(std::uint64_t key) {
    Copy copy;
    copy.size = cdn_.config_.object_size.of(key, cdn_.context_.seed);
    copy.store = cdn_.originals().number();
    keep(key, copy);
}

void EdgeLocation::check() const {
    ARCHSIM_CHECK_AT(name(), copies_.occupied() <= copies_.capacity().amount,
                     "{} bytes are kept where {} fit", copies_.occupied(),
                     copies_.capacity().amount);
}

void EdgeLocation::on_crash() {
    copies_.for_each([this](std::uint64_t, std::uint64_t, Copy& copy) {
        cdn_.stored_.change(now(), -copy.size.count());
    });
    copies_.clear();
    open_.clear();
    fetches_.clear();
}

sim::Task<Response> EdgeLocation::serve(Request request) {
    const sim::Duration work = cdn_.config_.edge_time.sample(rng_);
    if (work > sim::Duration{}) co_await cdn_.context_.simulation.delay(work);
    Response response;
    if (request.access == Access::read) {
        response = co_await read(request);
    } else {
        response = co_await write(request);
    }
    co_return response;
}

sim::Task<Response> EdgeLocation::read(Request request) {
    if (!is_shield()) {
        reads_.add();
        cdn_.totals_.reads->add();
    }
    if (const Copy* const copy = fresh_copy(request.key); copy != nullptr) {
        Response response;
        response.size = copy->size;
        response.version = copy->version;
        response.store = copy->store;
        if (!is_shield()) {
            hits_.add();
            cdn_.totals_.hits->add();
        }
        deliver(request, response);
        co_return response;
    }
    const Response response = co_await fetch(request);
    deliver(request, response);
    co_return response;
}

const EdgeLocation::Copy* EdgeLocation::fresh_copy(std::uint64_t key) {
    const Copy* const copy = copies_.find(key);
    if (copy == nullptr) return nullptr;
    if (now() < copy->expires) return copy;
    cdn_.totals_.expired->add();
    drop(key, *copy);
    return nullptr;
}

sim::Task<Response> EdgeLocation::fetch(Request request) {
    if (!cdn_.config_.single_flight) {
        const Response response = co_await fetch_alone(request);
        co_return response;
    }
    const auto under_way = open_.find(request.key);
    if (under_way != open_.end()) {
        const auto place = under_way->second;
        ++place->waiting;
        co_await place->done.wait();
        const Response response = place->answer;
        if (--place->waiting == 0) fetches_.erase(place);
        co_return response;
    }
    const auto place = fetches_.emplace(fetches_.end(), cdn_.context_.simulation);
    open_.emplace(request.key, place);
    const Response response = co_await fetch_alone(request);
    open_.erase(request.key);
    place->answer = response;
    place->done.notify_all();
    if (place->waiting == 0) fetches_.erase(place);
    co_return response;
}

sim::Task<Response> EdgeLocation::fetch_alone(Request request) {
    Response response = Response::only(Outcome::unreachable);
    bool from_origin = shield_port_ == nullptr;
    if (!from_origin) {
        response = co_await shield_port_->call(request);
        from_origin = response.outcome == Outcome::unreachable;  // then without the shield
    }
    if (from_origin) {
        cdn_.totals_.origin->add();
        cdn_.totals_.fetches->add();
        response = co_await origin_->port().call(request);
        cdn_.totals_.fetched->add(static_cast<std::uint64_t>(response.size.count()));
    }
    if (response.outcome != Outcome::ok) co_return response;
    Copy copy;
    copy.version = response.version;
    copy.store = response.store;
    copy.size = response.size;
    if (cdn_.config_.ttl) copy.expires = now() + *cdn_.config_.ttl;
    keep(request.key, copy);
    co_return response;
}

sim::Task<Response> EdgeLocation::write(Request request) {
    cdn_.totals_.origin->add();
    const Response response = co_await origin_->port().call(request);
    if (response.outcome != Outcome::ok || !cdn_.spreads_news()) co_return response;
    Copy copy;
    copy.version = response.version;
    copy.store = response.store;
    copy.size = request.size > sim::Bytes{}
                    ? request.size
                    : cdn_.config_.object_size.of(request.key, cdn_.context_.seed);
    for (const auto& location : cdn_.locations_) {
        processes().start(spread(*location, request.key, copy));
    }
    if (cdn_.shield_) processes().start(spread(*cdn_.shield_, request.key, copy));
    co_return response;
}

sim::Task<> EdgeLocation::spread(EdgeLocation& to, std::uint64_t key, Copy copy) {
    const sim::Duration time =
        cdn_.config_.propagation ? cdn_.config_.propagation->sample(rng_) : sim::Duration{};
    co_await cdn_.context_.simulation.delay(time);
    to.learn(key, copy);
}

void EdgeLocation::learn(std::uint64_t key, const Copy& copy) {
    if (!is_up()) return;
    const Copy* const own = copies_.peek(key);
    const bool is_newer =
        own == nullptr || copy.version == initial_version || own->version < copy.version;
    if (cdn_.config_.mode == CdnMode::push && !is_shield()) {
        if (is_newer) keep(key, copy);
    } else if (own != nullptr && is_newer) {
        cdn_.totals_.purged->add();
        drop(key, *own);
    }
}

void EdgeLocation::keep(std::uint64_t key, const Copy& copy) {
    std::int64_t change = copy.size.count();
    if (const Copy* const before = copies_.peek(key); before != nullptr) {
        change -= before->size.count();
    }
    const auto put =
        copies_.put(key, static_cast<std::uint64_t>(copy.size.count()), copy,
                    [this, key, &change](std::uint64_t victim, std::uint64_t, const Copy& gone) {
                        if (victim != key) cdn_.totals_.evictions->add();
                        change -= gone.size.count();
                    });
    if (put == cache::Put::refused) change -= copy.size.count();
    cdn_.stored_.change(now(), change);
}

void EdgeLocation::drop(std::uint64_t key, const Copy& copy) {
    cdn_.stored_.change(now(), -copy.size.count());
    copies_.erase(key);
}

void EdgeLocation::deliver(const Request& request, const Response& response) {
    if (is_shield()) return;
    const Cdn::Totals& totals = cdn_.totals_;
    if (response.outcome != Outcome::ok) return;
    const auto bytes = static_cast<std::uint64_t>(response.size.count());
    egress_.add(bytes);
    totals.egress->add(bytes);
    totals.answers->add();
    if (response.store == 0) return;
    const auto outdated =
        cdn_.context_.freshness.outdated_since(response.store, request.key, response.version);
    if (!outdated) return;
    totals.stale->add();
    totals.staleness->record(now() - *outdated);
}

}  // namespace archsim::models

// Contents of a cache: what is kept, for how long, and what a read gets.
#include "models/cache/cache_node.hpp"

#include <algorithm>
#include <utility>

namespace archsim::models::cache {

CacheNode::CacheNode(Component& owner, std::string name, const CacheConfig& config,
                     const BuildContext& context, const std::vector<std::uint32_t>& invalidating,
                     CacheMetrics& metrics)
    : Node{owner, std::move(name)},
      config_{config},
      context_{context},
      invalidating_{invalidating},
      metrics_{metrics},
      buffers_{config.writes<WriteBehind>()},
      time_rng_{sim::Rng::named(context.seed, this->name(), "hit time")},
      life_rng_{sim::Rng::named(context.seed, this->name(), "time to live")},
      takes_time_{!config.hit_time.is_constant() || config.hit_time.mean_seconds() > 0.0},
      store_{config.capacity,
             Eviction{config.eviction,
                      {config.capacity.amount,
                       sim::Rng::named(context.seed, this->name(), "eviction")()}}},
      under_way_{context.simulation},
      room_{context.simulation},
      moving_{context.simulation} {
    set_region(context.region);
}

void CacheNode::connect() {
    origin_ = std::make_unique<Connection>(context_, *this, config_.calls.front());
}

void CacheNode::start() {
    if (buffers_ != nullptr) processes().start(flush_for_ever());
}

void CacheNode::set_speed(double factor) {
    speed_ = factor;
    if (speed_ > 0.0) moving_.notify_all();
}

void CacheNode::on_crash() {
    const std::size_t lost = buffer_.count();
    metrics_.dirty_lost.add(lost);
    metrics_.dirty.change(now(), -static_cast<std::int64_t>(lost));
    buffer_.clear();
    store_.clear();
}

void CacheNode::on_restart() { start(); }

sim::Task<Response> CacheNode::serve(Request request) {
    if (takes_time_ || speed_ == 0.0) co_await pause();
    const bool is_message = std::find(invalidating_.begin(), invalidating_.end(),
                                      request.operation) != invalidating_.end();
    if (is_message) {
        drop(request.key);
        const Response done;
        co_return done;
    }
    if (request.access == Access::write) {
        const Response answer = co_await write(request);
        co_return answer;
    }
    metrics_.reads.add();
    const std::optional<Response> found = look_up(request);
    if (found) {
        note_age(request.key, *found);
        co_return *found;
    }
    metrics_.misses.add();
    const Response answer = co_await read(request);
    note_age(request.key, answer);
    co_return answer;
}

sim::Task<> CacheNode::pause() {
    while (speed_ == 0.0) co_await moving_.wait();
    const sim::Duration normal = config_.hit_time.sample(time_rng_);
    const sim::Duration time = speed_ == 1.0 ? normal : normal.scaled(1.0 / speed_);
    co_await context_.simulation.delay(time);
}

std::optional<Response> CacheNode::look_up(const Request& request) {
    Copy* const copy = store_.find(request.key);
    if (buffers_ != nullptr) {
        if (const Request* const unsaved = buffer_.find(request.key)) {
            metrics_.hits.add();
            Response answer;
            answer.size = unsaved->size;
            answer.version = unsaved->version;
            answer.store = origin_store_;
            return answer;
        }
    }
    if (copy == nullptr) return std::nullopt;
    if (now() < copy->expires) return answer_with(request, *copy);
    metrics_.expired.add();
    const auto& grace = config_.stale_while_revalidate;
    if (grace && !copy->is_failure && now() < copy->expires + *grace) {
        copy->refresh_from = now();
        return answer_with(request, *copy);
    }
    store_.erase(request.key);
    return std::nullopt;
}

Response CacheNode::answer_with(const Request& request, Copy& copy) {
    metrics_.hits.add();
    Response answer;
    answer.size = copy.size;
    answer.version = copy.version;
    answer.store = copy.store;
    if (copy.is_failure) {
        metrics_.negative_hits.add();
        answer.outcome = Outcome::failed;
    }
    if (copy.refresh_from <= now() && !copy.is_refreshing) {
        copy.is_refreshing = true;
        metrics_.refreshes.add();
        processes().start(refresh(request));  // may replace the copy at once
    }
    return answer;
}

void CacheNode::note_age(std::uint64_t key, const Response& answer) {
    if (answer.outcome != Outcome::ok || answer.store == 0) return;
    const auto since = context_.freshness.outdated_since(answer.store, key, answer.version);
    if (!since) return;
    metrics_.stale.add();
    metrics_.staleness.record(now() - *since);
}

sim::Task<Response> CacheNode::read(Request request) {
    UnderWay::Fetch* const other =
        config_.single_flight ? under_way_.joinable(request.key) : nullptr;
    if (other != nullptr) {
        metrics_.coalesced.add();
        const Response shared = co_await other->join();
        co_return shared;
    }
    const Response answer = co_await fetch(request);
    co_return answer;
}

sim::Task<Response> CacheNode::fetch(Request request) {
    UnderWay::Fetch under_way{under_way_, request.key};
    metrics_.origin_calls.add();
    const Response answer = co_await origin_->port().call(request);
    learn(answer);
    if (!under_way.is_overtaken()) keep(request, answer);
    under_way.finish(answer);
    co_return answer;
}

sim::Task<> CacheNode::refresh(Request request) { co_await fetch(request); }

void CacheNode::keep(const Request& request, const Response& answer) {
    const sim::Bytes weight = answer.size > sim::Bytes{} ? answer.size : request.size;
    if (answer.outcome == Outcome::ok) {
        put(request.key, weight, copy_of(answer.version, answer.store, answer.size));
    } else if (answer.outcome == Outcome::failed && config_.negative_ttl) {
        Copy failure;
        failure.is_failure = true;
        failure.size = answer.size;
        failure.expires = now() + *config_.negative_ttl;
        put(request.key, weight, failure);
    } else if (Copy* const kept = store_.peek(request.key)) {
        kept->is_refreshing = false;
    }
}

CacheNode::Copy CacheNode::copy_of(std::uint64_t version, std::uint32_t store, sim::Bytes size) {
    Copy copy;
    copy.version = version;
    copy.store = store;
    copy.size = size;
    if (!config_.ttl) return copy;
    sim::Duration life = *config_.ttl;
    const double jitter = config_.ttl_jitter.value();
    if (jitter > 0.0) life = life.scaled(1.0 + jitter * (2.0 * life_rng_.uniform() - 1.0));
    copy.expires = now() + life;
    if (const auto* const ahead = config_.writes<RefreshAhead>()) {
        copy.refresh_from = now() + life.scaled(ahead->at.value());
    }
    return copy;
}

void CacheNode::put(std::uint64_t key, sim::Bytes weight, Copy copy) {
    const auto on_victim = [this](std::uint64_t victim, std::uint64_t, Copy&) {
        metrics_.evictions.add();
        if (buffers_ != nullptr && buffer_.contains(victim)) evicted_dirty_.push_back(victim);
    };
    store_.put(key, static_cast<std::uint64_t>(weight.count()), copy, on_victim);
    while (!evicted_dirty_.empty()) {
        const std::uint64_t victim = evicted_dirty_.back();
        evicted_dirty_.pop_back();
        if (const auto unsaved = buffer_.send(victim)) processes().start(save(*unsaved));
    }
}

void CacheNode::drop(std::uint64_t key) {
    if (store_.erase(key)) metrics_.invalidations.add();
}

void CacheNode::learn(const Response& answer) {
    if (answer.store != 0) origin_store_ = answer.store;
}

}  // namespace archsim::models::cache

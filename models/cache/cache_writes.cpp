// What a cache does with writes, one strategy after another.
#include "models/cache/cache_node.hpp"

#include <algorithm>

namespace archsim::models::cache {

sim::Task<Response> CacheNode::write(Request request) {
    if (buffers_ != nullptr) {
        const Response buffered = co_await write_behind(request);
        co_return buffered;
    }
    if (config_.writes<WriteThrough>() != nullptr) {
        const Response through = co_await write_through(request);
        co_return through;
    }
    const Response past = co_await write_past(request);
    co_return past;
}

sim::Task<Response> CacheNode::write_past(Request request) {
    metrics_.origin_calls.add();
    const Response answer = co_await origin_->port().call(request);
    learn(answer);
    if (config_.writes<WriteAround>() != nullptr) co_return answer;
    sim::Duration delay;
    if (const auto* const aside = config_.writes<CacheAside>()) {
        delay = aside->invalidation_delay.sample(time_rng_);
    }
    if (delay > sim::Duration{}) {
        processes().start(drop_later(request.key, delay));
    } else {
        drop(request.key);
    }
    co_return answer;
}

sim::Task<> CacheNode::drop_later(std::uint64_t key, sim::Duration delay) {
    co_await context_.simulation.delay(delay);
    drop(key);
}

sim::Task<Response> CacheNode::write_through(Request request) {
    UnderWay::Writing writing{under_way_, request.key};
    metrics_.origin_calls.add();
    const Response answer = co_await origin_->port().call(request);
    learn(answer);
    const bool is_newest = writing.finish();
    if (is_newest && answer.outcome == Outcome::ok) {
        const std::uint64_t version = answer.store != 0 ? answer.version : request.version;
        put(request.key, request.size, copy_of(version, answer.store, request.size));
    } else {
        drop(request.key);
    }
    co_return answer;
}

sim::Task<Response> CacheNode::write_behind(Request request) {
    if (request.version == 0) request.version = context_.history.next_version();
    const auto limit = static_cast<std::size_t>(buffers_->dirty_limit.value_or(0));
    bool has_waited = false;
    while (limit > 0 && buffer_.count() >= limit && !buffer_.contains(request.key)) {
        if (!has_waited) {
            metrics_.blocked.add();
            flush();
        }
        has_waited = true;
        // A flush that is answered at once has made room already.
        if (buffer_.count() >= limit) co_await room_.wait();
    }
    request.deadline = sim::Instant::never();
    request.attempt = 1;
    metrics_.buffered.add();
    if (buffer_.put(request)) {
        metrics_.dirty.change(now(), 1);
    } else {
        metrics_.replaced.add();
    }
    under_way_.written(request.key);
    put(request.key, request.size, copy_of(request.version, origin_store_, request.size));
    Response answer;
    answer.version = request.version;
    answer.store = origin_store_;
    co_return answer;
}

sim::Task<> CacheNode::flush_for_ever() {
    while (true) {
        co_await context_.simulation.delay(buffers_->flush_interval);
        flush();
    }
}

void CacheNode::flush() {
    std::size_t left = buffer_.waiting();  // one that fails at once waits for the next flush
    if (buffers_->batch) left = std::min(left, static_cast<std::size_t>(*buffers_->batch));
    for (; left > 0; --left) {
        const std::optional<Request> unsaved = buffer_.send_oldest();
        if (!unsaved) return;
        processes().start(save(*unsaved));
    }
}

sim::Task<> CacheNode::save(Request request) {
    metrics_.origin_calls.add();
    const Response answer = co_await origin_->port().call(request);
    learn(answer);
    const bool is_clean = buffer_.answered(request, answer.outcome == Outcome::ok);
    if (is_clean) {
        metrics_.saved.add();
        metrics_.dirty.change(now(), -1);
        room_.notify_all();
        if (Copy* const kept = store_.peek(request.key)) kept->store = origin_store_;
    }
}

}  // namespace archsim::models::cache

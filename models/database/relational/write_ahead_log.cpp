// Flushing the log, batch after batch.
#include "models/database/relational/write_ahead_log.hpp"

#include "sim/check.hpp"

#include <algorithm>
#include <optional>

namespace archsim::models {

WriteAheadLog::WriteAheadLog(sim::Simulation& simulation, sim::Metrics& metrics,
                             const WriteAheadConfig& config, sim::Rng rng,
                             sim::ProcessGroup& processes, std::uint32_t tag)
    : simulation_{simulation},
      metrics_{metrics},
      config_{config},
      rng_{rng},
      processes_{processes},
      disk_{simulation, {.servers = 1, .tag = tag}},
      flushes_{metrics.counter()},
      commits_{metrics.counter()} {}

void WriteAheadLog::publish(const std::string& prefix) {
    metrics_.publish_rate(prefix + "log/flushes", flushes_);
    metrics_.derive(
        prefix + "log/batch", "count", [this](const sim::Stretch& s) -> std::optional<double> {
            const std::uint64_t flushes = flushes_.count(s.span);
            if (flushes == 0) return std::nullopt;
            return static_cast<double>(commits_.count(s.span)) / static_cast<double>(flushes);
        });
    sim::LevelProbe& busy = metrics_.watch(disk_.busy_level());
    metrics_.derive(prefix + "log/utilisation", "ratio",
                    [&busy](const sim::Stretch& s) { return busy.mean(s.span, s.now); });
}

CommitPosition WriteAheadLog::append() {
    ++appended_;
    if (!is_flushing_) {
        is_flushing_ = true;
        processes_.start(flush_all());
    }
    return appended_;
}

sim::Task<> WriteAheadLog::flush_all() {
    while (flushed_ < appended_) {
        const sim::Duration window = config_.window;
        if (window > sim::Duration{}) co_await simulation_.delay(window);
        CommitPosition end = appended_;
        if (config_.batch) {
            end = std::min(end, flushed_ + static_cast<CommitPosition>(*config_.batch));
        }
        const sim::Duration amount = config_.flush_time.sample(rng_);
        [[maybe_unused]] const bool is_done = co_await disk_.work(amount);  // has no limit
        flushes_.add();
        commits_.add(end - flushed_);
        reach(end);
    }
    is_flushing_ = false;
}

void WriteAheadLog::reach(CommitPosition position) {
    flushed_ = position;
    while (first_ != nullptr && first_->position <= flushed_) {
        Waiter& waiter = *first_;
        leave(waiter);
        simulation_.schedule_in(waiter, sim::Duration{});
    }
}

void WriteAheadLog::enqueue(Waiter& waiter) {
    ARCHSIM_CHECK(last_ == nullptr || last_->position < waiter.position,
                  "commits wait for the log out of order");
    waiter.in_line = true;
    waiter.previous = last_;
    (last_ != nullptr ? last_->next : first_) = &waiter;
    last_ = &waiter;
}

void WriteAheadLog::leave(Waiter& waiter) {
    waiter.in_line = false;
    (waiter.previous != nullptr ? waiter.previous->next : first_) = waiter.next;
    (waiter.next != nullptr ? waiter.next->previous : last_) = waiter.previous;
    waiter.next = waiter.previous = nullptr;
}

void WriteAheadLog::crash() {
    ARCHSIM_CHECK(first_ == nullptr, "somebody waits for the log of a crashed node");
    appended_ = flushed_;
    is_flushing_ = false;
}

}  // namespace archsim::models

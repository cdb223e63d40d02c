// The run loop and the context that a failing check prints.
#include "sim/simulation.hpp"

#include "sim/check.hpp"

#include <cstdio>
#include <cstdlib>
#include <utility>

namespace archsim::sim {

RunEnd Simulation::run_until(Instant deadline) {
    std::uint64_t hash = fingerprint_;
    const auto observe = [&hash, this](Instant now, const Event& event) {
        ++events_;
        hash = (hash ^ static_cast<std::uint64_t>(now.count())) * 0x9e3779b97f4a7c15u;
        hash = (hash ^ (hash >> 29) ^ event.tag()) * 0xbf58476d1ce4e5b9u;
    };
    Instant instant = now();
    std::uint64_t first_of_instant = events_;
    RunEnd end = RunEnd::deadline;
    while (queue_.fire_next(deadline, observe)) {
        if (now() != instant) {
            instant = now();
            first_of_instant = events_;
        } else if (events_ - first_of_instant > limits_.events_per_instant) {
            end = RunEnd::stuck;
            break;
        }
        if (queue_.size() > limits_.pending) {
            end = RunEnd::crowded;
            break;
        }
        if (events_ >= limits_.events) {
            end = RunEnd::event_limit;
            break;
        }
        if ((events_ & 1023) == 0 && interrupt_ != nullptr &&
            interrupt_->load(std::memory_order_relaxed)) {
            end = RunEnd::interrupted;
            break;
        }
    }
    fingerprint_ = hash;
    return end;
}

namespace {
// The innermost scope of this thread; read only while the process is being stopped.
CheckScope*& innermost_scope() {
    thread_local CheckScope* scope = nullptr;
    return scope;
}
}  // namespace

CheckScope::CheckScope(const Simulation& simulation, std::string replay)
    : simulation_{&simulation},
      replay_{std::move(replay)},
      outer_{std::exchange(innermost_scope(), this)} {}

CheckScope::~CheckScope() { innermost_scope() = outer_; }

void check_failed(const char* condition, const char* file, int line, std::string_view place,
                  const std::string& message) {
    std::fprintf(stderr, "archsim: internal error: %s\n  check:  %s (%s:%d)\n  node:   %.*s\n",
                 message.c_str(), condition, file, line, static_cast<int>(place.size()),
                 place.data());
    if (const CheckScope* scope = innermost_scope(); scope != nullptr) {
        std::fprintf(
            stderr, "  instant: %s s\n  seed:   %llu\n  replay: %s\n",
            fmt::format("{:.9f}", scope->simulation_->now().since_start().in_seconds()).c_str(),
            static_cast<unsigned long long>(scope->simulation_->seed()), scope->replay_.c_str());
    }
    std::fflush(nullptr);
    std::_Exit(70);
}

}  // namespace archsim::sim

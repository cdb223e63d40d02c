// The policy "session": a cookie keeps a session on the backend that served it first.
#pragma once

#include "models/load_balancer/round_robin.hpp"

#include <cstddef>
#include <iterator>
#include <list>
#include <unordered_map>

namespace archsim::models {

/// Sticky sessions. A new session goes where round robin sends it and stays there while that
/// backend is usable. When it is not, the session fails over to the next one in the rotation and
/// stays there. The cookie expires when the session has been silent for `expiry`; the table holds
/// the sessions seen within that time, since expired ones are removed as others come.
class Session {
public:
    static constexpr std::string_view name = "session";
    static constexpr std::string_view summary =
        "A cookie keeps each session on one backend; new sessions go round robin.";
    struct Config {
        sim::Duration expiry = sim::Duration::minutes(30);
        static const Spec<Config>& spec() {
            static const auto s =
                Spec<Config>{name, summary}
                    .optional(
                        "expiry", &Config::expiry,
                        "A cookie is valid for this long after the last request of its session.")
                    .more_than(sim::Duration{});
            return s;
        }
    };

    explicit Session(const Config& config) : config_{config}, fallback_{RoundRobin::Config{}} {}
    Session(const Session& other)
        : config_{other.config_},
          fallback_{other.fallback_},
          by_last_use_{other.by_last_use_},
          failovers_{other.failovers_} {
        index_all();
    }
    Session& operator=(const Session& other) {
        if (this == &other) return *this;
        config_ = other.config_;
        fallback_ = other.fallback_;
        by_last_use_ = other.by_last_use_;
        failovers_ = other.failovers_;
        index_all();
        return *this;
    }
    Session(Session&&) noexcept = default;
    Session& operator=(Session&&) noexcept = default;
    ~Session() = default;

    /// The session's backend, else one for a new session. Amortised O(1), plus O(log n).
    /// Requires: candidates.now never goes back.
    std::optional<std::uint32_t> pick(const Request& request, const Candidates& candidates,
                                      sim::Rng&, Trace* trace) {
        forget_expired(candidates.now);
        if (candidates.usable.empty()) return std::nullopt;

        const auto found = entries_.find(request.session);
        if (found == entries_.end()) {
            if (trace)
                trace->say("no valid cookie: a new session", "sem cookie válido: sessão nova");
            const std::uint32_t chosen = fallback_.next(candidates, trace);
            by_last_use_.push_back({request.session, chosen, candidates.now});
            entries_.emplace(request.session, std::prev(by_last_use_.end()));
            return chosen;
        }
        Entry& entry = *found->second;
        by_last_use_.splice(by_last_use_.end(), by_last_use_, found->second);
        entry.last_use = candidates.now;
        const bool usable = candidates.all[entry.backend].usable;
        if (trace) {
            if (usable) {
                trace->say("the cookie names {}, which is usable", "o cookie indica {}, disponível",
                           trace->label(candidates, entry.backend));
            } else {
                trace->say("the cookie names {}, which is not usable: fail-over",
                           "o cookie indica {}, indisponível: failover",
                           trace->label(candidates, entry.backend));
            }
        }
        if (usable) return entry.backend;
        ++failovers_;
        entry.backend = fallback_.next(candidates, trace);
        return entry.backend;
    }

    /// Sessions in the table: those seen within the expiry before the last pick.
    [[nodiscard]] std::size_t size() const { return entries_.size(); }
    /// Sessions that had to move because their backend was not usable; their state there is lost.
    [[nodiscard]] std::uint64_t failovers() const { return failovers_; }

private:
    struct Entry {
        std::uint64_t session;
        std::uint32_t backend;
        sim::Instant last_use;
    };

    void forget_expired(sim::Instant now) {
        // All cookies live equally long, so the order of last use is the order of expiry.
        while (!by_last_use_.empty() && now - by_last_use_.front().last_use >= config_.expiry) {
            entries_.erase(by_last_use_.front().session);
            by_last_use_.pop_front();
        }
    }

    void index_all() {
        entries_.clear();
        for (auto it = by_last_use_.begin(); it != by_last_use_.end(); ++it) {
            entries_.emplace(it->session, it);
        }
    }

    Config config_;
    RoundRobin fallback_;
    std::list<Entry> by_last_use_;
    std::unordered_map<std::uint64_t, std::list<Entry>::iterator> entries_;
    std::uint64_t failovers_ = 0;
};

}  // namespace archsim::models

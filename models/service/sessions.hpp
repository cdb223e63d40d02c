// Who knows a user: what a service needs of a session before it works on a request, where the
// session is kept, and what becomes of it when an instance goes.
#pragma once

#include "models/catalog.hpp"
#include "models/connection.hpp"
#include "models/service/session_config.hpp"
#include "sim/distribution.hpp"
#include "sim/metrics.hpp"
#include "sim/station.hpp"
#include "sim/task.hpp"
#include "sim/time_weighted.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace archsim::models {

/// Which instance knows which session, and what all of them count together.
class Sessions {
public:
    /// Both outlive it. Requires: `choice` is not NoSessions.
    Sessions(const SessionChoice& choice, const BuildContext& context);
    Sessions(const Sessions&) = delete;
    Sessions& operator=(const Sessions&) = delete;

    /// Adds an instance with this address and returns its number.
    std::size_t add_instance(const std::string& address);
    /// Whether an instance knows a session that it may go on with. O(1).
    [[nodiscard]] bool knows(std::uint64_t session, std::size_t instance);
    /// The store has, or has not, the session. O(1).
    void found_in_store(std::uint64_t session, bool is_there);
    /// A user has logged in at an instance, whatever became of an older session. O(1).
    void logged_in(std::uint64_t session, std::size_t instance);
    /// All sessions in the memory of an instance are gone. O(1).
    void lose(std::size_t instance);
    /// The same, and it will keep none any more. O(1).
    void close(std::size_t instance);

    [[nodiscard]] bool are_local() const { return store_ == nullptr; }
    [[nodiscard]] const EdgeConfig* store() const { return store_; }
    [[nodiscard]] const sim::Distribution& login() const { return login_; }
    [[nodiscard]] sim::Bytes size() const { return size_; }
    /// Of the requests that read and write sessions in the store.
    [[nodiscard]] std::uint32_t operation() const { return operation_; }
    [[nodiscard]] const BuildContext& context() const { return context_; }

private:
    /// Where a session lives, and the life of that instance in which it was made.
    struct Home {
        std::size_t instance = 0;
        std::uint64_t life = 0;
    };
    struct InMemory {
        std::uint64_t life = 1;
        bool is_out = false;  ///< Taken out for good.
        sim::Level held;
        const sim::LevelProbe* probe = nullptr;
    };
    void publish();
    [[nodiscard]] bool is_alive(const Home& home) const;

    BuildContext context_;
    const sim::Distribution& login_;
    const EdgeConfig* store_;
    sim::Bytes size_;
    std::uint32_t operation_;
    sim::Counter& logins_;
    sim::Counter& repeated_;
    sim::Counter& moved_;
    sim::Counter& lost_;
    sim::Level live_;
    std::deque<InMemory> places_;
    std::unordered_map<std::uint64_t, Home> homes_;  // looked up, never gone through
};

/// Sees to the session of each request at one instance, before the work on it begins.
class SessionDesk {
public:
    /// All outlive the desk. `rng` draws the work of logins, which the station does.
    SessionDesk(Sessions& sessions, const Node& node, sim::Station& station, sim::Rng& rng);

    /// Finds the store. Called once, when every component exists.
    void connect();
    /// Ends when the request may go on, ok, or with what stands in its way. A login whose turn
    /// comes after `latest` is not begun.
    sim::Task<Outcome> admit(Request request, sim::Instant latest);
    /// The instance has crashed.
    void lose() { sessions_.lose(number_); }
    /// The instance has been taken out; it answers the requests that it has.
    void close() { sessions_.close(number_); }

private:
    sim::Task<Outcome> admit_by_memory(Request request, sim::Instant latest);
    sim::Task<Outcome> admit_by_store(Request request, sim::Instant latest);
    sim::Task<Outcome> log_in(Request request, sim::Instant latest);

    Sessions& sessions_;
    const Node& node_;
    sim::Station& station_;
    sim::Rng& rng_;
    std::size_t number_;
    std::unique_ptr<Connection> store_;  // only if sessions are shared
};

/// A profile with the calls to the store, made before all others over the edge of this number, and
/// without what logins make uncertain. The same if `sessions` is nullptr.
[[nodiscard]] Profile with_sessions(Profile profile, const Sessions* sessions, std::size_t edge);

}  // namespace archsim::models

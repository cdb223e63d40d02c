// A database asked step by step: requests to single members at set times, faults by hand, and what
// was measured so far.
#pragma once

#include "scenarios/world.hpp"
#include "tests/support/quorum_trials.hpp"
#include "tests/support/small_run.hpp"

#include <cstdint>
#include <deque>
#include <string_view>
#include <utility>

namespace archsim::tests {

/// A world whose component "db" is asked directly.
class DatabaseSteps {
public:
    explicit DatabaseSteps(scenarios::Scenario scenario)
        : scenario_{std::move(scenario)}, world_{scenario_, 0} {
        world_.start();
    }
    [[nodiscard]] models::Node& member(std::size_t i) {
        return *world_.component("db")->members()[i];
    }
    /// A node that nobody calls over an edge.
    [[nodiscard]] models::Node& helper(std::size_t i) {
        return *world_.component("db")->helpers()[i];
    }
    [[nodiscard]] sim::Instant now() { return world_.simulation().now(); }
    /// Lets so much time pass.
    void wait(sim::Duration length) {
        world_.simulation().run_until(world_.simulation().now() + length);
    }
    /// Writes `version` (0 reads) and does not wait for the answer, which is kept as long as this.
    const Asked& ask(std::size_t i, std::uint64_t key, std::uint64_t version,
                     std::uint64_t session = 0) {
        return asked_.emplace_back(world_.simulation(), member(i), key, version, session);
    }
    /// The component of this name.
    [[nodiscard]] models::Component& component(std::string_view name) {
        return *world_.component(name);
    }
    /// The answer of a member that takes no time (else "unreachable"): to a read, or to a write of
    /// `version`.
    [[nodiscard]] models::Response read(std::size_t i, std::uint64_t key) {
        return write(i, key, models::initial_version);
    }
    [[nodiscard]] models::Response write(std::size_t i, std::uint64_t key, std::uint64_t version,
                                         std::uint64_t session = 0) {
        const Asked& asked = ask(i, key, version, session);
        wait(sim::Duration{});
        const models::Response none = models::Response::only(models::Outcome::unreachable);
        return asked.has_answer() ? asked.answer() : none;
    }
    [[nodiscard]] double metric(std::string_view name) {
        world_.metrics().close_window(world_.simulation().now());
        scenarios::Replication measured;
        measured.metrics = world_.metrics().collect();
        return Measured{measured}[name];
    }

private:
    std::deque<Asked> asked_;  // outlives the world, which tells them
    scenarios::Scenario scenario_;
    scenarios::World world_;
};

}  // namespace archsim::tests

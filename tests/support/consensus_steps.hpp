// A consensus database whose members are asked and struck one by one, step by step.
#pragma once

#include "models/database/consensus_member.hpp"
#include "scenarios/world.hpp"
#include "tests/support/quorum_trials.hpp"
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace archsim::tests {

/// A database asked directly: its only load source comes long after the end of the tests.
inline scenarios::Scenario quiet_consensus(const std::string& members,
                                           const std::string& rest = "") {
    return read_text(R"("duration": "100s", "seed": 3, "history": false, "nodes": {
        "users": {"kind": "open_loop", "calls": [{"to": "db", "timeout": "1s"}],
                  "arrivals": {"kind": "constant", "rate": "0.0001/s"}},
        "db": {"kind": "consensus")" +
                     members + "}}" + (rest.empty() ? "" : ", " + rest));
}

/// A world whose members are asked step by step.
class ConsensusSteps {
public:
    explicit ConsensusSteps(scenarios::Scenario scenario)
        : scenario_{std::move(scenario)}, world_{scenario_, 0} {
        world_.start();
    }
    [[nodiscard]] models::ConsensusMember& member(std::size_t i) {
        return dynamic_cast<models::ConsensusMember&>(*world_.component("db")->members()[i]);
    }
    [[nodiscard]] std::size_t count() { return world_.component("db")->members().size(); }
    /// Lets so much time pass.
    void wait(sim::Duration length) {
        world_.simulation().run_until(world_.simulation().now() + length);
    }
    /// Asks a member, which may take its time. Version 0 reads.
    [[nodiscard]] Asked ask(std::size_t i, std::uint64_t version) {
        return Asked{world_.simulation(), member(i), 1, version};
    }
    /// Waits until some member leads a term later than `term`, and returns its number.
    [[nodiscard]] std::size_t next_leader(std::uint64_t term) {
        for (int tried = 0; tried < 100'000; ++tried) {
            for (std::size_t i = 0; i < count(); ++i) {
                if (member(i).is_leader() && member(i).term() > term) return i;
            }
            wait(sim::Duration::milliseconds(1));
        }
        FAIL("nobody was elected");
        return 0;
    }
    [[nodiscard]] scenarios::World& world() { return world_; }

private:
    scenarios::Scenario scenario_;
    scenarios::World world_;
};

}  // namespace archsim::tests

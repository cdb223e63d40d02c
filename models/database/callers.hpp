// What the callers of a database believe: which member is the primary. They learn of a change by a
// message over the network, so that one who is cut off goes on calling the old primary.
#pragma once

#include "models/network/network.hpp"
#include "models/node.hpp"
#include "sim/rng.hpp"
#include "sim/simulation.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

namespace archsim::models {

/// All callers of one replica set.
class Callers {
public:
    Callers(sim::Simulation& simulation, Network& network, sim::Rng rng, std::uint32_t tag)
        : simulation_{simulation}, network_{network}, rng_{rng}, tag_{tag} {}
    Callers(const Callers&) = delete;
    Callers& operator=(const Callers&) = delete;

    /// One caller; it stays where it is.
    class Caller : public sim::Event {
    public:
        Caller(Callers& callers, std::uint32_t tag)
            : Event{&Caller::next_stage, tag}, callers_{callers} {}
        /// Number of the member that it takes for the primary.
        [[nodiscard]] std::size_t primary() const { return primary_; }

    private:
        friend class Callers;
        static void next_stage(sim::Event& event);
        Callers& callers_;
        std::vector<const Link*> links_;  // from each teller
        std::size_t teller_ = 0;
        std::size_t primary_ = 0;
        std::size_t told_ = 0;
        bool is_on_its_way_ = false;
    };

    /// A new caller, told by nobody yet.
    [[nodiscard]] Caller& add(const Node& node);
    /// One more who may tell them, before the first caller is added; a message that gets lost is
    /// sent again after `interval`.
    void told_by(const Node& teller, sim::Duration interval);
    /// The teller of this number, counted in the order of told_by(), tells all callers, `delay`
    /// from now, that `primary` is the primary. O(callers).
    void announce(std::size_t primary, sim::Duration delay, std::size_t teller = 0);

private:
    void tell(Caller& caller);

    sim::Simulation& simulation_;
    Network& network_;
    LinkConfig plain_;  // what the network says
    sim::Rng rng_;
    std::uint32_t tag_;
    std::vector<const Node*> tellers_;
    sim::Duration interval_;
    std::deque<Caller> callers_;
};

}  // namespace archsim::models

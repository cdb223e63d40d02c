// Carries letters between the members of a database over the network: delay, loss and partition are
// those of the links, and two letters between the same two members never overtake each other, as on
// a TCP connection. What is in a letter is its members' business.
#pragma once

#include "models/database/correspondent.hpp"
#include "models/network/network.hpp"
#include "sim/frame_pool.hpp"
#include "sim/rng.hpp"
#include "sim/simulation.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace archsim::models {

/// The connections of one database whose members write letters of one kind (post.cpp lists them),
/// which are trivially copyable. A lost letter stays lost: the sender has to say it again.
template <class Text>
class Post {
public:
    /// `tag` marks the events in the fingerprint of the run.
    Post(sim::Simulation& simulation, Network& network, sim::Rng rng, std::uint32_t tag)
        : simulation_{simulation}, network_{network}, rng_{rng}, tag_{tag} {}
    Post(const Post&) = delete;
    Post& operator=(const Post&) = delete;
    ~Post();

    /// Connects a correspondent, which outlives the post, with all before it. Returns its number.
    std::size_t add(Correspondent<Text>& correspondent);

    /// Sends a letter once it has been held for a while at the sender, whose crash takes it until
    /// then. O(1) and one event, or two if it is held.
    void send(std::size_t from, std::size_t to, const Text& letter, sim::Duration hold = {});

    /// Mean one-way delay from one to another, in seconds.
    [[nodiscard]] double mean_delay(std::size_t from, std::size_t to) const;

private:
    class Envelope;
    struct Track {
        Link* link = nullptr;
        sim::Instant last_departure;
        sim::Instant last_arrival;
    };
    [[nodiscard]] Track& line(std::size_t from, std::size_t to) { return lines_[from][to]; }
    [[nodiscard]] static sim::Instant in_order(sim::Instant& last, sim::Instant wanted);
    void depart(Envelope& envelope);
    void arrive(Envelope& envelope);
    /// Lets the letter wait, or go, while a node at one of its ends stands still; whether it does.
    [[nodiscard]] bool waits_for(const Correspondent<Text>& node, Envelope& envelope);

    sim::Simulation& simulation_;
    Network& network_;
    LinkConfig plain_;  // of every link: what the network says
    sim::Rng rng_;
    std::uint32_t tag_;
    std::vector<Correspondent<Text>*> correspondents_;
    std::vector<std::vector<Track>> lines_;
    Envelope* envelopes_ = nullptr;  // all that are on their way
};

}  // namespace archsim::models

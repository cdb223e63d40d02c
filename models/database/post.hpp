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

    /// What becomes of a letter before it leaves and after it has arrived.
    struct Handling {
        sim::Duration hold;     ///< At the sender; a crash of the sender takes the letter.
        sim::Duration process;  ///< At the receiver; a crash of the receiver takes the letter.
    };
    /// Sends a letter. O(1) and one event, or one more for each kind of handling that takes time.
    void send(std::size_t from, std::size_t to, const Text& letter, const Handling& handling);
    void send(std::size_t from, std::size_t to, const Text& letter) {
        send(from, to, letter, Handling{});
    }

    /// Mean one-way delay from one to another, in seconds.
    [[nodiscard]] double mean_delay(std::size_t from, std::size_t to) const;

private:
    class Envelope;
    struct Track {
        Link* link = nullptr;
        sim::Instant last_departure;
        sim::Instant last_arrival;
        sim::Instant last_delivery;
    };
    [[nodiscard]] Track& line(std::size_t from, std::size_t to) { return lines_[from][to]; }
    [[nodiscard]] static sim::Instant in_order(sim::Instant& last, sim::Instant wanted);
    void depart(Envelope& envelope);
    void arrive(Envelope& envelope);
    /// Lets the letter wait, or go, while a node at one of its ends stands still; whether it does.
    [[nodiscard]] bool waits_for(const Correspondent<Text>& node, Envelope& envelope);
    void deliver(Envelope& envelope);

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

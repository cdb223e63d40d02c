// The network between nodes: how long a message takes, whether it arrives, and who is cut off from
// whom. Only ports send over it.
#pragma once

#include "models/edge.hpp"
#include "models/node.hpp"
#include "sim/distribution.hpp"
#include "sim/rng.hpp"
#include "sim/units.hpp"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace archsim::models {

/// One direction of an impairment between two nodes.
struct Disturbance {
    bool cut = false;      ///< Nothing arrives.
    double loss = 0.0;     ///< Probability that a message does not arrive.
    sim::Duration slower;  ///< Added to the delay.
};

/// A line of limited capacity, one direction of it: messages pass one after the other, in the order
/// in which they were sent, however many nodes send over it.
class Line {
public:
    /// Requires: capacity > 0.
    explicit Line(sim::Bandwidth capacity) : capacity_{capacity} {}
    /// How long it takes until a message sent `now` has left the line: waiting and transfer. O(1).
    /// Requires: now does not go back from call to call.
    sim::Duration pass(sim::Bytes size, sim::Instant now) {
        free_ = std::max(free_, now) + capacity_.time_to_send(size);
        return free_ - now;
    }

private:
    sim::Bandwidth capacity_;
    sim::Instant free_;  // when the last message so far has left
};

/// One direction of a link.
struct Way {
    Disturbance disturbance;
    Line* line = nullptr;  ///< Shared with others; nullptr is none.
};

/// The way from one node to another and back, as the caller sees it.
struct Link {
    const Node* from = nullptr;
    const Node* to = nullptr;
    const sim::Distribution* delay = nullptr;  ///< One way; nullptr is no delay.
    double loss = 0.0;                         ///< Configured loss, each way.
    bool unknown_delay = false;                ///< The network has none between the two regions.
    bool awaited_for_ever = false;             ///< Calls over it have no timeout.
    sim::Bandwidth bandwidth;                  ///< Of each message for itself; 0 is unlimited.
    bool special = false;  ///< Whether there is more than the delay: any of what follows or above.
    Way out;
    Way back;
};

/// What disturbs messages between two groups of addresses while it is in force.
struct Impairment {
    std::vector<std::string> a;  ///< Addresses: components or members.
    std::vector<std::string> b;  ///< Nothing means everything that is not in `a`.
    Disturbance a_to_b;
    Disturbance b_to_a;
};

/// Delays and disturbances of every link of one run. Links stay valid as long as the network.
class Network {
public:
    /// `within` is the one-way delay inside a region, nothing meaning none.
    explicit Network(std::optional<sim::Distribution> within = std::nullopt)
        : within_{std::move(within)} {}
    Network(const Network&) = delete;
    Network& operator=(const Network&) = delete;

    /// The one-way delay between two different regions, both ways.
    void set_between(std::uint32_t region_a, std::uint32_t region_b, sim::Distribution delay);
    /// The rate at which messages inside a region are sent, each for itself.
    void set_bandwidth_within(sim::Bandwidth bandwidth) { bandwidth_within_ = bandwidth; }
    /// The rate between two different regions, both ways: of each message for itself, or, where the
    /// line is shared, of all messages of one direction together.
    void set_bandwidth_between(std::uint32_t region_a, std::uint32_t region_b,
                               sim::Bandwidth bandwidth, bool shared);

    /// The link between two nodes. What `edge` says of delay and bandwidth replaces the network's;
    /// `edge` must live as long as the network.
    Link& connect(const Node& from, const Node& to, const LinkConfig& edge);

    /// Mean one-way delay from region to region in seconds: 0 where no delay is known within a
    /// region, infinite between regions.
    [[nodiscard]] double mean_delay(std::uint32_t region_a, std::uint32_t region_b) const;

    /// Every link so far.
    [[nodiscard]] const std::deque<Link>& links() const { return links_; }
    /// Whether an impairment would disturb messages on a link, in either direction.
    [[nodiscard]] static bool disturbs(const Impairment& impairment, const Link& link);

    /// Puts an impairment in force and returns its number. O(links).
    std::size_t impair(Impairment impairment);
    /// Ends it. O(links).
    void heal(std::size_t number);

private:
    void set_delay(Link& link);
    void set_bandwidth(Link& link);
    void apply(Link& link) const;
    std::optional<sim::Distribution> within_;
    std::map<std::pair<std::uint32_t, std::uint32_t>, sim::Distribution> between_;
    sim::Bandwidth bandwidth_within_;
    std::map<std::pair<std::uint32_t, std::uint32_t>, sim::Bandwidth> bandwidth_between_;
    std::map<std::pair<std::uint32_t, std::uint32_t>, Line> lines_;  // from, to; where shared
    std::deque<Link> links_;
    std::map<std::size_t, Impairment> impairments_;
    std::size_t next_number_ = 0;
};

/// A message on a link with more than a delay; see send_over.
[[nodiscard]] std::optional<sim::Duration> send_specially(const Link& link, const Way& way,
                                                          sim::Duration delay, sim::Bytes size,
                                                          sim::Instant now, sim::Rng& rng);

/// What becomes of one message of `size` that is sent `now`: lost, or how long it takes.
[[nodiscard]] inline std::optional<sim::Duration> send_over(const Link& link, const Way& way,
                                                            sim::Bytes size, sim::Instant now,
                                                            sim::Rng& rng) {
    const sim::Duration delay = link.delay != nullptr ? link.delay->sample(rng) : sim::Duration{};
    if (link.special) [[unlikely]]
        return send_specially(link, way, delay, size, now, rng);
    return delay;
}

}  // namespace archsim::models

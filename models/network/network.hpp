// The network between nodes: how long a message takes, whether it arrives, and who is cut off from
// whom. Only ports send over it.
#pragma once

#include "models/node.hpp"
#include "sim/distribution.hpp"
#include "sim/rng.hpp"
#include "sim/units.hpp"

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

/// The way from one node to another and back, as the caller sees it.
struct Link {
    const Node* from = nullptr;
    const Node* to = nullptr;
    const sim::Distribution* delay = nullptr;  ///< One way; nullptr is no delay.
    double loss = 0.0;                         ///< Configured loss, each way.
    bool unknown_delay = false;                ///< The network has none between the two regions.
    bool awaited_for_ever = false;             ///< Calls over it have no timeout.
    bool disturbed = false;                    ///< Whether anything below or `loss` is not neutral.
    Disturbance out;
    Disturbance back;
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

    /// The link between two nodes; `delay`, if given, replaces the network's own and must live as
    /// long as the network.
    Link& connect(const Node& from, const Node& to, const sim::Distribution* delay, double loss);

    /// Every link so far.
    [[nodiscard]] const std::deque<Link>& links() const { return links_; }
    /// Whether an impairment would disturb messages on a link, in either direction.
    [[nodiscard]] static bool disturbs(const Impairment& impairment, const Link& link);

    /// Puts an impairment in force and returns its number. O(links).
    std::size_t impair(Impairment impairment);
    /// Ends it. O(links).
    void heal(std::size_t number);

private:
    void apply(Link& link) const;
    std::optional<sim::Distribution> within_;
    std::map<std::pair<std::uint32_t, std::uint32_t>, sim::Distribution> between_;
    std::deque<Link> links_;
    std::map<std::size_t, Impairment> impairments_;
    std::size_t next_number_ = 0;
};

/// What becomes of one message: lost, or how long it takes.
[[nodiscard]] inline std::optional<sim::Duration> send_over(const Link& link,
                                                            const Disturbance& way, sim::Rng& rng) {
    sim::Duration delay = link.delay != nullptr ? link.delay->sample(rng) : sim::Duration{};
    if (link.disturbed) [[unlikely]] {
        if (way.cut) return std::nullopt;
        if (link.loss > 0.0 && rng.chance(link.loss)) return std::nullopt;
        if (way.loss > 0.0 && rng.chance(way.loss)) return std::nullopt;
        delay += way.slower;
    }
    return delay;
}

}  // namespace archsim::models

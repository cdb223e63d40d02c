// The policy "consistent_hash": a ring with virtual nodes, if wanted with bounded loads.
#pragma once

#include "models/load_balancer/identity.hpp"
#include "models/load_balancer/membership.hpp"
#include "models/load_balancer/trace.hpp"
#include "models/ring/bounded_load.hpp"
#include "models/ring/ring.hpp"

#include <fmt/format.h>

namespace archsim::models {

/// Sends a session, key or address to the owner of its place on a ring of the usable backends.
/// With a bound, a backend that holds as much as the bound allows is passed over for the next one
/// on the ring: see load_bound. The load is the number of requests in flight.
class ConsistentHash {
public:
    static constexpr std::string_view name = "consistent_hash";
    static constexpr std::string_view summary =
        "The owner of the hash on a ring; few move when backends come and go.";
    struct Config {
        HashBy by = HashBy::session;
        RingPoints points = RingPoints::own;
        std::int64_t virtual_nodes = 160;
        std::optional<double> bounded_load;
        static const Spec<Config>& spec() {
            static const auto s =
                Spec<Config>{name, summary}
                    .optional("by", &Config::by,
                              "What decides: all requests with the same one go together.")
                    .optional("points", &Config::points,
                              "Whose way of placing points on the ring is followed.")
                    .optional("virtual_nodes", &Config::virtual_nodes,
                              "own: points per unit of weight; envoy: least points of the whole "
                              "ring; the other ways fix the number.")
                    .at_least(1)
                    .at_most(65536)
                    .optional("bounded_load", &Config::bounded_load,
                              "No backend may hold more than this times its fair share of the "
                              "requests in flight.")
                    .more_than(1)
                    .check([](const Config& config, const Place& place) {
                        const bool counts =
                            config.points == RingPoints::own || config.points == RingPoints::envoy;
                        if (counts || !place.has("virtual_nodes")) return;
                        place.fail(
                            "virtual_nodes",
                            {Code::bad_value, "this way of placing points fixes their number",
                             "leave it out, or use points of the kind own or envoy"});
                    });
            return s;
        }
    };

    explicit ConsistentHash(const Config& config) : config_{config} {}

    /// A ring has a largest size.
    [[nodiscard]] std::optional<Problem> problem_with(std::span<const BackendGroup> groups) const {
        double points = 0.0;
        for (const BackendGroup& group : groups) {
            points += most_points(layout(), group.weight) * static_cast<double>(group.count);
        }
        if (points <= static_cast<double>(max_ring_points)) return std::nullopt;
        return Problem{Code::size_limit,
                       fmt::format("the ring could have {:.6g} points; at most {} are possible",
                                   points, max_ring_points),
                       "use fewer virtual nodes or smaller weights"};
    }

    /// O(log points), plus O(n) with a bound; O(points log points) after a change.
    std::optional<std::uint32_t> pick(const Request& request, const Candidates& candidates,
                                      sim::Rng&, Trace* trace) {
        return pick_identity(IdentityText{request, config_.by}.view(), candidates, trace);
    }

    /// The choice for a text.
    std::optional<std::uint32_t> pick_identity(std::string_view text, const Candidates& candidates,
                                               Trace* trace) {
        if (candidates.usable.empty()) return std::nullopt;
        refresh(candidates);
        const std::uint64_t position = ring_.position_of(text);
        if (trace) explain(text, position, candidates, *trace);
        if (!config_.bounded_load) return ring_.points()[ring_.find(position)].member;

        std::uint64_t total = 1;
        double weights = 0.0;
        for (const std::uint32_t i : candidates.usable) {
            total += candidates.all[i].in_flight;
            weights += candidates.all[i].weight;
        }
        const auto has_room = [&](std::uint32_t i) {
            const Backend& b = candidates.all[i];
            const std::uint64_t bound =
                load_bound(*config_.bounded_load, total, b.weight / weights);
            if (trace) {
                trace->say("{} holds {} of at most {}", "{} tem {} de no máximo {}",
                           trace->label(candidates, i), b.in_flight, bound);
            }
            return b.in_flight < bound;
        };
        return ring_.first_accepted(position, has_room);
    }

private:
    void refresh(const Candidates& candidates) {
        if (version_ == candidates.version) return;
        version_ = candidates.version;
        ring_ = Ring{layout(), usable_members(candidates)};
    }
    [[nodiscard]] RingLayout layout() const {
        return {config_.points, static_cast<std::uint32_t>(config_.virtual_nodes)};
    }

    void explain(std::string_view text, std::uint64_t position, const Candidates& candidates,
                 Trace& trace) const {
        const Ring::Point& point = ring_.points()[ring_.find(position)];
        trace.say("hash of \"{}\" = {}; owner: the point {} of {} ({} points in all)",
                  "hash de \"{}\" = {}; dono: o ponto {} de {} ({} pontos ao todo)", text, position,
                  point.position, trace.label(candidates, point.member), ring_.points().size());
    }

    Config config_;
    std::optional<std::uint64_t> version_;
    Ring ring_;
};

}  // namespace archsim::models

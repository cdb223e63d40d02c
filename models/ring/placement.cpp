// One look-up for all schemes, and their parameters.
#include "models/ring/placement.hpp"

#include "models/ring/bounded_load.hpp"
#include "models/ring/hash.hpp"
#include "models/ring/jump.hpp"
#include "models/ring/modulo.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace archsim::models {

namespace {

constexpr std::uint32_t no_owner = std::numeric_limits<std::uint32_t>::max();

RingLayout layout_of(const RingPlacement& config) {
    return {config.points, static_cast<std::uint32_t>(config.virtual_nodes)};
}

/// Declares the layout of a ring on the Spec of a placement that has one.
template <class Config>
Spec<Config> with_layout(Spec<Config>&& spec) {
    return std::move(spec)
        .optional("points", &Config::points, "Whose way of placing points and hashing is followed.")
        .optional(
            "virtual_nodes", &Config::virtual_nodes,
            "own: points per unit of weight; envoy: least points of the whole ring; the other "
            "ways fix the number.")
        .at_least(1)
        .at_most(65536)
        .check([](const Config& config, const Place& place) {
            const bool counts =
                config.points == RingPoints::own || config.points == RingPoints::envoy;
            if (counts || !place.has("virtual_nodes")) return;
            place.fail("virtual_nodes",
                       {Code::bad_value, "this way of placing points fixes their number",
                        "leave it out, or use points of the kind own or envoy"});
        });
}

/// The owners of keys 0 to count - 1 as ids, `no_owner` where there is none.
std::vector<std::uint32_t> owners(const Placement& placement, std::uint64_t count,
                                  const std::function<std::string_view(std::uint64_t)>& text_of) {
    std::uint32_t ids = 0;
    for (const RingMember& member : placement.members()) ids = std::max(ids, member.id + 1);
    std::vector<std::uint64_t> held(ids, 0);
    const Placement::LoadOf load_of = [&held](std::uint32_t id) { return held[id]; };
    std::vector<std::uint32_t> found;
    found.reserve(count);
    for (std::uint64_t key = 0; key < count; ++key) {
        const auto owner = placement.owner_with_room(text_of(key), count, load_of);
        if (owner) ++held[*owner];
        found.push_back(owner.value_or(no_owner));
    }
    return found;
}

}  // namespace

Placement::Placement(const PlacementConfig& config, std::vector<RingMember> members)
    : members_{std::move(members)} {
    if (members_.empty()) return;
    for (const RingMember& member : members_) weights_ += member.weight;
    if (const auto* const ring = std::get_if<RingPlacement>(&config)) {
        table_ = Ring{layout_of(*ring), members_};
    } else if (const auto* const bounded = std::get_if<BoundedLoadPlacement>(&config)) {
        table_ = Ring{layout_of(*bounded), members_};
        bound_ = bounded->factor;
    } else if (const auto* const maglev = std::get_if<MaglevPlacement>(&config)) {
        table_ = Maglev{members_, static_cast<std::uint32_t>(maglev->table_size)};
    } else if (std::holds_alternative<RendezvousPlacement>(config)) {
        table_ = Rendezvous{members_};
    } else if (std::holds_alternative<JumpPlacement>(config)) {
        table_ = Jump{};
    } else {
        Modulo modulo;
        for (const RingMember& member : members_) {
            modulo.weights.push_back(member.weight);
            modulo.is_even = modulo.is_even && member.weight == members_.front().weight;
        }
        table_ = std::move(modulo);
    }
}

std::optional<std::uint32_t> Placement::owner(std::string_view key) const {
    if (members_.empty()) return std::nullopt;
    if (const auto* const ring = std::get_if<Ring>(&table_)) return ring->owner(key);
    if (const auto* const maglev = std::get_if<Maglev>(&table_)) return maglev->owner(key);
    const std::uint64_t hash = xxh64(key);
    if (const auto* const table = std::get_if<Rendezvous>(&table_)) return table->owner(hash);
    const auto count = static_cast<std::uint32_t>(members_.size());
    if (std::holds_alternative<Jump>(table_)) return members_[jump_hash(hash, count)].id;
    const auto& modulo = std::get<Modulo>(table_);
    if (modulo.is_even) return members_[modulo_hash(hash, count)].id;
    // 32 bits: a double holds them exactly, so the remainder is exact.
    return members_[weighted_modulo_hash(hash >> 32U, modulo.weights)].id;
}

std::optional<std::uint32_t> Placement::owner_with_room(std::string_view key, std::uint64_t total,
                                                        const LoadOf& load_of) const {
    if (!bound_ || members_.empty()) return owner(key);
    const auto& ring = std::get<Ring>(table_);
    // Ids may have gaps, but members stand in the order of their ids.
    const auto has_room = [&](std::uint32_t id) {
        const auto member = std::ranges::lower_bound(members_, id, {}, &RingMember::id);
        return load_of(id) < load_bound(*bound_, total, member->weight / weights_);
    };
    return ring.first_accepted(ring.position_of(key), has_room);
}

double share_moved(const Placement& before, const Placement& after, std::uint64_t count,
                   const std::function<std::string_view(std::uint64_t)>& text_of) {
    if (count == 0) return 0.0;
    const std::vector<std::uint32_t> old_owners = owners(before, count, text_of);
    const std::vector<std::uint32_t> new_owners = owners(after, count, text_of);
    std::uint64_t moved = 0;
    for (std::size_t i = 0; i < count; ++i) moved += old_owners[i] != new_owners[i] ? 1 : 0;
    return static_cast<double>(moved) / static_cast<double>(count);
}

std::optional<Problem> problem_with(const PlacementConfig& config, double members,
                                    double weight_max) {
    if (const auto* const maglev = std::get_if<MaglevPlacement>(&config)) {
        if (members <= static_cast<double>(maglev->table_size)) return std::nullopt;
        return Problem{Code::out_of_range,
                       fmt::format("a Maglev table of {} entries is too small for {} members",
                                   maglev->table_size, members),
                       "give table_size a prime well above that, such as 65537 or 655373"};
    }
    const RingPlacement* ring = std::get_if<RingPlacement>(&config);
    if (ring == nullptr) ring = std::get_if<BoundedLoadPlacement>(&config);
    if (ring == nullptr) return std::nullopt;
    const double points = members * most_points(layout_of(*ring), weight_max);
    if (points <= static_cast<double>(max_ring_points)) return std::nullopt;
    return Problem{Code::size_limit,
                   fmt::format("the ring could have {:.6g} points; at most {} are possible", points,
                               max_ring_points),
                   "use fewer virtual nodes or smaller weights"};
}

bool ignores_weights(const PlacementConfig& config) {
    return std::holds_alternative<JumpPlacement>(config);
}

const Spec<RingPlacement>& RingPlacement::spec() {
    static const auto declared = with_layout(
        Spec<RingPlacement>{"ring", "A ring with virtual nodes: a join moves one key in n + 1."}
            .alias("consistent_hash"));
    return declared;
}

const Spec<ModuloPlacement>& ModuloPlacement::spec() {
    static const auto declared =
        Spec<ModuloPlacement>{"modulo",
                              "The hash modulo the members: a join moves nearly all keys."}
            .alias("hash")
            .assume("Members are numbered in the order in which they were added.");
    return declared;
}

const Spec<JumpPlacement>& JumpPlacement::spec() {
    static const auto declared =
        Spec<JumpPlacement>{"jump", "Jump consistent hash: even shares, without a table."}.assume(
            "Members are numbered in the order in which they were added: only when the last one "
            "leaves do few keys move.");
    return declared;
}

const Spec<RendezvousPlacement>& RendezvousPlacement::spec() {
    static const auto declared = Spec<RendezvousPlacement>{
        "rendezvous", "The member with the highest score for the key: few moves, even shares."};
    return declared;
}

const Spec<MaglevPlacement>& MaglevPlacement::spec() {
    static const auto declared =
        Spec<MaglevPlacement>{"maglev", "A table of prime size: even shares, a few more moves."}
            .optional("table_size", &MaglevPlacement::table_size,
                      "Entries of the table, a prime well above the number of members.")
            .at_least(2)
            .at_most(5000011)
            .check([](const MaglevPlacement& config, const Place& place) {
                if (is_prime(static_cast<std::uint32_t>(config.table_size))) return;
                place.fail("table_size",
                           {Code::out_of_range, "the size of a Maglev table must be a prime",
                            "use 65537 or 655373"});
            });
    return declared;
}

const Spec<BoundedLoadPlacement>& BoundedLoadPlacement::spec() {
    static const auto declared =
        with_layout(Spec<BoundedLoadPlacement>{
                        "bounded_load", "A ring that passes over members which hold too much."}
                        .optional("factor", &BoundedLoadPlacement::factor,
                                  "No member holds more than this times its fair share.")
                        .more_than(1.0))
            .assume(
                "Load is the number of requests in flight, as in HAProxy's hash-balance-factor; "
                "keys_moved counts keys placed one after another under the same bound.");
    return declared;
}

}  // namespace archsim::models

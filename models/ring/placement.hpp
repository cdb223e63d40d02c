// Which member of a group each key belongs to, by one of the schemes of this folder. Rings route
// requests with it and sharded databases their keys.
#pragma once

#include "models/choice.hpp"
#include "models/ring/maglev.hpp"
#include "models/ring/member.hpp"
#include "models/ring/rendezvous.hpp"
#include "models/ring/ring.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

namespace archsim::models {

/// A consistent-hash ring.
struct RingPlacement {
    RingPoints points = RingPoints::own;
    std::int64_t virtual_nodes = 160;
    static const Spec<RingPlacement>& spec();
};
/// The hash modulo the number of members.
struct ModuloPlacement {
    static const Spec<ModuloPlacement>& spec();
};
/// Jump consistent hash over the members in order.
struct JumpPlacement {
    static const Spec<JumpPlacement>& spec();
};
/// The member with the highest score.
struct RendezvousPlacement {
    static const Spec<RendezvousPlacement>& spec();
};
/// An entry of a Maglev table.
struct MaglevPlacement {
    std::int64_t table_size = 65537;
    static const Spec<MaglevPlacement>& spec();
};
/// A ring on which full members are passed over.
struct BoundedLoadPlacement : RingPlacement {
    double factor = 1.25;
    static const Spec<BoundedLoadPlacement>& spec();
};

using PlacementConfig = OneOf<RingPlacement, ModuloPlacement, JumpPlacement, RendezvousPlacement,
                              MaglevPlacement, BoundedLoadPlacement>;

/// The members at one time and what belongs to whom. Copyable; constant once built.
class Placement {
public:
    /// How much a member holds at present; asked only where loads are bounded.
    using LoadOf = std::function<std::uint64_t(std::uint32_t id)>;

    Placement() = default;
    /// Costs what building a ring or table costs. Requires: names different, weights above 0.
    Placement(const PlacementConfig& config, std::vector<RingMember> members);

    /// The id of the member that `key` belongs to, whatever its load; nothing if there is none.
    /// O(log points) on a ring, O(members) with rendezvous or weights, else O(1) or O(log members).
    [[nodiscard]] std::optional<std::uint32_t> owner(std::string_view key) const;

    /// Where loads are bounded: the first member from the owner on that holds less than its bound
    /// of `total`, the new one included (see load_bound). Else the owner. O(members) more.
    [[nodiscard]] std::optional<std::uint32_t> owner_with_room(std::string_view key,
                                                               std::uint64_t total,
                                                               const LoadOf& load_of) const;

    [[nodiscard]] bool is_bounded() const { return bound_.has_value(); }
    [[nodiscard]] std::span<const RingMember> members() const { return members_; }

private:
    struct Modulo {
        std::vector<double> weights;
        bool is_even = true;
    };
    struct Jump {};

    std::vector<RingMember> members_;
    double weights_ = 0.0;
    std::variant<std::monostate, Ring, Modulo, Jump, Rendezvous, Maglev> table_;
    std::optional<double> bound_;
};

/// The share of keys that two placements give to different members; `text_of(i)` writes key i,
/// from 0 to `count` - 1. Where loads are bounded, keys are placed in this order, each member
/// holding at most its bound of `count`. O(count) look-ups.
[[nodiscard]] double share_moved(const Placement& before, const Placement& after,
                                 std::uint64_t count,
                                 const std::function<std::string_view(std::uint64_t)>& text_of);

/// Why a scheme cannot place keys on so many members of at most this weight; nothing if it can.
[[nodiscard]] std::optional<Problem> problem_with(const PlacementConfig& config, double members,
                                                  double weight_max);

/// Whether a scheme cannot honour different weights.
[[nodiscard]] bool ignores_weights(const PlacementConfig& config);

}  // namespace archsim::models

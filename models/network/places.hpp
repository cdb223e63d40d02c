// Places that scenarios may use as regions, and how long messages between them take in reality.
//
// Round trips: "Azure network round-trip latency statistics" (learn.microsoft.com, table of
// 30 July 2026): 95th percentile over 30 days on the provider's backbone, both directions. A place
// stands for the region named in places.cpp. Beijing is not in that table: its round trips to
// Sao Paulo and Sydney are mean pings of 21 March 2017 (gist.github.com/Liqianyu/
// d716232fd0f1cb3bb493b458e17cc141, rounded); the others lead over Hong Kong, 40 ms away, which is
// what the ping to Sydney (168 ms) has more than Hong Kong's own round trip (128 ms). Held against
// the second ping, to Sao Paulo, that sum is 4 % short. Land routes to Europe are shorter.
#pragma once

#include "models/codec.hpp"
#include "sim/units.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace archsim::models {

/// A place on earth, in degrees north and east.
struct KnownPlace {
    std::string_view name;
    double latitude = 0.0;
    double longitude = 0.0;
};

/// All of them.
[[nodiscard]] std::span<const KnownPlace> known_places();
/// The place of this name, or nullptr.
[[nodiscard]] const KnownPlace* find_place(std::string_view name);

/// Round trip between two different places; nothing if one of them is not known.
[[nodiscard]] std::optional<sim::Duration> round_trip(std::string_view a, std::string_view b);

/// Great-circle distance in metres on a sphere of the earth's mean radius of 6371.0088 km, by the
/// haversine formula.
[[nodiscard]] double distance(const KnownPlace& a, const KnownPlace& b);
/// The shortest possible round trip in glass fibre: light there and back along the great circle at
/// c / 1.468, the group index of standard fibre at 1550 nm (Corning SMF-28 data sheet).
[[nodiscard]] sim::Duration fastest_round_trip(const KnownPlace& a, const KnownPlace& b);

/// A source of delays between regions.
enum class DelayTable : std::uint8_t { cloud };

template <>
struct EnumNames<DelayTable> {
    static constexpr std::array<EnumName<DelayTable>, 1> names{{
        {DelayTable::cloud, "cloud"},
    }};
};

}  // namespace archsim::models

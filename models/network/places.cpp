// The table of round trips; its sources are in the header.
#include "models/network/places.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace archsim::models {

namespace {

constexpr std::array places = {
    KnownPlace{"sao_paulo", -23.55, -46.63},  // Brazil South
    KnownPlace{"virginia", 38.95, -77.45},    // East US
    KnownPlace{"oregon", 47.23, -119.85},     // West US 2, at Quincy north of the state's border
    KnownPlace{"ireland", 53.35, -6.26},      // North Europe
    KnownPlace{"london", 51.51, -0.13},       // UK South
    KnownPlace{"frankfurt", 50.11, 8.68},     // Germany West Central
    KnownPlace{"cape_town", -33.93, 18.42},   // South Africa West
    KnownPlace{"mumbai", 18.58, 73.92},       // Central India, at Pune
    KnownPlace{"singapore", 1.35, 103.82},    // Southeast Asia
    KnownPlace{"hong_kong", 22.30, 114.17},   // East Asia
    KnownPlace{"tokyo", 35.68, 139.69},       // Japan East
    KnownPlace{"sydney", -33.87, 151.21},     // Australia East
    KnownPlace{"beijing", 39.90, 116.40},     // pings and sums
};

/// Milliseconds there and back, as seen from each of the two.
struct Measured {
    std::string_view a;
    std::string_view b;
    std::int64_t from_a = 0;
    std::int64_t from_b = 0;
};

constexpr std::array measured = {
    // clang-format off
    Measured{"sao_paulo", "virginia", 121, 119},
    Measured{"sao_paulo", "oregon", 179, 179},
    Measured{"sao_paulo", "ireland", 176, 176},
    Measured{"sao_paulo", "london", 184, 183},
    Measured{"sao_paulo", "frankfurt", 201, 199},
    Measured{"sao_paulo", "cape_town", 309, 309},
    Measured{"sao_paulo", "mumbai", 320, 320},
    Measured{"sao_paulo", "singapore", 337, 337},
    Measured{"sao_paulo", "hong_kong", 315, 315},
    Measured{"sao_paulo", "tokyo", 265, 275},
    Measured{"sao_paulo", "sydney", 298, 298},
    Measured{"virginia", "oregon", 75, 76},
    Measured{"virginia", "ireland", 74, 76},
    Measured{"virginia", "london", 80, 80},
    Measured{"virginia", "frankfurt", 97, 97},
    Measured{"virginia", "cape_town", 205, 208},
    Measured{"virginia", "mumbai", 214, 218},
    Measured{"virginia", "singapore", 229, 229},
    Measured{"virginia", "hong_kong", 207, 208},
    Measured{"virginia", "tokyo", 165, 165},
    Measured{"virginia", "sydney", 207, 206},
    Measured{"oregon", "ireland", 135, 136},
    Measured{"oregon", "london", 144, 145},
    Measured{"oregon", "frankfurt", 160, 159},
    Measured{"oregon", "cape_town", 267, 268},
    Measured{"oregon", "mumbai", 218, 218},
    Measured{"oregon", "singapore", 165, 165},
    Measured{"oregon", "hong_kong", 144, 146},
    Measured{"oregon", "tokyo", 102, 103},
    Measured{"oregon", "sydney", 179, 180},
    Measured{"ireland", "london", 15, 14},
    Measured{"ireland", "frankfurt", 29, 28},
    Measured{"ireland", "cape_town", 161, 160},
    Measured{"ireland", "mumbai", 160, 159},
    Measured{"ireland", "singapore", 236, 236},
    Measured{"ireland", "hong_kong", 266, 265},
    Measured{"ireland", "tokyo", 232, 232},
    Measured{"ireland", "sydney", 272, 272},
    Measured{"london", "frankfurt", 20, 19},
    Measured{"london", "cape_town", 152, 152},
    Measured{"london", "mumbai", 151, 150},
    Measured{"london", "singapore", 183, 183},
    Measured{"london", "hong_kong", 274, 274},
    Measured{"london", "tokyo", 235, 237},
    Measured{"london", "sydney", 277, 277},
    Measured{"frankfurt", "cape_town", 156, 157},
    Measured{"frankfurt", "mumbai", 150, 151},
    Measured{"frankfurt", "singapore", 179, 179},
    Measured{"frankfurt", "hong_kong", 244, 244},
    Measured{"frankfurt", "tokyo", 246, 250},
    Measured{"frankfurt", "sydney", 290, 291},
    Measured{"cape_town", "mumbai", 154, 154},
    Measured{"cape_town", "singapore", 241, 215},
    Measured{"cape_town", "hong_kong", 269, 270},
    Measured{"cape_town", "tokyo", 310, 312},
    Measured{"cape_town", "sydney", 341, 339},
    Measured{"mumbai", "singapore", 59, 58},
    Measured{"mumbai", "hong_kong", 95, 96},
    Measured{"mumbai", "tokyo", 129, 129},
    Measured{"mumbai", "sydney", 152, 151},
    Measured{"singapore", "hong_kong", 40, 41},
    Measured{"singapore", "tokyo", 74, 74},
    Measured{"singapore", "sydney", 98, 98},
    Measured{"hong_kong", "tokyo", 53, 51},
    Measured{"hong_kong", "sydney", 128, 127},
    Measured{"tokyo", "sydney", 105, 105},
    Measured{"beijing", "sao_paulo", 369, 369},
    Measured{"beijing", "sydney", 168, 168},
    Measured{"beijing", "hong_kong", 40, 40},
    // clang-format on
};

/// The mean of both directions.
std::optional<sim::Duration> find_measured(std::string_view a, std::string_view b) {
    const auto* const found = std::ranges::find_if(measured, [a, b](const Measured& pair) {
        return (pair.a == a && pair.b == b) || (pair.a == b && pair.b == a);
    });
    if (found == measured.end()) return std::nullopt;
    return sim::Duration::milliseconds(found->from_a + found->from_b) / 2;
}

}  // namespace

std::span<const KnownPlace> known_places() { return places; }

const KnownPlace* find_place(std::string_view name) {
    const auto* const found = std::ranges::find(places, name, &KnownPlace::name);
    return found == places.end() ? nullptr : found;
}

std::optional<sim::Duration> round_trip(std::string_view a, std::string_view b) {
    constexpr std::string_view beijing = "beijing";
    constexpr std::string_view gateway = "hong_kong";
    if (const auto own = find_measured(a, b)) return own;
    if (a != beijing && b != beijing) return std::nullopt;
    const auto onward = find_measured(gateway, a == beijing ? b : a);
    if (!onward) return std::nullopt;
    return *find_measured(beijing, gateway) + *onward;
}

double distance(const KnownPlace& a, const KnownPlace& b) {
    constexpr double radius = 6'371'008.8;
    constexpr double degree = std::numbers::pi / 180.0;
    const double north = std::sin((b.latitude - a.latitude) * degree / 2.0);
    const double east = std::sin((b.longitude - a.longitude) * degree / 2.0);
    const double h =
        north * north + std::cos(a.latitude * degree) * std::cos(b.latitude * degree) * east * east;
    return 2.0 * radius * std::asin(std::sqrt(std::min(h, 1.0)));
}

sim::Duration fastest_round_trip(const KnownPlace& a, const KnownPlace& b) {
    constexpr double light = 299'792'458.0 / 1.468;  // metres a second in fibre
    return sim::Duration::from_seconds(2.0 * distance(a, b) / light);
}

}  // namespace archsim::models

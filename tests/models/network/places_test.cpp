// The table of round trips against geography: no message is faster than light in glass.
#include "models/network/places.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace archsim;
using namespace archsim::sim::literals;

TEST_SUITE("network") {
    TEST_CASE("no round trip of the table is faster than light in fibre on the great circle") {
        std::size_t pairs = 0;
        for (const models::KnownPlace& a : models::known_places()) {
            for (const models::KnownPlace& b : models::known_places()) {
                if (a.name == b.name) continue;
                CAPTURE(std::string{a.name} + " and " + std::string{b.name});
                const auto measured = models::round_trip(a.name, b.name);
                REQUIRE(measured.has_value());
                CHECK(*measured == *models::round_trip(b.name, a.name));
                const double times =
                    measured->in_seconds() / models::fastest_round_trip(a, b).in_seconds();
                CHECK(times > 1.0);
                CHECK(times < 7.0);  // and none is absurd; London to Frankfurt has many detours
                ++pairs;
            }
        }
        CHECK(pairs == 13 * 12);
    }

    TEST_CASE("distances agree with those that tables of the world give") {
        // Airport distances by the great-circle mapper differ from city centres by some km.
        const auto between = [](std::string_view a, std::string_view b) {
            return models::distance(*models::find_place(a), *models::find_place(b)) / 1000.0;
        };
        CHECK(between("london", "tokyo") == doctest::Approx(9560).epsilon(0.005));
        CHECK(between("sao_paulo", "beijing") == doctest::Approx(17600).epsilon(0.005));
        CHECK(between("london", "london") == 0.0);
        // A quarter of a meridian is 10 007.5 km on the sphere: pi / 2 x 6371.0088 km.
        const models::KnownPlace pole{"pole", 90.0, 0.0};
        const models::KnownPlace equator{"equator", 0.0, 77.0};
        CHECK(models::distance(pole, equator) == doctest::Approx(10'007'557.2).epsilon(1e-7));
        // 10 007 557 m there and back at 299 792 458 / 1.468 m/s.
        CHECK(models::fastest_round_trip(pole, equator).in_seconds() ==
              doctest::Approx(0.0980082).epsilon(1e-5));
    }

    TEST_CASE("figures are those of the source, both directions averaged") {
        CHECK(models::round_trip("sao_paulo", "virginia") == 120_ms);   // 121 and 119
        CHECK(models::round_trip("singapore", "cape_town") == 228_ms);  // 215 and 241
        CHECK(models::round_trip("london", "frankfurt") == 19'500_us);  // 20 and 19
        CHECK(models::round_trip("beijing", "sao_paulo") == 369_ms);
        CHECK(models::round_trip("tokyo", "beijing") == 92_ms);  // 52 to Hong Kong and 40
        CHECK_FALSE(models::round_trip("london", "atlantis").has_value());
        CHECK_FALSE(models::round_trip("beijing", "atlantis").has_value());
        CHECK(models::find_place("atlantis") == nullptr);
    }
}

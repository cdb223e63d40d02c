// Callers stand left of callees, and nothing overlaps.
#include "reports/layout.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

namespace archsim::reports {

TEST_SUITE_BEGIN("layout");

using Edges = std::vector<std::pair<std::size_t, std::size_t>>;

TEST_CASE("a chain goes from left to right on one line") {
    const Layout layout = lay_out(3, Edges{{0, 1}, {1, 2}});
    CHECK(layout.places[0].x < layout.places[1].x);
    CHECK(layout.places[1].x < layout.places[2].x);
    CHECK(layout.places[0].y == layout.places[2].y);
}

TEST_CASE("a node stands right of the longest way to it") {
    const Layout layout = lay_out(3, Edges{{0, 2}, {0, 1}, {1, 2}});
    CHECK(layout.places[2].x > layout.places[1].x);
}

TEST_CASE("boxes never overlap and stay inside the picture") {
    // A wide fan that joins again, and a circle through a queue.
    Edges edges;
    for (std::size_t i = 1; i <= 7; ++i) {
        edges.emplace_back(0, i);
        edges.emplace_back(i, 8);
    }
    edges.emplace_back(8, 9);
    edges.emplace_back(9, 3);
    const LayoutStyle style;
    const Layout layout = lay_out(10, edges, style);
    for (std::size_t a = 0; a < 10; ++a) {
        CHECK(layout.places[a].x >= 0.0);
        CHECK(layout.places[a].y >= 0.0);
        CHECK(layout.places[a].x + style.box_width <= layout.width);
        CHECK(layout.places[a].y + style.box_height <= layout.height);
        for (std::size_t b = 0; b < a; ++b) {
            const bool apart =
                std::abs(layout.places[a].x - layout.places[b].x) >= style.box_width ||
                std::abs(layout.places[a].y - layout.places[b].y) >= style.box_height;
            CHECK(apart);
        }
    }
}

TEST_CASE("neighbours stand in the order that crosses no arrows") {
    // 0 calls 2, 1 calls 3, with the callees numbered the other way round in a second pair.
    const Layout layout = lay_out(5, Edges{{0, 1}, {0, 2}, {1, 4}, {2, 3}});
    CHECK((layout.places[1].y < layout.places[2].y) == (layout.places[4].y < layout.places[3].y));
}

TEST_CASE("nothing at all is an empty picture") { CHECK(lay_out(0, {}).places.empty()); }

TEST_SUITE_END();

}  // namespace archsim::reports

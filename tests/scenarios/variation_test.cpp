// Variations, grids and Latin samples.
#include "scenarios/variation.hpp"

#include <doctest/doctest.h>

#include <map>

namespace {

using namespace archsim::scenarios;

std::vector<std::string> values(std::string_view text) {
    const auto parsed = parse_variation(text);
    REQUIRE(std::holds_alternative<Variation>(parsed));
    return std::get<Variation>(parsed).values;
}

bool refused(std::string_view text) {
    return std::holds_alternative<std::string>(parse_variation(text));
}

}  // namespace

TEST_SUITE("variations") {
    TEST_CASE("values are ranges or lists") {
        using Values = std::vector<std::string>;
        CHECK(values("a=1..4") == Values{"1", "2", "3", "4"});
        CHECK(values("a=-1..1") == Values{"-1", "0", "1"});
        CHECK(values("a=2..9:3") == Values{"2", "5", "8"});
        CHECK(values("a=5..5") == Values{"5"});
        CHECK(values("/a/b=50/s,100/s") == Values{"50/s", "100/s"});
        CHECK(values(R"(a={"kind": "x", "y": 1},[1,2],"p,q")") ==
              Values{R"({"kind": "x", "y": 1})", "[1,2]", R"("p,q")"});
        CHECK(values("a=b=c") == Values{"b=c"});
        CHECK(std::get<Variation>(parse_variation("/a/b=1")).pointer == "a/b");
    }

    TEST_CASE("mistakes are refused") {
        for (const char* text :
             {"", "a", "a=", "=1", "/=1", "a=4..1", "a=1..4:0", "a=1..4:x", "a=1,,2", "a=1,1",
              "a=0..9999999", "replications=1..3", "a=-9223372036854775808..9223372036854775807"}) {
            CAPTURE(text);
            CHECK(refused(text));
        }
        CHECK(std::get<std::int64_t>(parse_design("grid")) == 0);
        CHECK(std::get<std::int64_t>(parse_design("latin:12")) == 12);
        for (const char* text : {"latin:0", "latin:", "latin:x", "sobol", "latin:-3"})
            CHECK(std::holds_alternative<std::string>(parse_design(text)));
    }

    TEST_CASE("a grid has every combination, the last variation fastest") {
        const VariantSpace space{{{"a", {"1", "2"}}, {"b", {"x", "y", "z"}}}};
        REQUIRE(space.size() == 6);
        CHECK(space.settings(0) == std::vector<std::string>{"a=1", "b=x"});
        CHECK(space.settings(1) == std::vector<std::string>{"a=1", "b=y"});
        CHECK(space.settings(5) == std::vector<std::string>{"a=2", "b=z"});
        CHECK(VariantSpace{{}}.size() == 1);
        CHECK(VariantSpace{{}}.settings(0).empty());
    }

    TEST_CASE("a grid that is too large says so without counting through it") {
        std::vector<Variation> many;
        for (int i = 0; i < 60; ++i) many.push_back({std::to_string(i), {"1", "2", "3"}});
        CHECK(VariantSpace{many}.size() == variant_limit + 1);
    }

    TEST_CASE("a Latin sample sees each value of each variation equally often") {
        std::vector<std::string> ten;
        for (int i = 0; i < 10; ++i) ten.push_back(std::to_string(i));
        const VariantSpace space{{{"a", ten}, {"b", {"x", "y"}}, {"c", {"p", "q", "r"}}}, 20};
        REQUIRE(space.size() == 20);
        std::map<std::string, int> seen;
        for (std::int64_t i = 0; i < 20; ++i) {
            for (const std::string& setting : space.settings(i)) ++seen[setting];
        }
        for (const std::string& value : ten) CHECK(seen["a=" + value] == 2);
        CHECK(seen["b=x"] == 10);
        for (const char* setting : {"c=p", "c=q", "c=r"}) {
            CHECK(seen[setting] >= 6);
            CHECK(seen[setting] <= 7);
        }
        // The variations are mixed: a sorted sample would give the first half of "a" to "x" only.
        bool mixed = false;
        for (std::int64_t i = 0; i < 20; ++i) {
            const auto point = space.point(i);
            mixed = mixed || (point[0] < 5 && point[1] == 1);
        }
        CHECK(mixed);
        CHECK(VariantSpace{space.variations(), 20}.settings(7) == space.settings(7));
    }
}

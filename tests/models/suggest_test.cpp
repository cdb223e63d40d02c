// Distances by hand, and what is near enough to be suggested.
#include "models/suggest.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace archsim::models;

TEST_SUITE("suggest") {
    TEST_CASE("the edit distance counts insertions, deletions, substitutions and swaps") {
        CHECK(edit_distance("", "") == 0);
        CHECK(edit_distance("", "abc") == 3);
        CHECK(edit_distance("kitten", "sitting") == 3);
        CHECK(edit_distance("capcity", "capacity") == 1);
        CHECK(edit_distance("wieght", "weight") == 1);
        CHECK(edit_distance("ca", "abc") == 3);  // no part is edited twice
        CHECK(edit_distance("LRU", "lru") == 0);
    }

    TEST_CASE("the nearest name is suggested only if it is near") {
        const std::vector<std::string> known = {"capacity", "hit_time", "eviction"};
        CHECK(nearest("capcity", known) == "capacity");
        CHECK(nearest("hittime", known) == "hit_time");
        CHECK(nearest("evict", known) == "eviction");
        CHECK_FALSE(nearest("replicas", known).has_value());
        CHECK_FALSE(nearest("", known).has_value());
        CHECK_FALSE(nearest(std::string(100'000, 'c'), known).has_value());
        CHECK(did_you_mean("capcity", known) == "did you mean 'capacity'?");
        CHECK(did_you_mean("replicas", known) == "known: capacity, hit_time, eviction");
        CHECK(did_you_mean("x", std::vector<std::string>{}).empty());
    }

    TEST_CASE("a long list of names is cut") {
        const std::vector<std::string> known(15, "abcdefgh");
        CHECK(did_you_mean("zzzz", known).ends_with("abcdefgh and 3 more"));
    }
}

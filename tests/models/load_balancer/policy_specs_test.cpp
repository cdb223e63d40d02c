// How scenarios write balancing policies: names, parameters, defaults and what is refused.
#include "models/load_balancer/policies.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace archsim::models;

namespace {

std::optional<BalancingConfig> read_policy(const Value& value, Diagnostics& problems) {
    Reader reader{problems};
    return Codec<BalancingConfig>::read(value, reader);
}

}  // namespace

TEST_SUITE("balancing policies in scenarios") {
    TEST_CASE("each has a name of its own, a sentence, and a default that is written as the name") {
        std::set<std::string_view> names;
        BalancingPolicies::for_each([&]<class Policy>() {
            CHECK(names.insert(Policy::name).second);
            CHECK(Policy::summary.ends_with('.'));
            const BalancingConfig config = typename Policy::Config{};
            const Value written = Codec<BalancingConfig>::write(config);
            CHECK(written.is_string());
            Diagnostics problems;
            Reader reader{problems};
            const auto read = Codec<BalancingConfig>::read(written, reader);
            REQUIRE(read.has_value());
            CHECK(AnyBalancingPolicy{*read}.name() == Policy::name);
        });
        CHECK(names.size() == 15);
    }

    TEST_CASE("parameters are read and change what the policy does") {
        Diagnostics problems;
        const auto two = read_policy(Value::object({{"kind", Value::string("power_of_choices")},
                                                    {"choices", Value::integer(3)},
                                                    {"replacement", Value::boolean(true)}}),
                                     problems);
        REQUIRE(two.has_value());
        CHECK(std::get<PowerOfChoices::Config>(*two).choices == 3);
        CHECK(std::get<PowerOfChoices::Config>(*two).replacement);

        const auto ring = read_policy(Value::object({{"kind", Value::string("consistent_hash")},
                                                     {"by", Value::string("address")},
                                                     {"points", Value::string("ketama")},
                                                     {"bounded_load", Value::real(1.25)}}),
                                      problems);
        REQUIRE(ring.has_value());
        CHECK(std::get<ConsistentHash::Config>(*ring).by == HashBy::address);
        CHECK(std::get<ConsistentHash::Config>(*ring).points == RingPoints::ketama);
        CHECK(std::get<ConsistentHash::Config>(*ring).bounded_load == 1.25);

        const auto ties = read_policy(Value::object({{"kind", Value::string("least_connections")},
                                                     {"ties", Value::string("first")}}),
                                      problems);
        REQUIRE(ties.has_value());
        CHECK(std::get<LeastConnections::Config>(*ties).ties == TieBreak::first);
        CHECK_FALSE(problems.has_errors());
    }

    TEST_CASE("a number of points is refused where the scheme fixes it") {
        const auto errors = [](const char* points) {
            Diagnostics problems;
            (void)read_policy(Value::object({{"kind", Value::string("consistent_hash")},
                                             {"points", Value::string(points)},
                                             {"virtual_nodes", Value::integer(100)}}),
                              problems);
            return problems.error_count();
        };
        CHECK(errors("own") == 0);
        CHECK(errors("envoy") == 0);
        CHECK(errors("nginx") == 1);
        CHECK(errors("ketama") == 1);
        CHECK(errors("haproxy") == 1);
    }

    TEST_CASE("values out of range and tables that are not prime are refused") {
        const auto refused = [](std::string_view kind, std::string_view key, Value value) {
            Diagnostics problems;
            const auto config = read_policy(
                Value::object({{"kind", Value::string(std::string(kind))}, {key, value}}),
                problems);
            return !config.has_value() && problems.error_count() == 1;
        };
        CHECK(refused("power_of_choices", "choices", Value::integer(0)));
        CHECK(refused("consistent_hash", "bounded_load", Value::real(1.0)));
        CHECK(refused("consistent_hash", "virtual_nodes", Value::integer(0)));
        CHECK(refused("maglev", "table_size", Value::integer(65536)));
        CHECK(refused("session", "expiry", Value::string("0s")));
        CHECK(refused("first", "limit", Value::integer(-1)));
        CHECK(refused("least_loaded", "ties", Value::string("dice")));
    }
}

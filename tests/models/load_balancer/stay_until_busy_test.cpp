// The example of CONTRIBUTING.md, "Adding a balancing policy": it compiles, it can be listed and
// chosen by name like any other, and it does what its text says.
#include "tests/models/load_balancer/stay_until_busy.hpp"

#include "models/load_balancer/fleet.hpp"
#include "models/load_balancer/policies.hpp"

#include <doctest/doctest.h>

#include <variant>

using namespace archsim;
using namespace archsim::models;

namespace {

// The list as it is once the example has been added to it.
using Extended = PolicyList<RoundRobin, StayUntilBusy>;

class Balanced {
public:
    explicit Balanced(std::int64_t limit) : policy_{StayUntilBusy::Config{.limit = limit}} {
        for (const char* name : {"web/0", "web/1", "web/2"}) fleet.add(name);
    }

    std::optional<std::uint32_t> pick() {
        return policy_.pick(Request{}, fleet.candidates(sim::Instant{}), rng_, nullptr);
    }

    Fleet fleet;

private:
    StayUntilBusy policy_;
    sim::Rng rng_{1};
};

}  // namespace

TEST_SUITE("contributing: a balancing policy") {
    TEST_CASE("the example is a policy, and a list of policies can hold it") {
        static_assert(BalancingPolicy<StayUntilBusy>);
        Diagnostics problems;
        Reader reader{problems};
        const Value written = Value::object(
            {{"kind", Value::string("stay_until_busy")}, {"limit", Value::integer(2)}});
        const auto config = Codec<Extended::Config>::read(written, reader);
        REQUIRE(config.has_value());
        CHECK(problems.all().empty());
        CHECK(std::holds_alternative<StayUntilBusy>(Extended::make(*config)));
        CHECK(std::get<StayUntilBusy::Config>(*config).limit == 2);
    }

    TEST_CASE("a backend serves until it is busy") {
        Balanced balanced{2};
        CHECK(balanced.pick() == 0);
        balanced.fleet.set_in_flight(0, 1);
        CHECK(balanced.pick() == 0);
        balanced.fleet.set_in_flight(0, 2);
        CHECK(balanced.pick() == 1);
        balanced.fleet.set_in_flight(0, 0);
        CHECK(balanced.pick() == 1);
    }

    TEST_CASE("the turn passes on when the serving backend goes away, and comes round again") {
        Balanced balanced{2};
        CHECK(balanced.pick() == 0);
        balanced.fleet.set_usable(0, false);
        CHECK(balanced.pick() == 1);
        balanced.fleet.set_usable(1, false);
        CHECK(balanced.pick() == 2);
        balanced.fleet.set_usable(0, true);
        balanced.fleet.set_usable(2, false);
        CHECK(balanced.pick() == 0);
    }

    TEST_CASE("with all backends busy the turn passes on with every request") {
        Balanced balanced{1};
        for (std::uint32_t i = 0; i < 3; ++i) balanced.fleet.set_in_flight(i, 1);
        CHECK(balanced.pick() == 0);
        CHECK(balanced.pick() == 1);
        CHECK(balanced.pick() == 2);
        CHECK(balanced.pick() == 0);
    }

    TEST_CASE("without a usable backend there is no choice") {
        Balanced balanced{1};
        for (std::uint32_t i = 0; i < 3; ++i) balanced.fleet.set_usable(i, false);
        CHECK_FALSE(balanced.pick().has_value());
    }
}

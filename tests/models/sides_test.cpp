// On which side of which partition a client stands.
#include "models/sides.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <utility>

namespace archsim::models {
namespace {

sim::Instant at(std::int64_t seconds) { return sim::Instant::at(sim::Duration::seconds(seconds)); }

class Client final : public Component {
public:
    explicit Client(const std::string& name) : Component{name, "place"}, node_{*this, name} {
        add_member(node_);
    }
    operator const Node&() const { return node_; }  // NOLINT(google-explicit-constructor)

private:
    struct Spot final : Node {
        using Node::Node;
        sim::Task<Response> serve(Request) override {
            const Response response;
            co_return response;
        }
    };
    Spot node_;
};

TEST_SUITE("sides of a partition") {
    TEST_CASE("without a partition nobody is on a side") {
        const Client here{"here"};
        CHECK(Sides{}.of(here) == 0);
    }

    TEST_CASE("an empty group is everybody who is on no other") {
        const Client near{"near"};
        const Client far{"far"};
        Sides sides;
        sides.announce(at(10), {{"near"}, {}});
        CHECK(sides.of(near) == 1);
        CHECK(sides.of(far) == 2);
    }

    TEST_CASE("who is in no group is not cut off") {
        const Client near{"near"};
        const Client far{"far"};
        const Client between{"between"};
        Sides sides;
        sides.announce(at(10), {{"near"}, {"far"}});
        CHECK(sides.of(near) == 1);
        CHECK(sides.of(far) == 2);
        CHECK(sides.of(between) == 0);
    }

    TEST_CASE("before the first partition its sides count, then those of the one that began last") {
        const Client here{"here"};
        Sides sides;
        const std::size_t late = sides.announce(at(20), {{"elsewhere"}, {}});
        const std::size_t early = sides.announce(at(10), {{"here"}, {}});
        CHECK(sides.of(here) == 1);
        const std::uint64_t before = sides.changes();
        sides.begin(early);
        sides.begin(late);
        CHECK(sides.of(here) == 2);
        CHECK(sides.changes() > before);
    }
}

}  // namespace
}  // namespace archsim::models

// Sticky sessions: they stay, fail over, expire, and do not pile up.
#include "models/load_balancer/session.hpp"

#include "tests/models/load_balancer/sequence.hpp"

#include <doctest/doctest.h>

using namespace archsim;
using namespace archsim::models;
using archsim::tests::proxied_fleet;
using archsim::tests::Sequence;

namespace {

sim::Instant at_second(std::int64_t second) {
    return sim::Instant::at(sim::Duration::seconds(second));
}

}  // namespace

TEST_SUITE("sticky sessions") {
    TEST_CASE("a session stays where it was first served, as with the cookies of nginx") {
        Sequence sticky{proxied_fleet({1, 1, 1, 1}), Session::Config{}};
        CHECK(sticky.pick_session(101) == '1');
        CHECK(sticky.pick_session(102) == '2');
        CHECK(sticky.pick_session(1) == '3');
        CHECK(sticky.pick_session(1) == '3');
        CHECK(sticky.pick_session(2) == '4');
        Sequence loss = sticky;
        sticky.join();
        for (int i = 0; i < 6; ++i) CHECK(sticky.pick_session(1) == '3');
        // nginx and HAProxy: s1, and it stays there even when s3 is back.
        loss.down('3');
        CHECK(loss.pick_session(1) == '1');
        loss.fleet.set_usable(2, true);
        for (int i = 0; i < 5; ++i) CHECK(loss.pick_session(1) == '1');
        CHECK(loss.pick_session(2) == '4');
    }

    TEST_CASE("a cookie expires after its time of silence and not before") {
        Sequence sticky{proxied_fleet({1, 1, 1}), Session::Config{sim::Duration::seconds(10)}};
        CHECK(sticky.pick_session(7, at_second(0)) == '1');
        // Each request renews the cookie.
        CHECK(sticky.pick_session(7, at_second(9)) == '1');
        CHECK(sticky.pick_session(7, at_second(18)) == '1');
        CHECK(sticky.pick_session(7, at_second(28)) == '2');
    }

    TEST_CASE("the table holds only the sessions seen within the expiry") {
        Session policy{Session::Config{sim::Duration::seconds(10)}};
        const Fleet fleet = proxied_fleet({1, 1});
        sim::Rng rng{1};
        for (std::int64_t second = 0; second < 1000; ++second) {
            Request request;
            request.session = static_cast<std::uint64_t>(second);
            CHECK(policy.pick(request, fleet.candidates(at_second(second)), rng, nullptr));
            CHECK(policy.size() <= 10);
        }
        CHECK(policy.size() == 10);
    }

    TEST_CASE("fail-overs are counted once per move and a copy goes its own way") {
        Session policy{Session::Config{}};
        Fleet fleet = proxied_fleet({1, 1});
        sim::Rng rng{1};
        Request request;
        request.session = 5;
        CHECK(policy.pick(request, fleet.candidates({}), rng, nullptr) == 0U);
        fleet.set_usable(0, false);
        Session copy = policy;
        CHECK(policy.pick(request, fleet.candidates({}), rng, nullptr) == 1U);
        CHECK(policy.pick(request, fleet.candidates({}), rng, nullptr) == 1U);
        CHECK(policy.failovers() == 1);
        CHECK(copy.failovers() == 0);
        CHECK(copy.size() == 1);
        fleet.set_usable(0, true);
        CHECK(copy.pick(request, fleet.candidates({}), rng, nullptr) == 0U);
        copy = policy;
        CHECK(copy.pick(request, fleet.candidates({}), rng, nullptr) == 1U);
    }

    TEST_CASE("with no usable server a session keeps its place and gets no answer") {
        Sequence sticky{proxied_fleet({1}), Session::Config{}};
        CHECK(sticky.pick_session(1) == '1');
        sticky.down('1');
        CHECK(sticky.pick_session(1) == '-');
        sticky.join();
        CHECK(sticky.pick_session(1) == '2');
    }
}

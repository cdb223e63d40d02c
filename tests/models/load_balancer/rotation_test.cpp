// Deterministic policies against what nginx 1.22.1 and 1.31.5 and HAProxy 2.6.12 really did.
#include "tests/models/load_balancer/sequence.hpp"

#include <doctest/doctest.h>

using namespace archsim;
using namespace archsim::models;
using archsim::tests::proxied_fleet;
using archsim::tests::Sequence;

namespace {

const std::vector<double> equal4 = {1, 1, 1, 1};

struct Weighted {
    std::vector<double> weights;
    std::string nginx;      ///< Two periods of round robin, and of least_conn when idle.
    std::string static_rr;  ///< One period of HAProxy static-rr.
};
const Weighted weighted_rows[] = {
    {{1, 1, 1, 1}, "12341234", "1234"},
    {{5, 1, 1}, "11213111121311", "1112113"},
    {{3, 2, 1}, "121321121321", "112123"},
    {{4, 3, 2, 1}, "12312413211231241321", "1212312134"},
    {{1, 2, 3, 4}, "43241342344324134234", "1243423434"},
    {{2, 1}, "121121", "112"},
    {{7, 3}, "12111211211211121121", "1112112112"},
    {{10, 1}, "1111121111111111211111", "11111111112"},
    {{1, 1, 2}, "31233123", "1323"},
    {{6, 3, 1}, "12112131211211213121", "1121121213"},
};

}  // namespace

TEST_SUITE("balancing in rotation") {
    TEST_CASE("weighted round robin takes the turns of nginx for every set of weights") {
        for (const Weighted& row : weighted_rows) {
            CAPTURE(row.nginx);
            Sequence smooth{proxied_fleet(row.weights), WeightedRoundRobin::Config{}};
            CHECK(smooth.picks(static_cast<int>(row.nginx.size())) == row.nginx);
        }
    }

    TEST_CASE("idle weighted least connections takes the same turns as nginx least_conn") {
        for (const Weighted& row : weighted_rows) {
            CAPTURE(row.nginx);
            Sequence idle{proxied_fleet(row.weights), WeightedLeastConnections::Config{}};
            CHECK(idle.picks(static_cast<int>(row.nginx.size())) == row.nginx);
        }
    }

    TEST_CASE("the map of haproxy hashing is a period of its static rotation") {
        for (const Weighted& row : weighted_rows) {
            CAPTURE(row.static_rr);
            const Fleet fleet = proxied_fleet(row.weights);
            std::string digits;
            for (const std::uint32_t i : HashChoice::static_rotation(fleet.candidates({}))) {
                digits += static_cast<char>('1' + i);
            }
            CHECK(digits == row.static_rr);
        }
    }

    TEST_CASE("round robin ignores weights and keeps its position over a loss") {
        Sequence turns{proxied_fleet({5, 1, 1, 1}), RoundRobin::Config{}};
        CHECK(turns.picks(5) == "12341");
        turns.down('3');
        // HAProxy roundrobin, server in maintenance: s2, then 4 1 2 4 1.
        CHECK(turns.picks(6) == "241241");
    }

    TEST_CASE("a server that joins gets its turn at the end of the round") {
        Sequence turns{proxied_fleet(equal4), RoundRobin::Config{}};
        CHECK(turns.picks(5) == "12341");
        turns.join();
        // nginx with a live change (DNS) and HAProxy static-rr: s2, then 3 4 5 1 2.
        CHECK(turns.picks(6) == "234512");

        Sequence smooth{proxied_fleet(equal4), WeightedRoundRobin::Config{}};
        CHECK(smooth.picks(5) == "12341");
        smooth.join();
        CHECK(smooth.picks(6) == "234512");
    }

    TEST_CASE("weighted round robin with weights 1 1 2 1 answers the exercise as nginx") {
        Sequence turns{proxied_fleet({1, 1, 2, 1}), WeightedRoundRobin::Config{}};
        CHECK(turns.picks(8) == "31243312");
        Sequence loss{proxied_fleet({1, 1, 2, 1}), WeightedRoundRobin::Config{}};
        CHECK(loss.picks(2) == "31");
        loss.down('3');
        // The same with s3 dead on nginx and in maintenance on HAProxy.
        CHECK(loss.pick() == '2');
    }

    TEST_CASE("first takes the first server and the next only when it is full") {
        Sequence first{proxied_fleet(equal4), FirstUsable::Config{}};
        CHECK(first.picks(3) == "111");
        Sequence limited{proxied_fleet(equal4), FirstUsable::Config{2}};
        CHECK(limited.open() == '1');
        CHECK(limited.open() == '1');
        CHECK(limited.open() == '2');
        limited.down('2');
        CHECK(limited.open() == '3');
        CHECK(limited.open() == '3');
        CHECK(limited.open() == '4');
        CHECK(limited.open() == '4');
        CHECK(limited.pick() == '-');
        limited.close_all('3');
        CHECK(limited.pick() == '3');
    }
}

TEST_SUITE("least connections") {
    TEST_CASE("with one connection open on s3 nginx breaks ties among the other servers") {
        Sequence conns{proxied_fleet(equal4), WeightedLeastConnections::Config{}};
        CHECK(conns.pick() == '1');
        CHECK(conns.pick() == '2');
        CHECK(conns.open() == '3');
        CHECK(conns.picks(3) == "441");
        CHECK(conns.picks(5) == "24124");

        Sequence joined{proxied_fleet(equal4), WeightedLeastConnections::Config{}};
        joined.pick();
        joined.pick();
        joined.open();
        joined.picks(2);
        joined.join();
        CHECK(joined.picks(6) == "125412");
    }

    TEST_CASE("when every session stays open nginx gives s4 s4 s3, and s5 when it joins") {
        Sequence conns{proxied_fleet(equal4), WeightedLeastConnections::Config{}};
        CHECK(conns.open() == '1');
        CHECK(conns.open() == '2');
        CHECK(conns.open() == '3');
        CHECK(conns.open() == '4');
        CHECK(conns.open() == '4');
        Sequence joined = conns;
        CHECK(conns.open() == '3');
        joined.join();
        CHECK(joined.open() == '5');
    }

    TEST_CASE("with connections 1 1 0 2 nginx keeps to s3") {
        Sequence conns{proxied_fleet(equal4), WeightedLeastConnections::Config{}};
        std::string prelude;
        for (int i = 0; i < 6; ++i) prelude += conns.open();
        CHECK(prelude == "123443");
        conns.close_all('3');
        CHECK(conns.picks(2) == "33");
        Sequence loss = conns;
        Sequence joined = conns;
        CHECK(conns.picks(6) == "333333");
        loss.down('3');
        // nginx with s3 dead: s2, then 1 2 1 2 1.
        CHECK(loss.picks(6) == "212121");
        joined.join();
        CHECK(joined.picks(6) == "353535");
    }

    TEST_CASE("idle least connections rotates when ties are broken by weighted round robin") {
        Sequence idle{proxied_fleet(equal4),
                      LeastConnections::Config{TieBreak::weighted_round_robin}};
        CHECK(idle.picks(5) == "12341");
        idle.join();
        CHECK(idle.picks(6) == "234512");
    }

    TEST_CASE("ties go to the first server on request and weights do not count") {
        Sequence conns{proxied_fleet({1, 9, 9}), LeastConnections::Config{TieBreak::first}};
        CHECK(conns.open() == '1');
        CHECK(conns.open() == '2');
        CHECK(conns.open() == '3');
        CHECK(conns.open() == '1');
    }

    TEST_CASE("weighted least connections fills servers in proportion to their weights") {
        Sequence conns{proxied_fleet({3, 1}), WeightedLeastConnections::Config{TieBreak::first}};
        for (int i = 0; i < 40; ++i) conns.open();
        CHECK(conns.fleet.at(0).in_flight == 30);
        CHECK(conns.fleet.at(1).in_flight == 10);
    }

    TEST_CASE("least loaded follows the reports and not the requests in flight") {
        Sequence loaded{proxied_fleet(equal4), LeastLoaded::Config{TieBreak::first}};
        const double reports[] = {0.7, 0.4, 0.2, 0.5};
        for (std::uint32_t i = 0; i < 4; ++i) loaded.fleet.set_load(i, reports[i]);
        loaded.fleet.set_in_flight(2, 50);
        CHECK(loaded.pick() == '3');
        loaded.down('3');
        CHECK(loaded.pick() == '2');
    }

    TEST_CASE("least response time tries every server once, then keeps to the fastest") {
        // nginx least_time with delays of 40, 20, 10 and 30 ms: 1234333333333333.
        const std::int64_t delays[] = {40, 20, 10, 30};
        Sequence timed{proxied_fleet(equal4), LeastResponseTime::Config{TieBreak::first}};
        std::string digits;
        for (int i = 0; i < 16; ++i) {
            digits += timed.pick();
            const auto index = static_cast<std::uint32_t>(digits.back() - '1');
            timed.fleet.set_response_time(index, sim::Duration::milliseconds(delays[index]));
        }
        CHECK(digits == "1234333333333333");
        // Two requests in flight on s3 make it 30 ms: worse than the 20 ms of an idle s2.
        timed.fleet.set_in_flight(2, 2);
        CHECK(timed.pick() == '2');
        // A weight of 2 halves the 40 ms of s1 and ties with s2.
        timed.fleet.set_weight(0, 2.0);
        CHECK(timed.pick() == '1');
        timed.join();
        CHECK(timed.pick() == '5');
    }
}

// Hashing policies against nginx and HAProxy: 200 users, the exercise, and what moves.
#include "tests/models/load_balancer/sequence.hpp"

#include <doctest/doctest.h>

using namespace archsim;
using namespace archsim::models;
using archsim::tests::proxied_fleet;
using archsim::tests::Sequence;

namespace {

const std::vector<double> equal4 = {1, 1, 1, 1};

std::string map_of_users(const BalancingConfig& config, std::uint64_t users = 200) {
    Sequence hashed{proxied_fleet(equal4), config};
    std::string digits;
    for (std::uint64_t user = 0; user < users; ++user) digits += hashed.pick_session(user);
    return digits;
}

/// The choice for a text with four servers, with s3 down, and with s5 added.
struct Answers {
    char now = '-', down = '-', added = '-';
};
Answers answers_for(const BalancingConfig& config, std::string_view text) {
    Answers answers;
    const auto ask = [&](const Fleet& fleet) {
        AnyBalancingPolicy policy{config};
        const auto chosen = policy.pick_identity(text, fleet.candidates({}), nullptr);
        return chosen ? static_cast<char>('1' + *chosen) : '-';
    };
    Fleet fleet = proxied_fleet(equal4);
    answers.now = ask(fleet);
    fleet.set_usable(2, false);
    answers.down = ask(fleet);
    fleet.set_usable(2, true);
    fleet.add("127.0.0.15:9100");
    answers.added = ask(fleet);
    return answers;
}

Request from_address(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
    Request request;
    request.address = (a << 24) | (b << 16) | (c << 8) | d;
    return request;
}

}  // namespace

TEST_SUITE("balancing by hash") {
    TEST_CASE("the nginx formula sends 200 users where nginx hash sent them") {
        CHECK(map_of_users(HashChoice::Config{HashBy::session, HashFormula::nginx}) ==
              "32144123233214412323412332141414322341412341143232321441232341233214141432234141"
              "14322341414123321414143223414141233214143214412323234114323214322341414123321414"
              "3214412323234114323223411432323214412323");
    }

    TEST_CASE("the haproxy formula sends 200 users where HAProxy map-based hashing sent them") {
        CHECK(map_of_users(HashChoice::Config{HashBy::session, HashFormula::haproxy}) ==
              "23412341233412341234234123412312341234124123412341341234123423412341231234123412"
              "41234123413412341234341234123423412341231234123412412341234134123412342341234123"
              "1234123412412341234134123412342341234123");
    }

    TEST_CASE("consistent_hash hashes the session as user and number") {
        ConsistentHash::Config config;
        config.points = RingPoints::nginx;
        CHECK(map_of_users(config, 20) == "21414213132244213231");
        config.points = RingPoints::haproxy;
        CHECK(map_of_users(config, 20) == "42234431213334343214");
    }

    TEST_CASE("a server that is down keeps its stretch of the nginx hash") {
        // 10 000 users on nginx with s3 marked down: 2500, 4997, 0, 2503.
        Sequence hashed{proxied_fleet(equal4), HashChoice::Config{}};
        hashed.down('3');
        int count[4] = {};
        for (std::uint64_t user = 0; user < 10'000; ++user) {
            ++count[hashed.pick_session(user) - '1'];
        }
        CHECK(count[0] == 2500);
        CHECK(count[1] == 4997);
        CHECK(count[2] == 0);
        CHECK(count[3] == 2503);
    }

    TEST_CASE("hashing policies answer the exercise as the real balancers") {
        struct Row {
            BalancingConfig config;
            std::string user;
            std::string expected;  ///< Now, with s3 down, with s5 added.
        };
        ConsistentHash::Config nginx_ring;
        nginx_ring.points = RingPoints::nginx;
        ConsistentHash::Config haproxy_ring;
        haproxy_ring.points = RingPoints::haproxy;
        ConsistentHash::Config envoy_ring;
        envoy_ring.points = RingPoints::envoy;
        envoy_ring.virtual_nodes = 1024;
        const Row rows[] = {
            {HashChoice::Config{HashBy::session, HashFormula::nginx}, "u1-3", "343"},
            {HashChoice::Config{HashBy::session, HashFormula::haproxy}, "u1-3", "314"},
            {nginx_ring, "u1-4", "313"},
            {haproxy_ring, "u1-2", "323"},
            {envoy_ring, "u1-0", "343"},
            {MaglevHash::Config{}, "u1-0", "313"},
        };
        for (const Row& row : rows) {
            const Answers found = answers_for(row.config, row.user);
            CAPTURE(row.expected);
            CHECK(std::string{found.now, found.down, found.added} == row.expected);
        }
        CHECK(answers_for(HashChoice::Config{HashBy::session, HashFormula::nginx}, "u2").now ==
              '3');
        CHECK(answers_for(HashChoice::Config{HashBy::session, HashFormula::haproxy}, "u2").now ==
              '2');
        CHECK(answers_for(nginx_ring, "u2").now == '1');
        CHECK(answers_for(haproxy_ring, "u2").now == '4');
        CHECK(answers_for(envoy_ring, "u2").now == '3');
        CHECK(answers_for(MaglevHash::Config{}, "u2").now == '4');
    }

    TEST_CASE("ip_hash follows nginx for the addresses of the exercise") {
        Sequence hashed{proxied_fleet(equal4), IpHash::Config{}};
        CHECK(hashed.pick(from_address(127, 0, 6, 1)) == '3');
        CHECK(hashed.pick(from_address(127, 0, 2, 1)) == '3');
        CHECK(hashed.pick(from_address(127, 0, 1, 1)) == '2');
        // The fourth octet does not count.
        CHECK(hashed.pick(from_address(127, 0, 6, 254)) == '3');
        Sequence loss = hashed;
        loss.down('3');
        CHECK(loss.pick(from_address(127, 0, 6, 1)) == '4');
        CHECK(loss.pick(from_address(127, 0, 2, 1)) == '4');
        hashed.join();
        CHECK(hashed.pick(from_address(127, 0, 6, 1)) == '2');
    }

    TEST_CASE("ip_hash goes round robin when twenty retries find nobody") {
        // Weights of 1 to 200 against 1: the hash hardly ever meets the one usable server.
        std::vector<double> weights(200, 100.0);
        weights[77] = 0.5;
        Sequence hashed{proxied_fleet(weights), IpHash::Config{}};
        for (std::uint32_t i = 0; i < 200; ++i) hashed.fleet.set_usable(i, i == 77);
        for (std::uint32_t i = 0; i < 20; ++i) {
            CHECK(hashed.pick(from_address(10, 0, i, 1)) == static_cast<char>('1' + 77));
        }
    }

    TEST_CASE("requests are told apart by what the configuration names and nothing else") {
        Request request = from_address(10, 1, 2, 3);
        request.session = 17;
        request.key = 4;
        CHECK(IdentityText(request, HashBy::session).view() == "user17");
        CHECK(IdentityText(request, HashBy::key).view() == "key4");
        CHECK(IdentityText(request, HashBy::address).view() == "10.1.2.3");
        request.session = ~std::uint64_t{0};
        CHECK(IdentityText(request, HashBy::session).view() == "user18446744073709551615");
    }

    TEST_CASE("a bounded ring never gives a backend more than its bound") {
        ConsistentHash::Config config;
        config.bounded_load = 1.25;
        Sequence bounded{proxied_fleet({1, 1, 2, 1, 1}), config};
        sim::Rng rng{3};
        std::uint64_t total = 0;
        int passed_on = 0;
        for (int step = 0; step < 2'000; ++step) {
            Request request;
            request.session = rng.below(40);  // few sessions, so that some servers would overflow
            const auto chosen = static_cast<std::uint32_t>(bounded.pick(request) - '1');
            config.bounded_load.reset();
            Sequence plain{bounded.fleet, config};
            if (step % 20 == 0) {
                passed_on += plain.pick(request) != static_cast<char>('1' + chosen) ? 1 : 0;
            }
            bounded.fleet.set_in_flight(chosen, bounded.fleet.at(chosen).in_flight + 1);
            ++total;
            const double share = bounded.fleet.at(chosen).weight / 6.0;
            CHECK(bounded.fleet.at(chosen).in_flight <= load_bound(1.25, total, share));
            const auto ends = static_cast<std::uint32_t>(rng.below(5));
            if (step > 100 && bounded.fleet.at(ends).in_flight > 0) {
                bounded.fleet.set_in_flight(ends, bounded.fleet.at(ends).in_flight - 1);
                --total;
            }
        }
        CHECK(passed_on > 0);
    }

    TEST_CASE("a loss moves only the sessions of the lost server on rings and with rendezvous") {
        for (const BalancingConfig& config : {BalancingConfig{ConsistentHash::Config{}},
                                              BalancingConfig{RendezvousHash::Config{}}}) {
            Sequence hashed{proxied_fleet(equal4), config};
            std::string before;
            std::string after;
            for (std::uint64_t user = 0; user < 400; ++user) before += hashed.pick_session(user);
            hashed.down('2');
            for (std::uint64_t user = 0; user < 400; ++user) after += hashed.pick_session(user);
            for (std::size_t i = 0; i < before.size(); ++i) {
                if (before[i] == '2') {
                    CHECK(after[i] != '2');
                } else {
                    CHECK(after[i] == before[i]);
                }
            }
        }
    }
}

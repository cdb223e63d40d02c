// Bandwidth and shared lines, exact to the nanosecond, and by timelines of whole scenarios.
#include "models/network/network.hpp"
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

using namespace archsim;
using namespace archsim::sim::literals;
using doctest::Approx;

namespace {

class Stop final : public models::Node {
public:
    Stop(models::Component& owner, std::uint32_t region) : Node{owner, "stop"} {
        set_region(region);
    }
    sim::Task<models::Response> serve(models::Request) override {
        models::Response response;
        co_return response;
    }
};

class Host final : public models::Component {
public:
    explicit Host(const std::string& name, std::uint32_t region)
        : Component{name, "place"}, node{*this, region} {}
    Stop node;
};

/// Two places in regions 0 and 1 that are 10 ms apart.
struct World {
    Host here{"here", 0};
    Host there{"there", 1};
    models::Network network;
    models::LinkConfig edge;
    sim::Rng rng{1};
    World() { network.set_between(0, 1, sim::Distribution::constant(10_ms)); }
    [[nodiscard]] sim::Duration send(const models::Link& link, const models::Way& way,
                                     std::int64_t bytes, sim::Duration at) {
        return *models::send_over(link, way, sim::Bytes{bytes}, sim::Instant::at(at), rng);
    }
};

/// Requests of 1000 bytes at 100, 200, 300 ... ms over 10 ms each way, answers of `answer` bytes.
tests::Measured transfers(const std::string& bandwidth, const std::string& answer,
                          const std::string& edge = R"("web")", const std::string& rest = "",
                          const std::string& duration = "1050ms") {
    return tests::run_text(R"("duration": ")" + duration + R"(", "regions": ["here", "there"],
        "network": {"between": [["here", "there", "10ms"]], "bandwidth": )" +
                           bandwidth + R"(}, "nodes": {
        "users": {"kind": "open_loop", "region": "here",
                  "arrivals": {"kind": "constant", "rate": "10/s"},
                  "operations": [{"name": "get", "size": "1000B"}], "calls": [)" +
                           edge + R"(]},
        "web": {"kind": "service", "region": "there", "service_time": "5ms",
                "response_size": ")" +
                           answer + R"("}})" + rest);
}

}  // namespace

TEST_SUITE("network") {
    TEST_CASE("a message takes its delay and its size over the bandwidth, to the nanosecond") {
        World world;
        world.network.set_bandwidth_between(0, 1, sim::Bandwidth::bits_per_second(3'000'000),
                                            false);
        const models::Link& link =
            world.network.connect(world.here.node, world.there.node, world.edge);
        // 1000 bytes are 8000 bits: 8000 / 3e6 s = 2 666 666.67 ns, rounded up.
        CHECK(world.send(link, link.out, 1000, 0_ms) == 12'666'667_ns);
        CHECK(world.send(link, link.back, 1000, 0_ms) == 12'666'667_ns);
        // Each message has the bandwidth for itself, so the next one is not held up.
        CHECK(world.send(link, link.out, 1000, 0_ms) == 12'666'667_ns);
        CHECK(world.send(link, link.out, 0, 0_ms) == 10_ms);
    }

    TEST_CASE("messages pass a shared line one after the other, each direction for itself") {
        World world;
        world.network.set_bandwidth_between(0, 1, sim::Bandwidth::bits_per_second(8'000'000), true);
        const models::Link& one =
            world.network.connect(world.here.node, world.there.node, world.edge);
        const models::Link& other =
            world.network.connect(world.there.node, world.here.node, world.edge);
        // A byte takes 1 us. Three messages of 3000 bytes leave at 3, 6 and 9 ms.
        CHECK(world.send(one, one.out, 3000, 0_ms) == 13_ms);
        CHECK(world.send(one, one.out, 3000, 0_ms) == 16_ms);
        CHECK(world.send(one, one.out, 3000, 1_ms) == 18_ms);  // 9 - 1 + 10
        // The answers of the other link go the same way as those requests and wait behind them.
        CHECK(world.send(other, other.back, 1000, 2_ms) == 18_ms);  // 9 + 1 - 2 + 10
        // The opposite direction is free.
        CHECK(world.send(one, one.back, 1000, 2_ms) == 11_ms);
        CHECK(world.send(other, other.out, 1000, 20_ms) == 11_ms);
        // So is this one, once all have passed; a message without content waits as well.
        CHECK(world.send(one, one.out, 500, 30_ms) == 10'500_us);
        CHECK(world.send(one, one.out, 0, 30_ms) == 10'500_us);
    }

    TEST_CASE("a cut message leaves a shared line alone, a lost one does not") {
        World world;
        world.network.set_bandwidth_between(0, 1, sim::Bandwidth::bits_per_second(8'000'000), true);
        const models::Link& link =
            world.network.connect(world.here.node, world.there.node, world.edge);
        const auto size = sim::Bytes{5000};
        const auto impair = [&](models::Disturbance disturbance) {
            return world.network.impair({{"here"}, {"there"}, disturbance, {}});
        };
        const std::size_t cut = impair({.cut = true, .loss = 0.0, .slower = {}});
        CHECK_FALSE(models::send_over(link, link.out, size, sim::Instant{}, world.rng));
        CHECK(world.send(link, link.back, 1000, 0_ms) == 11_ms);  // one-way
        world.network.heal(cut);
        CHECK(world.send(link, link.out, 1000, 0_ms) == 11_ms);
        const std::size_t lossy = impair({.cut = false, .loss = 1.0, .slower = {}});
        CHECK_FALSE(models::send_over(link, link.out, size, sim::Instant{}, world.rng));
        world.network.heal(lossy);
        CHECK(world.send(link, link.out, 1000, 0_ms) == 17_ms);  // behind 1000 and 5000
        impair({.cut = false, .loss = 0.0, .slower = 4_ms});
        CHECK(world.send(link, link.out, 1000, 20_ms) == 15_ms);
    }

    TEST_CASE("what an edge says replaces the network's delay and bandwidth") {
        World world;
        world.network.set_bandwidth_between(0, 1, sim::Bandwidth::bits_per_second(8'000'000), true);
        world.edge.bandwidth = sim::Bandwidth::bits_per_second(80'000'000);
        world.edge.delay = sim::Distribution::constant(1_ms);
        const models::Link& link =
            world.network.connect(world.here.node, world.there.node, world.edge);
        CHECK(world.send(link, link.out, 1000, 0_ms) == 1'100_us);
        CHECK(world.send(link, link.out, 1000, 0_ms) == 1'100_us);
    }

    TEST_CASE("within a region only the bandwidth within counts") {
        World world;
        world.network.set_bandwidth_within(sim::Bandwidth::bits_per_second(8'000'000));
        const Host near{"near", 0};
        const models::Link& link = world.network.connect(world.here.node, near.node, world.edge);
        CHECK(world.send(link, link.out, 1000, 0_ms) == 1_ms);
        const models::Link& far =
            world.network.connect(world.here.node, world.there.node, world.edge);
        CHECK(world.send(far, far.out, 1000, 0_ms) == 10_ms);
    }

    TEST_CASE("a call takes transfer and delay there, work, transfer and delay back") {
        const auto found = transfers(R"({"between": [["there", "here", "8Mbps"]]})", "7000B");
        // 1 + 10 + 5 + 7 + 10 ms.
        CHECK(found["users/latency/max"] == Approx(0.033));
        CHECK(found["users/latency/mean"] == Approx(0.033));
    }

    TEST_CASE("answers larger than their gap queue up on a shared line") {
        // Answers of 150 ms every 100 ms: each waits 50 ms longer than the one before. Alone an
        // answer is there after 1 + 10 + 5 + 150 + 10 ms, so the n-th comes at 150 n + 126 ms: 19
        // of them within 3050 ms.
        const std::string shared = R"({"between": [["here", "there", "8Mbps"]], "shared": true})";
        const auto found = transfers(shared, "150000B", R"("web")", "", "3050ms");
        CHECK(found["users/requests"] == 30.0);
        CHECK(found["users/latency/max"] == Approx(0.176 + 18 * 0.050));
        CHECK(found["users/latency/mean"] == Approx(0.176 + 9 * 0.050));
        const std::string own = R"({"between": [["here", "there", "8Mbps"]]})";
        CHECK(transfers(own, "150000B", R"("web")", "", "3050ms")["users/latency/max"] ==
              Approx(0.176));
    }

    TEST_CASE("a partition one way stops requests, the other way only their answers") {
        // Requests of 400 to 700 ms are sent while it lasts. Without answers the server works.
        const std::string limit = R"({"between": [["here", "there", "8Mbps"]]})";
        const auto cut = [&](const std::string& a, const std::string& b,
                             const std::string& one_way) {
            return transfers(limit, "7000B", R"({"to": "web", "timeout": "50ms"})",
                             R"(, "faults": [{"kind": "partition", "a": [")" + a +
                                 R"("], "b": [")" + b + R"("], "one_way": )" + one_way +
                                 R"(, "at": "390ms", "for": "400ms"}])");
        };
        const auto both = cut("users", "web", "false");
        CHECK(both["users/outcome/timed_out"] == Approx(0.4));
        CHECK(both["web/utilisation"] == Approx(6 * 0.005 / 1.05));
        const auto there = cut("users", "web", "true");
        CHECK(there["users/outcome/timed_out"] == Approx(0.4));
        CHECK(there["web/utilisation"] == Approx(6 * 0.005 / 1.05));
        const auto back = cut("web", "users", "true");
        CHECK(back["users/outcome/timed_out"] == Approx(0.4));
        CHECK(back["web/utilisation"] == Approx(10 * 0.005 / 1.05));
        CHECK(back["users/latency/max"] == Approx(0.033));
    }

    TEST_CASE("delays between regions may have jitter, drawn for each message") {
        const auto found = tests::run_text(R"("duration": "200s", "regions": ["a", "b"],
            "network": {"between": [["a", "b", {"kind": "uniform", "minimum": "10ms",
                                                "maximum": "30ms"}]]},
            "nodes": {"users": {"kind": "open_loop", "region": "a", "calls": ["web"],
                                "arrivals": {"kind": "constant", "rate": "50/s"}},
                      "web": {"kind": "service", "region": "b", "service_time": "1ms"}})");
        // Two draws of mean 20 ms and variance (20 ms)^2 / 12: standard error of 10 000 sums.
        const double error = std::sqrt(2.0 * 0.020 * 0.020 / 12.0 / 10'000.0);
        CHECK(std::abs(found["users/latency/mean"] - 0.041) < 4.0 * error);
        CHECK(found["users/latency/max"] > 0.055);
    }

    TEST_CASE("the table of places gives half a round trip each way, and lists come first") {
        const auto latency = [](const std::string& network, const std::string& more = "") {
            return tests::run_text(R"("duration": "3s", "regions": ["sao_paulo", "beijing"],
                "network": )" + network +
                                   R"(, "nodes": {
                "users": {"kind": "open_loop", "region": "beijing", "calls": [)" +
                                   (more.empty() ? R"("web")" : more) + R"(],
                          "arrivals": {"kind": "constant", "rate": "1/s"}},
                "web": {"kind": "service", "region": "sao_paulo", "service_time": "1ms"}})")
                ["users/latency/max"];
        };
        CHECK(latency(R"({"table": "cloud"})") == Approx(0.370));
        CHECK(latency(R"({"table": "cloud", "between": [["beijing", "sao_paulo", "50ms"]]})") ==
              Approx(0.101));
        CHECK(latency(R"({"table": "cloud"})", R"({"to": "web", "delay": "2ms"})") ==
              Approx(0.005));
    }
}

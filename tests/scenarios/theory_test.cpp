// Predictions against numbers computed independently (exact queueing results, mean work 1 s), and
// that there are none where an assumption of a formula does not hold.
#include "scenarios/theory.hpp"

#include "models/theory/queueing.hpp"
#include "tests/support/scenario_text.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <map>
#include <string>

using namespace archsim;
using namespace archsim::scenarios;
using tests::scenario_of;
using tests::service;
using tests::users;

namespace {

struct Found {
    std::map<std::string, Prediction> all;

    [[nodiscard]] bool has(const std::string& metric) const { return all.contains(metric); }
    /// The predicted value; a test with a number that nobody predicted fails.
    [[nodiscard]] double at(const std::string& metric) const {
        CAPTURE(metric);
        REQUIRE(has(metric));
        return all.at(metric).value;
    }
    [[nodiscard]] std::string formula(const std::string& metric) const {
        REQUIRE(has(metric));
        return all.at(metric).formula;
    }
};

Found predicted(const std::string& nodes, const std::string& rest = "") {
    const Scenario scenario = scenario_of(nodes, rest);
    const World world{scenario, 0};
    Found found;
    for (const Prediction& prediction : predict(scenario, world)) {
        CHECK(found.all.emplace(prediction.metric, prediction).second);
    }
    return found;
}

/// One service behind one source.
Found station(const std::string& rate, const std::string& work, const std::string& more = "") {
    return predicted(users(rate) + ", " + service("web", work, more));
}

doctest::Approx near(double value) { return doctest::Approx(value).epsilon(2e-6); }

const std::string exponential = "exponential 1s";

}  // namespace

TEST_SUITE("theory column") {
    TEST_CASE("M/M/1 gives means, percentiles and utilisation") {
        const Found half = station("0.5/s", exponential);
        CHECK(half.at("web/sojourn_time/mean") == near(2.0));
        const Found found = station("0.8/s", exponential);
        CHECK(found.formula("web/waiting_time/mean") == "M/M/1");
        CHECK(found.at("web/waiting_time/mean") == near(4.0));
        CHECK(found.at("web/waiting_time/p95") == near(13.862944));
        CHECK(found.at("web/sojourn_time/mean") == near(5.0));
        CHECK(found.at("web/sojourn_time/p95") == near(14.978661));
        CHECK(found.at("web/sojourn_time/p99") == near(23.025851));
        CHECK(found.at("web/queue_length/mean") == near(3.2));
        CHECK(found.at("web/utilisation") == near(0.8));
        CHECK(found.at("users/throughput") == near(0.8));
        CHECK(found.at("users/latency/mean") == near(5.0));
        CHECK(found.at("users/latency/p99") == near(23.025851));
        CHECK_FALSE(found.has("web/rejected"));
    }

    TEST_CASE("M/M/c gives the waiting of Erlang C and the sojourn of its two summands") {
        const Found two = station("1.6/s", exponential, R"("servers": 2)");
        CHECK(two.at("web/sojourn_time/mean") == near(2.777778));
        CHECK(two.at("web/utilisation") == near(0.8));
        const Found four = station("3.2/s", exponential, R"("servers": 4)");
        CHECK(four.at("web/sojourn_time/mean") == near(1.745541));
        CHECK(four.at("web/waiting_time/p95") == near(3.098679));
        const Found ten = station("8/s", exponential, R"("servers": 10)");
        CHECK(ten.at("web/waiting_time/mean") == near(0.204590));
        CHECK(ten.formula("web/waiting_time/mean") == "M/M/c, Erlang C");
        // The second load makes both rates of the sojourn equal, where the usual form is 0/0.
        for (const double rate : {1.6, 1.0, 1.9}) {
            const Found found =
                station(std::to_string(rate) + "/s", exponential, R"("servers": 2)");
            const models::theory::Station same{rate, 1.0, 2};
            CHECK(found.at("web/sojourn_time/p99") ==
                  near(models::theory::sojourn_quantile(same, 0.99)));
            CHECK(found.at("users/latency/p95") ==
                  near(models::theory::sojourn_quantile(same, 0.95)));
        }
    }

    TEST_CASE("finite queues give loss, utilisation and the sojourn of those accepted") {
        struct Case {
            const char* rate;
            int servers;
            int queue;
            double loss;
            double throughput;
            double sojourn;
        };
        const Case cases[] = {{"0.8/s", 1, 4, 0.0888195, 0.728944, 2.563065},
                              {"1.2/s", 1, 9, 0.192586, 0.968896, 6.926138},
                              {"3/s", 2, 3, 0.374422, 1.876733, 0.0},
                              {"4.4/s", 4, 16, 0.108322, 0.0, 3.483173}};
        for (const Case& one : cases) {
            CAPTURE(one.rate);
            const Found found = station(one.rate, exponential,
                                        R"("servers": )" + std::to_string(one.servers) +
                                            R"(, "queue": )" + std::to_string(one.queue));
            CHECK(found.at("web/rejected") == near(one.loss));
            if (one.throughput > 0.0) {
                CHECK(found.at("web/utilisation") * one.servers == near(one.throughput));
            }
            if (one.sojourn > 0.0) CHECK(found.at("web/sojourn_time/mean") == near(one.sojourn));
            // Latency is that of requests that ended ok; it is left to the station.
            CHECK_FALSE(found.has("users/latency/mean"));
        }
        CHECK(station("1/s", exponential, R"("queue": 3)").at("web/rejected") == near(0.2));
    }

    TEST_CASE("without a queue the law of the work does not matter") {
        const Found ten = station("8/s", "1s", R"("servers": 10, "queue": 0)");
        CHECK(ten.at("web/rejected") == near(0.121661));
        const Found five =
            predicted(users("3/s") + R"(, "web": {"kind": "service", "servers": 5, "queue": 0,
              "service_time": {"kind": "uniform", "minimum": "0.5s", "maximum": "1.5s"}})");
        CHECK(five.at("web/rejected") == doctest::Approx(0.110054).epsilon(1e-5));
        CHECK(five.formula("web/rejected") == "M/G/c/c, Erlang B");
    }

    TEST_CASE("a store works on reads and writes for their own times") {
        // Reads 0.3/s of mean 1 s and writes 0.1/s of mean 2 s: load 0.3 + 0.2, and the work of any
        // of them has the second moment 3/4 x 2 x 1 + 1/4 x 2 x 4 = 3.5, so that one waits
        // 0.4 x 3.5 / (2 x (1 - 0.5)) = 1.4 s.
        for (const std::string store :
             {R"("store", "read_time": {"kind": "exponential", "mean": "1s"},
                 "write_time": {"kind": "exponential", "mean": "2s"})",
              R"("nosql", "profile": "key_value",
                 "get_time": {"kind": "exponential", "mean": "1s"},
                 "put_time": {"kind": "exponential", "mean": "2s"})"}) {
            CAPTURE(store);
            const Found found = predicted(R"("users": {"kind": "open_loop", "arrivals": "0.4/s",
                "operations": [{"name": "read", "weight": 3}, {"name": "write", "type": "write"}],
                "calls": ["db"]}, "db": {"kind": )" +
                                          store + "}");
            CHECK(found.at("db/utilisation") == near(0.5));
            CHECK(found.at("db/waiting_time/mean") == near(1.4));
            CHECK(found.at("users/read/latency/mean") == near(2.4));
            CHECK(found.at("users/write/latency/mean") == near(3.4));
            CHECK(found.at("users/latency/mean") == near(2.65));
        }
    }

    TEST_CASE("M/G/1 gives the mean waiting of Pollaczek and Khinchine and no percentile") {
        CHECK(station("0.5/s", "1s").at("web/waiting_time/mean") == near(0.5));
        CHECK(station("0.8/s", "1s").at("web/waiting_time/mean") == near(2.0));
        const Found constant = station("0.9/s", "1s");
        CHECK(constant.at("web/waiting_time/mean") == near(4.5));
        CHECK(constant.formula("web/waiting_time/mean") == "M/D/1");
        CHECK(constant.at("users/latency/mean") == near(5.5));
        CHECK_FALSE(constant.has("web/sojourn_time/p99"));
        CHECK_FALSE(constant.has("users/latency/p99"));
        const auto general = [](const std::string& work) {
            return predicted(users("0.8/s") + R"(, "web": {"kind": "service", "service_time": )" +
                             work + "}");
        };
        const Found erlang = general(R"({"kind": "erlang", "mean": "1s", "stages": 2})");
        CHECK(erlang.at("web/waiting_time/mean") == near(3.0));
        CHECK(erlang.formula("web/waiting_time/mean") == "M/G/1, Pollaczek-Khinchine");
        const Found bursty = general(R"({"kind": "hyperexponential", "mean": "1s", "cv": 2})");
        CHECK(bursty.at("web/waiting_time/mean") == near(10.0));
        const Found heavy = general(R"({"kind": "lognormal", "mean": "1s", "cv": 3.16227766})");
        CHECK(heavy.at("web/waiting_time/mean") == near(22.0));
    }

    TEST_CASE("processor sharing gives the same mean sojourn for any law of work") {
        for (const std::string& work : {std::string{"1s"}, exponential}) {
            const Found found = station("0.8/s", work, R"("discipline": "processor_sharing")");
            CHECK(found.at("web/sojourn_time/mean") == near(5.0));
            CHECK(found.at("users/latency/mean") == near(5.0));
            CHECK_FALSE(found.has("web/waiting_time/mean"));
            CHECK_FALSE(found.has("web/sojourn_time/p99"));
        }
    }

    TEST_CASE("instances called in turn are E_k/M/1, with and without a balancer") {
        const Found plain = station("1/s", exponential, R"("instances": 2)");
        CHECK(plain.at("web/sojourn_time/mean") == near(1.618034));
        CHECK(plain.formula("web/sojourn_time/mean") == "E2/M/1, one in turn");
        CHECK(plain.at("web/utilisation") == near(0.5));
        const std::string four = service("web", exponential, R"("instances": 4)");
        const std::string balancer = R"("lb": {"kind": "load_balancer", "calls": ["web"]}, )";
        const Found balanced = predicted(users("3.2/s", R"(["lb"])") + ", " + balancer + four);
        CHECK(balanced.at("web/sojourn_time/mean") == near(3.267384));
        CHECK(balanced.at("users/latency/mean") == near(3.267384));
        CHECK(predicted(users("3.6/s", R"(["lb"])") + ", " + balancer + four)
                  .at("web/sojourn_time/mean") == near(6.383050));
    }

    TEST_CASE("two servers under random and round robin, as one service or as two") {
        const std::string one = service("web", "exponential 10ms", R"("instances": 2)");
        const std::string two =
            service("s1", "exponential 10ms") + ", " + service("s2", "exponential 10ms");
        for (const bool apart : {false, true}) {
            const auto with = [&](const std::string& policy) {
                return predicted(users("100/s", R"(["lb"])") +
                                 R"(, "lb": {"kind": "load_balancer", "policy": ")" + policy +
                                 R"(", "calls": )" +
                                 (apart ? R"(["s1", "s2"]}, )" + two : R"(["web"]}, )" + one));
            };
            const Found random = with("random");
            CHECK(random.at("users/latency/mean") == near(0.020));
            CHECK(random.at("users/latency/p99") == near(0.09210340));
            const Found turns = with("round_robin");
            CHECK(turns.at("users/latency/mean") == near(0.01618034));
            CHECK(turns.at("users/latency/p99") == near(0.07451322));
            // Nobody knows an exact closed form for joining the shorter queue.
            CHECK(with("least_connections").all.empty());
        }
    }

    TEST_CASE("the latency of a tandem is the sum of its sojourns") {
        const std::string stations = service("a", exponential, R"("calls": ["b"])") + ", " +
                                     service("b", "exponential 800ms");
        const Found nested = predicted(users("0.8/s", R"(["a"])") + ", " + stations);
        CHECK(nested.at("users/latency/mean") == near(7.222222));
        CHECK(nested.formula("users/latency/mean") == "M/M/1");
        CHECK_FALSE(nested.has("users/latency/p99"));
        const Found listed =
            predicted(users("0.8/s", R"(["a", "b"])") + ", " + service("a", exponential) + ", " +
                      service("b", "exponential 800ms"));
        CHECK(listed.at("users/latency/mean") == near(7.222222));
        const Found mixed =
            predicted(users("0.8/s", R"(["a"])") + ", " +
                      service("a", exponential, R"("calls": ["b"])") + ", " + service("b", "1s"));
        CHECK(mixed.at("users/latency/mean") == near(5.0 + 3.0));
        CHECK(mixed.formula("users/latency/mean") == "M/D/1 + M/M/1");
    }

    TEST_CASE("delays count out and back, and constant ones shift percentiles") {
        const std::string network = R"("network": {"within": "10ms"})";
        const Found found = predicted(users("0.8/s", R"(["lb"])") +
                                          R"(, "lb": {"kind": "load_balancer", "policy": "random",
                                      "calls": [{"to": "web", "delay": "100ms"}]}, )" +
                                          service("web", exponential),
                                      network);
        CHECK(found.at("users/latency/mean") == near(5.22));
        CHECK(found.at("users/latency/p99") == near(23.025851 + 0.22));
        const Found random = predicted(
            users("0.8/s", R"([{"to": "web", "delay": {"kind": "exponential", "mean": "1s"}}])") +
            ", " + service("web", exponential));
        CHECK(random.at("users/latency/mean") == near(7.0));
        CHECK_FALSE(random.has("users/latency/p99"));
        const Found far = predicted(
            R"("users": {"kind": "open_loop", "arrivals": "0.8/s", "calls": ["web"],
                         "region": "south"}, )" +
                service("web", exponential, R"("region": "north")"),
            R"("regions": ["north", "south"],
               "network": {"between": [["north", "south", "150ms"]], "within": "1ms"})");
        CHECK(far.at("users/latency/mean") == near(5.3));
    }

    TEST_CASE("priorities follow Cobham, for each operation") {
        const Found found = predicted(
            R"("users": {"kind": "open_loop", "arrivals": "0.8/s", "calls": ["web"],
                 "operations": [{"name": "urgent", "weight": 3, "priority": 1},
                                {"name": "usual", "weight": 5}]}, )" +
            service("web", exponential, R"("discipline": "priority")"));
        CHECK(found.at("users/urgent/latency/mean") == near(1.142857 + 1.0));
        CHECK(found.at("users/usual/latency/mean") == near(5.714286 + 1.0));
        CHECK(found.at("web/waiting_time/mean") == near(4.0));
        CHECK(found.formula("web/waiting_time/mean") == "M/G/1 with priorities, Cobham");
        CHECK_FALSE(found.has("web/waiting_time/p95"));
    }

    TEST_CASE("speed divides the work") {
        const Found found = station("1.6/s", exponential, R"("speed": 2)");
        CHECK(found.at("web/sojourn_time/mean") == near(2.5));
        CHECK(found.at("web/utilisation") == near(0.8));
    }

    TEST_CASE("operations of different work share one queue as their mixture") {
        const std::string two = R"("users": {"kind": "open_loop", "arrivals": "0.5/s",
            "operations": [{"name": "short", "weight": 9}, {"name": "long"}], "calls": ["web"]}, )";
        const std::string routes =
            R"("routes": {"short": [{"work": "0.5s"}], "long": [{"work": "5.5s"}]})";
        const Found found = predicted(two + service("web", "1s", routes));
        CHECK(found.at("web/waiting_time/mean") == near(1.625));
        CHECK(found.at("users/short/latency/mean") == near(2.125));
        CHECK(found.at("users/long/latency/mean") == near(7.125));
    }

    TEST_CASE("a chance thins a Poisson stream and latency counts it with its probability") {
        const Found found = predicted(users("0.8/s", R"(["front"])") +
                                      R"(, "front": {"kind": "service", "routes": {"*": [
                  {"chance": "25%", "then": [{"call": "db"}]}]}}, )" +
                                      service("db", exponential));
        CHECK(found.at("db/sojourn_time/mean") == near(1.25));
        CHECK(found.at("users/latency/mean") == near(0.25 * 1.25));
        // A quarter of the requests take an exponential time, the others none.
        CHECK(found.at("users/latency/p99") == near(1.25 * std::log(25.0)));
    }

    TEST_CASE("where fewer wait than a percentile leaves over, nothing is waited at it") {
        // At 4 % of its capacity four requests of a hundred wait at all; the 99th percentile of
        // the waiting time is ln(0.04 / 0.01) / (1 - 0.04).
        const Found found = station("0.04/s", exponential);
        CHECK(found.at("web/waiting_time/p95") == 0.0);
        CHECK(found.at("web/waiting_time/p99") == near(std::log(4.0) / 0.96));
    }
}

// How many requests load sources send: the integral of the rate within four standard deviations,
// and exactly where nothing is random.
#include "tests/support/small_run.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>
#include <string>

using doctest::Approx;

namespace {

using namespace archsim;

const std::string web = R"("web": {"kind": "service"})";

/// Requests sent in `seconds`.
double sent(const std::string& arrivals, int seconds, const std::string& seed = "1") {
    const auto found = tests::run_text(R"("seed": )" + seed + R"(, "duration": ")" +
                                       std::to_string(seconds) + R"(s", "nodes": {
        "users": {"kind": "open_loop", "calls": ["web"], "arrivals": )" +
                                       arrivals + "}, " + web + "}");
    return std::round(found["users/offered"] * seconds);
}

/// Whether a count of a Poisson process fits its mean.
bool fits(double count, double mean) { return std::abs(count - mean) < 4.0 * std::sqrt(mean); }

}  // namespace

TEST_SUITE("arrivals") {
    TEST_CASE("Poisson arrivals come at their rate, and differently for another seed") {
        CHECK(fits(sent(R"("100/s")", 100), 10'000.0));
        CHECK(sent(R"("100/s")", 100, "1") != sent(R"("100/s")", 100, "2"));
    }

    TEST_CASE("constant arrivals are exact, the first after one gap") {
        CHECK(sent(R"({"kind": "constant", "rate": "100/s"})", 10) == 1000.0);
        CHECK(sent(R"({"kind": "constant", "rate": "0.3/s"})", 10) == 3.0);
        CHECK(sent(R"({"kind": "constant", "rate": "0/s"})", 10) == 0.0);
    }

    TEST_CASE("an MMPP has the mean rate of its states and more variance than Poisson") {
        // Stays of 1 and 3 s at 200 and 20 per second: mean 65 per second. The number of cycles in
        // 2000 s is 500; a cycle of length L and count N has variance of N - 65 L of
        // (135 s^2 at 1 s, 45 at 3 s) 135^2 + (45 x 3)^2 + 260 = 36 710.
        const double count = sent(R"({"kind": "mmpp", "states": [
            {"rate": "200/s", "mean_stay": "1s"}, {"rate": "20/s", "mean_stay": "3s"}]})",
                                  2000);
        CHECK(std::abs(count - 130'000.0) < 4.0 * std::sqrt(500.0 * 36'710.0));
    }

    TEST_CASE("a profile follows its line, its steps, and repeats if told so") {
        const std::string points = R"("points": [["0s", "100/s"], ["10s", "500/s"]])";
        CHECK(fits(sent(R"({"kind": "profile", )" + points + "}", 10), 3000.0));
        CHECK(fits(sent(R"({"kind": "profile", )" + points + "}", 20), 8000.0));
        CHECK(fits(sent(R"({"kind": "profile", "steps": true, )" + points + "}", 20), 6000.0));
        CHECK(fits(sent(R"({"kind": "profile", "repeat": true, )" + points + "}", 20), 6000.0));
    }

    TEST_CASE("many rounds of a profile go by between two arrivals") {
        // The rate holds in half of each round of 2 ms, so half of it is the mean rate.
        const std::string sparse = R"({"kind": "profile", "steps": true, "repeat": true, "points":
            [["0s", "RATE"], ["1ms", "0/s"], ["2ms", "0/s"]]})";
        const auto at = [&sparse](const std::string& rate) {
            return std::string(sparse).replace(sparse.find("RATE"), 4, rate);
        };
        CHECK(fits(sent(at("500/s"), 20), 5000.0));
        CHECK(fits(sent(at("1/s"), 4000), 2000.0));
        CHECK(sent(at("0.000000000001/s"), 1000) ==
              0.0);  // 10^14 rounds or more, passed over in one step
        CHECK(sent(at("0/s"), 1000) == 0.0);
    }

    TEST_CASE("a profile may fall to nothing and rise again") {
        CHECK(fits(sent(R"({"kind": "profile", "points": [["0s", "100/s"], ["10s", "0/s"],
                            ["30s", "0/s"], ["40s", "100/s"], ["50s", "0/s"]]})",
                        80),
                   1500.0));
    }

    TEST_CASE("a day swings between base and peak around its peak time") {
        const std::string day = R"({"kind": "diurnal", "base": "10/s", "peak": "100/s",
                                    "period": "100s", "peak_at": "50s"})";
        CHECK(fits(sent(day, 100), 5500.0));
        // Up to 25 s: 55 x 25 less the first quarter of the wave, 45 x 100 / (2 pi).
        CHECK(fits(sent(day, 25), 55.0 * 25.0 - 45.0 * 100.0 / (2.0 * std::numbers::pi)));
    }

    TEST_CASE("a spike adds its burst for its time only") {
        const std::string spike = R"({"kind": "spike", "base": "50/s", "peak": "1000/s",
                                      "at": "10s", "for": "5s"})";
        CHECK(fits(sent(spike, 10), 500.0));
        CHECK(fits(sent(spike, 15), 5500.0));
        CHECK(fits(sent(spike, 30), 6250.0));
    }

    TEST_CASE("a trace is replayed at its times with its operations") {
        const tests::TemporaryFolder folder;
        folder.write("trace.csv",
                     "time,operation,key,size\n0.5,read,1,100\n0.5,read,2,100\n1.25,write,1,50\n"
                     "3,read,1,100\n9,read,1,100\n");
        const auto found = tests::run_text(R"("duration": "4s", "nodes": {
            "users": {"kind": "replay", "file": "trace.csv", "calls": ["web"]},
            "web": {"kind": "service", "service_time": "100ms"}})",
                                           folder.path());
        CHECK(found["users/offered"] * 4.0 == Approx(4.0));  // the last comes after the end
        CHECK(found["users/read/offered"] * 4.0 == Approx(3.0));
        CHECK(found["users/write/offered"] * 4.0 == Approx(1.0));
        CHECK(found["users/latency/max"] == Approx(0.2));  // the second waits for the first
        CHECK(found["users/latency/mean"] == Approx(0.125));
    }

    TEST_CASE("users of a closed loop think, ask, and wait for the answer") {
        // One server of 100 ms and three users without a pause: never more than three at once, and
        // an answer every 100 ms.
        const auto busy = tests::run_text(R"("duration": "10s", "nodes": {
            "users": {"kind": "closed_loop", "users": 3, "calls": ["web"]},
            "web": {"kind": "service", "service_time": "100ms"}})");
        CHECK(busy["users/throughput"] == Approx(10.0).epsilon(0.011));
        CHECK(busy["users/in_flight/mean"] == Approx(3.0));
        CHECK(busy["users/latency/p50"] == Approx(0.3).epsilon(1.0 / 512.0));
        // Think 900 ms, work 100 ms: each user once a second, alone at its server.
        const auto calm = tests::run_text(R"("duration": "10s", "nodes": {
            "users": {"kind": "closed_loop", "users": 1, "think_time": "900ms", "calls": ["web"]},
            "web": {"kind": "service", "service_time": "100ms"}})");
        CHECK(calm["users/in_flight/mean"] == Approx(0.1));
        CHECK(calm["users/latency/max"] == Approx(0.1));
    }
}

// Faults by timelines worked out by hand: requests at known instants, and who of them fails.
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

using doctest::Approx;

namespace {

using namespace archsim;

/// Requests to "web" at 10/s for ten seconds, at 100, 200 ... 10 000 ms; each takes no time.
tests::Measured hundred_requests(const std::string& faults,
                                 const std::string& web = R"("service_time": "0s")") {
    return tests::run_text(R"("duration": "10050ms", "nodes": {
        "users": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "10/s"},
                  "calls": [{"to": "web", "timeout": "50ms"}]},
        "web": {"kind": "service", )" +
                           web + "}}, \"faults\": [" + faults + "]");
}

}  // namespace

TEST_SUITE("faults") {
    TEST_CASE("a fault with every and times begins so often") {
        // Down from 1050 to 2050, 4050 to 5050 and not again: 2 x 10 of 100 requests.
        const auto found = hundred_requests(
            R"({"kind": "crash", "node": "web", "at": "1050ms", "for": "1s", "every": "3s",
                "times": 2})");
        CHECK(found["users/outcome/unreachable"] == Approx(0.20));
    }

    TEST_CASE("without times it begins again to the end of the run") {
        // Down for 1 s from 1050, 4050 and 7050 ms: 30 of 100 requests; from 10 050 ms on nothing.
        const auto found = hundred_requests(
            R"({"kind": "crash", "node": "web", "at": "1050ms", "for": "1s", "every": "3s"})");
        CHECK(found["users/outcome/unreachable"] == Approx(0.30));
    }

    TEST_CASE("flapping: a partition that comes and goes costs the requests in its windows") {
        // Cut off for 0.5 s from each full second and a half: 1050 ... 9050, nine times 5 requests.
        const auto found = hundred_requests(
            R"({"kind": "partition", "isolate": "web", "at": "1050ms", "for": "500ms",
                "every": "1s", "times": 9})");
        CHECK(found["users/outcome/timed_out"] == Approx(0.45));
        CHECK(found["users/outcome/ok"] == Approx(0.55));
    }

    TEST_CASE("groups cut every pair of groups, and who is in none reaches all") {
        const auto found = tests::run_text(R"("duration": "10050ms", "nodes": {
            "a": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "10/s"},
                  "calls": [{"to": "web", "timeout": "50ms"}]},
            "b": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "10/s"},
                  "calls": [{"to": "web", "timeout": "50ms"}]},
            "c": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "10/s"},
                  "calls": [{"to": "web", "timeout": "50ms"}]},
            "web": {"kind": "service", "service_time": "0s"}},
            "faults": [{"kind": "partition", "groups": [["web"], ["a"], ["b"]], "at": "5050ms"}])");
        CHECK(found["a/outcome/timed_out"] == Approx(0.5));
        CHECK(found["b/outcome/timed_out"] == Approx(0.5));
        CHECK(found["c/outcome/ok"] == 1.0);
    }

    TEST_CASE("times that do not fit together are refused") {
        const auto problem = [](const std::string& fault) {
            try {
                static_cast<void>(hundred_requests(fault));
            } catch (const std::runtime_error& error) {
                return std::string{error.what()};
            }
            return std::string{};
        };
        CHECK(problem(R"({"kind": "crash", "node": "web", "at": "1s", "for": "1s", "times": 2})")
                  .find("needs \"every\"") != std::string::npos);
        CHECK(problem(R"({"kind": "crash", "node": "web", "at": "1s", "for": "1s", "every": "1s"})")
                  .find("before it has ended") != std::string::npos);
        CHECK(problem(R"({"kind": "crash", "node": "web", "at": "1s", "every": "1s"})")
                  .find("has to end before") != std::string::npos);
        CHECK(problem(R"({"kind": "partition", "at": "1s"})").find("\"isolate\" or \"groups\"") !=
              std::string::npos);
        CHECK(problem(R"({"kind": "partition", "at": "1s", "groups": [["web"]]})")
                  .find("two groups or more") != std::string::npos);
    }
}

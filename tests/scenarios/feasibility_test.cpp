// What is refused before a run because it would hang, stop or swell it, and what is not: the bounds
// themselves are reached. Single mistakes with their places are in tests/bad.
#include "scenarios/feasibility.hpp"

#include "tests/support/mentions.hpp"
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

using archsim::tests::mentions;

namespace {

using namespace archsim;

/// The problems of a scenario; empty if it is accepted.
std::string problems_of(const std::string& nodes, const std::string& rest = "") {
    try {
        static_cast<void>(
            tests::read_text(R"("duration": "10s", "nodes": {)" + nodes + "}" + rest));
        return {};
    } catch (const std::runtime_error& error) {
        return error.what();
    }
}

/// Load on a balancer of `policy` before web with so many instances.
std::string balanced(const std::string& policy, int instances) {
    return R"("users": {"kind": "open_loop", "arrivals": "1/s", "calls": ["lb"]},
              "lb": {"kind": "load_balancer", "calls": ["web"], "policy": )" +
           policy + R"(}, "web": {"kind": "service", "instances": )" + std::to_string(instances) +
           "}";
}

std::string change(const std::string& kind, int count, const std::string& at) {
    return R"({"kind": ")" + kind + R"(", "node": "web", "count": )" + std::to_string(count) +
           R"(, "at": ")" + at + R"("})";
}

/// s0 calls s1, which calls s2, ...: so many services in a row.
std::string chain(std::size_t length) {
    std::string nodes;
    for (std::size_t i = 0; i < length; ++i) {
        nodes += (i == 0 ? "\"s" : ", \"s") + std::to_string(i) + R"(": {"kind": "service")";
        if (i + 1 < length) nodes += R"(, "calls": ["s)" + std::to_string(i + 1) + R"("])";
        nodes += "}";
    }
    return nodes;
}

const std::string source = R"(, "users": {"kind": "open_loop", "arrivals": "1/s",
                                         "calls": ["s0"]})";

}  // namespace

TEST_SUITE("feasibility") {
    TEST_CASE("messages may get lost where the caller has a timeout, or where nobody calls") {
        const std::string users =
            R"("users": {"kind": "open_loop", "arrivals": "1/s", "calls": ["lb"]}, )";
        const std::string patient = users + R"("lb": {"kind": "load_balancer", "calls": ["web"]},
            "web": {"kind": "service", "instances": 2})";
        const std::string careful = users + R"("lb": {"kind": "load_balancer", "calls": ["web"],
            "timeout": "1s"}, "web": {"kind": "service", "instances": 2})";
        const std::string cut =
            R"(, "faults": [{"kind": "partition", "a": ["lb"], "b": ["web"], "at": "1s"}])";
        const std::string elsewhere =
            R"(, "faults": [{"kind": "partition", "a": ["users"], "b": ["web"], "at": "1s"}])";
        CHECK(problems_of(careful, cut).empty());
        CHECK(problems_of(patient, elsewhere).empty());
        CHECK(mentions(problems_of(patient, cut), "lb would wait for ever"));
        CHECK(mentions(problems_of(patient, cut), "error[no_timeout]"));
    }

    TEST_CASE("a Maglev table holds as many backends as it has entries, at any moment") {
        const std::string policy = R"({"kind": "maglev", "table_size": 5})";
        CHECK(problems_of(balanced(policy, 5)).empty());
        CHECK(mentions(problems_of(balanced(policy, 6)), "5 entries is too small for 6 backends"));
        const auto with = [&policy](const std::string& first, const std::string& second) {
            return problems_of(balanced(policy, 5),
                               R"(, "faults": [)" + first + ", " + second + "]");
        };
        // In the order of time, not of the file: one goes before another comes.
        CHECK(with(change("add_instance", 1, "2s"), change("remove_instance", 1, "1s")).empty());
        CHECK(mentions(with(change("add_instance", 1, "1s"), change("remove_instance", 1, "2s")),
                       "6 backends"));
    }

    TEST_CASE("a ring may have 8 Mi points, not one more") {
        const std::string policy = R"({"kind": "consistent_hash", "virtual_nodes": 65536})";
        CHECK(problems_of(balanced(policy, 128)).empty());  // 2^16 points each
        CHECK(mentions(problems_of(balanced(policy, 129)), "at most 8388608"));
        // Envoy fits its rings to the same bound, so that no number of backends is too large.
        CHECK(problems_of(balanced(R"({"kind": "consistent_hash", "points": "envoy",
                                       "virtual_nodes": 65536})",
                                   1000))
                  .empty());
    }

    TEST_CASE("calls may be nested to a bound, which a run survives") {
        const std::size_t longest = scenarios::longest_chain - 1;  // the users come before
        CHECK(problems_of(chain(longest) + source).empty());
        CHECK(
            mentions(problems_of(chain(longest + 1) + source), "begins a chain of more than 500"));
        const auto found = tests::run_text(R"("duration": "2s", "nodes": {)" + chain(longest) +
                                           R"(, "users": {"kind": "open_loop", "calls": ["s0"],
            "arrivals": {"kind": "constant", "rate": "1/s"}}})");
        CHECK(found["users/requests"] == 2.0);
    }

    TEST_CASE("there is a largest number of nodes") {
        std::string nodes = R"("s0": {"kind": "service"})";
        for (std::size_t i = 1; i <= scenarios::most_nodes; ++i) {
            nodes += ", \"s" + std::to_string(i) + R"(": {"kind": "service"})";
        }
        CHECK(mentions(problems_of(nodes), "10001 nodes; at most 10000"));
    }
}

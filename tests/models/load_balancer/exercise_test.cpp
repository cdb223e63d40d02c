// The worked exercise against what nginx 1.22.1/1.31.5 and HAProxy 2.6.12 answered when run.
#include "models/load_balancer/exercise.hpp"

#include "models/load_balancer/policies.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

using namespace archsim::models;

namespace {

const ExerciseRow& row_of(const ExerciseSolution& solution, const std::string& algorithm,
                          const std::string& variant = {}) {
    const auto found = std::find_if(solution.rows.begin(), solution.rows.end(), [&](const auto& r) {
        return r.algorithm == algorithm && r.variant == variant;
    });
    REQUIRE_MESSAGE(found != solution.rows.end(), algorithm, " ", variant);
    return *found;
}

/// "s4 s1 s2 s2 s2": t1, t2, t3, t3 without s3, t3 with s5.
std::string servers(const ExerciseRow& row) {
    return row.t1.server + " " + row.t2.server + " " + row.t3.server + " " + row.t3_down.server +
           " " + row.t3_added.server;
}

struct Expected {
    std::string algorithm;
    std::string variant;
    std::string answers;
    std::string identities = {};
};

void check_rows(const std::vector<Expected>& rows) {
    const ExerciseSolution solution = solve_load_balancing_exercise(Language::english, 1);
    for (const Expected& expected : rows) {
        const ExerciseRow& row = row_of(solution, expected.algorithm, expected.variant);
        CAPTURE(expected.algorithm);
        CAPTURE(expected.variant);
        CHECK(servers(row) == expected.answers);
        CHECK(row.identities == expected.identities);
        CHECK(row.t1.chances.empty());
    }
}

void check_chances(const ExerciseAnswer& answer, const std::vector<double>& expected) {
    REQUIRE(answer.chances.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        CHECK(answer.chances[i] == doctest::Approx(expected[i]).epsilon(1e-12));
    }
    const auto drawn = static_cast<std::size_t>(answer.server.back() - '1');
    CHECK(answer.chances[drawn] > 0.0);
}

}  // namespace

TEST_SUITE("load balancing exercise") {
    TEST_CASE("rotating policies answer as nginx and HAProxy with a live change and a reload") {
        check_rows({
            // HAProxy roundrobin and static-rr, nginx with DNS.
            {"round_robin", "", "s4 s1 s2 s2 s2"},
            // nginx with a reload.
            {"round_robin", "state lost on a change, as in an nginx reload", "s4 s1 s2 s1 s1"},
            // nginx with s3 dead; with s5 joining live the largest credit is still that of s2.
            {"weighted_round_robin", "weights of s1 to s5: 1, 1, 2, 1, 1; just started",
             "s3 s1 s2 s2 s2"},
            {"weighted_round_robin",
             "weights of s1 to s5: 1, 1, 2, 1, 1; just started; state lost on a change",
             "s3 s1 s2 s1 s3"},
            // HAProxy first, without a connection limit.
            {"first", "", "s1 s1 s1 s1 s1"},
        });
    }

    TEST_CASE("least connections answers as nginx in each state of the open connections") {
        check_rows({
            {"weighted_least_connections", "all servers idle", "s4 s1 s2 s2 s2"},
            {"weighted_least_connections", "state lost on a change, as in an nginx reload",
             "s4 s1 s2 s1 s1"},
            {"weighted_least_connections", "u1's last request still open on s3", "s4 s4 s1 s1 s1"},
            {"weighted_least_connections", "every request stays open", "s4 s4 s3 s2 s5"},
            {"weighted_least_connections", "open requests on s1 to s4: 1, 1, 0, 2",
             "s3 s3 s3 s2 s3"},
            {"least_connections", "all servers idle, ties to the first", "s1 s1 s1 s1 s1"},
        });
    }

    TEST_CASE("sticky and hashing policies answer as the balancer that they follow") {
        check_rows({
            // nginx sticky cookie, HAProxy cookie and stick-table.
            {"session", "", "s3 s4 s3 s1 s3"},
            {"ip_hash", "as nginx", "s3 s3 s3 s4 s2", "u1 = 127.0.6.1, u2 = 127.0.2.1"},
            {"hash", "as nginx", "s3 s3 s3 s4 s3", "u1 = u1-3, u2 = u2"},
            {"hash", "as HAProxy", "s3 s2 s3 s1 s4", "u1 = u1-3, u2 = u2"},
            {"consistent_hash", "as nginx", "s3 s1 s3 s1 s3", "u1 = u1-4, u2 = u2"},
            {"consistent_hash", "as HAProxy", "s3 s4 s3 s2 s3", "u1 = u1-2, u2 = u2"},
            {"consistent_hash", "as Envoy", "s3 s3 s3 s4 s3", "u1 = u1-0, u2 = u2"},
            {"maglev", "", "s3 s4 s3 s1 s3", "u1 = u1-0, u2 = u2"},
        });
    }

    TEST_CASE("policies that measure go to the best server by the stated measures") {
        check_rows({
            {"least_loaded", "loads reported by s1 to s5: 0.7, 0.4, 0.2, 0.5, 0", "s3 s3 s3 s2 s5"},
            {"least_response_time",
             "mean response times of s1 to s4: 40, 20, 10, 30 ms; s5 unknown", "s3 s3 s3 s2 s5"},
        });
    }

    TEST_CASE("policies that draw give the probabilities and a draw that has one") {
        const ExerciseSolution solution = solve_load_balancing_exercise(Language::english, 5);
        const ExerciseRow& random = row_of(solution, "random");
        check_chances(random.t1, {0.25, 0.25, 0.25, 0.25});
        check_chances(random.t3_down, {1 / 3.0, 1 / 3.0, 0.0, 1 / 3.0});
        check_chances(random.t3_added, {0.2, 0.2, 0.2, 0.2, 0.2});
        const ExerciseRow& two = row_of(solution, "power_of_choices", "all servers idle");
        check_chances(two.t2, {0.25, 0.25, 0.25, 0.25});
        check_chances(two.t3_down, {1 / 3.0, 1 / 3.0, 0.0, 1 / 3.0});
        // One request is open on s3: of two distinct servers the other one always wins.
        const ExerciseRow& open =
            row_of(solution, "power_of_choices",
                   "two distinct servers; u1's last request still open on s3");
        check_chances(open.t1, {1 / 3.0, 1 / 3.0, 0.0, 1 / 3.0});
        // With replacement s3 wins only when drawn twice.
        const ExerciseRow& repeated =
            row_of(solution, "power_of_choices",
                   "drawn with replacement; u1's last request still open on s3");
        check_chances(repeated.t1, {5 / 16.0, 5 / 16.0, 1 / 16.0, 5 / 16.0});
        check_chances(row_of(solution, "least_connections", "all servers idle, ties at random").t1,
                      {0.25, 0.25, 0.25, 0.25});
    }

    TEST_CASE("a full server is passed over on a bounded ring") {
        const ExerciseSolution solution = solve_load_balancing_exercise(Language::english, 1);
        const ExerciseRow& plain = row_of(solution, "consistent_hash");
        CHECK(plain.t1.server == "s3");
        CHECK(plain.t3.server == "s3");
        CHECK(plain.t3_down.server != "s3");
        const ExerciseRow& bounded = row_of(
            solution, "consistent_hash", "bounded load 1.25; u1's last request still open on s3");
        // With two requests the bound is ceil(1.25 * 2 / 4) = 1, which s3 has reached.
        CHECK(bounded.t1.server == plain.t3_down.server);
    }

    TEST_CASE("hashing policies send u1 to s3 and move it only as they must") {
        const ExerciseSolution solution = solve_load_balancing_exercise(Language::english, 1);
        for (const char* const variant :
             {"", "as nginx", "as HAProxy", "as Envoy", "as libketama"}) {
            const ExerciseRow& ring = row_of(solution, "consistent_hash", variant);
            CHECK(ring.t1.server == "s3");
            CHECK(ring.t3.server == "s3");
            const bool stays_or_joins =
                ring.t3_added.server == "s3" || ring.t3_added.server == "s5";
            CHECK(stays_or_joins);
        }
        const ExerciseRow& scores = row_of(solution, "rendezvous");
        CHECK(scores.t3.server == "s3");
        CHECK(scores.t3_down.server != "s3");
    }

    TEST_CASE("every policy of the list has at least one row") {
        const ExerciseSolution solution = solve_load_balancing_exercise(Language::english, 1);
        std::set<std::string> answered;
        for (const ExerciseRow& row : solution.rows) answered.insert(row.algorithm);
        BalancingPolicies::for_each([&]<class Policy>() {
            CHECK_MESSAGE(answered.contains(std::string(Policy::name)), Policy::name);
        });
    }

    TEST_CASE("each row explains its five decisions in the language asked for") {
        const ExerciseSolution english = solve_load_balancing_exercise(Language::english, 1);
        const ExerciseSolution portuguese = solve_load_balancing_exercise(Language::portuguese, 1);
        REQUIRE(english.rows.size() == portuguese.rows.size());
        CHECK(english.questions.size() == 4);
        CHECK(portuguese.questions.size() == 4);
        CHECK(english.assumptions.size() == portuguese.assumptions.size());
        CHECK(english.title != portuguese.title);
        for (std::size_t i = 0; i < english.rows.size(); ++i) {
            const ExerciseRow& en = english.rows[i];
            const ExerciseRow& pt = portuguese.rows[i];
            CHECK(servers(en) == servers(pt));
            CHECK(en.trace.size() == pt.trace.size());
            CHECK(en.trace != pt.trace);
            // A heading, a reason and an outcome for each decision at least.
            CHECK(en.trace.size() >= 15);
            CHECK(std::count(en.trace.begin(), en.trace.end(), "-> " + en.t3_added.server) >= 1);
        }
        const auto& trace = row_of(portuguese, "round_robin").trace;
        CHECK(trace[0] == "t1, u1:");
        CHECK(trace[1] == "a rotação está depois de s3; disponíveis: s1 s2 s3 s4");
        CHECK(trace[2] == "-> s4");
    }

    TEST_CASE("the seed changes draws and nothing else") {
        bool some_draw_differs = false;
        const ExerciseSolution one = solve_load_balancing_exercise(Language::english, 1);
        for (std::uint64_t seed = 2; seed < 6; ++seed) {
            const ExerciseSolution other = solve_load_balancing_exercise(Language::english, seed);
            for (std::size_t i = 0; i < one.rows.size(); ++i) {
                const bool same = servers(one.rows[i]) == servers(other.rows[i]);
                if (one.rows[i].t1.chances.empty()) CHECK(same);
                some_draw_differs = some_draw_differs || !same;
            }
        }
        CHECK(some_draw_differs);
    }
}

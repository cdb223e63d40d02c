// The cheapest design of cases small enough to know it, the front, and sensitivities.
#include "scenarios/optimize.hpp"

#include "tests/support/scenario_text.hpp"

#include <doctest/doctest.h>

#include <map>

namespace {

using namespace archsim;
using namespace archsim::scenarios;

// 150 requests/s of 10 ms keep 1.5 servers busy.
OptimizeQuestion small_question() {
    OptimizeQuestion question;
    question.document =
        tests::document_of(tests::users("150/s") + ", " + tests::service("web", "10ms"),
                           R"("expect": ["web/utilisation <= 60%"])");
    question.choices = VariantSpace{
        {{"nodes/web/instances", {"1", "2", "3", "4"}}, {"nodes/web/servers", {"1", "2", "3"}}}};
    question.cost = {{10.0, "nodes/web/instances"}, {4.0, "nodes/web/servers"}};
    question.trial.most = 16;
    return question;
}

}  // namespace

TEST_SUITE("optimize") {
    TEST_CASE("the cheapest design that meets the expectation is the known one") {
        // instances * servers >= 2.5; 10 instances + 4 servers is least for 1 and 3: 22.
        const OptimizeResult result = optimize(small_question());
        REQUIRE(result.best);
        const Candidate& best = result.candidates[*result.best];
        CHECK(best.settings ==
              std::vector<std::string>{"nodes/web/instances=1", "nodes/web/servers=3"});
        CHECK(best.cost == doctest::Approx(22.0));
        CHECK(best.decided);
        CHECK(best.on_front);
        CHECK(result.candidates.size() == 12);
        // Two cheaper ones were there, and were shown to fail.
        CHECK(*result.best == 2);
        CHECK(result.candidates[0].verdict == Verdict::fail);
        CHECK(result.candidates[1].verdict == Verdict::fail);
    }

    TEST_CASE("other prices have another optimum") {
        OptimizeQuestion question = small_question();
        question.cost = {{1.0, "nodes/web/instances"}, {5.0, "nodes/web/servers"}};
        const OptimizeResult result = optimize(question);
        REQUIRE(result.best);
        CHECK(result.candidates[*result.best].settings ==
              std::vector<std::string>{"nodes/web/instances=3", "nodes/web/servers=1"});
    }

    TEST_CASE("a metric can be what is small, and an unknown name is refused") {
        OptimizeQuestion question = small_question();
        question.cost = {{1.0, "web/utilisation"}};
        const OptimizeResult result = optimize(question);
        REQUIRE(result.best);
        CHECK(result.candidates[*result.best].settings ==
              std::vector<std::string>{"nodes/web/instances=4", "nodes/web/servers=3"});
        CHECK(result.cost_unit == "ratio");
        question.cost = {{1.0, "cost/per_month/typo"}};
        CHECK_FALSE(optimize(question).best);
        CHECK(optimize(question).reason.find("neither a metric") != std::string::npos);
    }

    TEST_CASE("a design of the question has its settings, or is none") {
        OptimizeQuestion question = small_question();
        const auto last = design_of(question, 11);
        REQUIRE(last);
        CHECK(last->document.at("/nodes/web/instances")->text() == "4");
        CHECK(last->document.at("/nodes/web/servers")->text() == "3");
        CHECK(last->goals.size() == 1);
        question.choices = VariantSpace{{{"nodes/web/instances", {"0"}}}};
        CHECK_FALSE(design_of(question, 0));
    }

    TEST_CASE("where nothing meets the expectation there is no best") {
        OptimizeQuestion question = small_question();
        question.choices = VariantSpace{{{"nodes/web/instances", {"1", "2"}}}};
        question.cost = {{1.0, "nodes/web/instances"}};
        const OptimizeResult result = optimize(question);
        CHECK_FALSE(result.best);
        CHECK(result.reason.find("no design") != std::string::npos);
    }

    TEST_CASE("terms of a cost are read") {
        CHECK(std::get<CostTerm>(parse_cost_term("a/b")).factor == 1.0);
        CHECK(std::get<CostTerm>(parse_cost_term("2.5*a/b")).factor == 2.5);
        CHECK(std::get<CostTerm>(parse_cost_term("-1*/a/b")).name == "a/b");
        for (const char* text : {"", "2*", "x*a", "*a", "inf*a"})
            CHECK(std::holds_alternative<std::string>(parse_cost_term(text)));
    }

    TEST_CASE("the front holds who is beaten by nobody in everything") {
        const std::vector<Objective> objectives{{"cost", "", true}, {"good", "", false}};
        const auto point = [](std::optional<double> cost, std::optional<double> good) {
            Candidate made;
            made.objectives = {cost, good};
            return made;
        };
        std::vector<Candidate> all{point(1.0, 1.0), point(2.0, 2.0),          point(2.0, 1.0),
                                   point(3.0, 1.5), point(1.0, std::nullopt), point(2.0, 2.0)};
        mark_front(objectives, all);
        std::vector<bool> front;
        for (const Candidate& one : all) front.push_back(one.on_front);
        CHECK(front == std::vector<bool>{true, true, false, false, false, true});
    }
}

TEST_SUITE("sensitivity") {
    TEST_CASE("a run that is cut short is no neighbour of a whole one") {
        const models::Value document =
            tests::document_of(tests::users("100/s") + ", " + tests::service("web", "1ms"));
        const std::vector<Variation> variations = {{"nodes/users/arrivals", {"10/s", "1000/s"}}};
        RunOptions options;
        options.max_events = 8'000;  // 10 s at 100/s need a few thousand, at 1000/s ten times more
        const Sensitivity some =
            find_sensitivity(document, ".", "web/utilisation", variations, options);
        CHECK(some.status == Status::limit);
        CHECK(some.base);
        CHECK(some.rows.empty());
        REQUIRE(some.left_out.size() == 1);
        CHECK(some.left_out[0].find("nodes/users/arrivals: the limit") == 0);
        options.max_events = 500;
        const Sensitivity none =
            find_sensitivity(document, ".", "web/utilisation", variations, options);
        CHECK(none.status == Status::limit);
        CHECK(none.left_out.size() == 1);
    }

    TEST_CASE("every number and quantity of the nodes is a parameter") {
        const models::Value document =
            tests::document_of(tests::users("100/s") + ", " +
                               tests::service("web", "exponential 10ms", R"("servers": 20)"));
        std::map<std::string, std::vector<std::string>> found;
        for (const Variation& one : parameters_of(document, 0.1)) found[one.pointer] = one.values;
        using Values = std::vector<std::string>;
        CHECK(found["nodes/users/arrivals"] == Values{"90/s", "110/s"});
        CHECK(found["nodes/web/service_time/mean"] == Values{"9ms", "11ms"});
        CHECK(found["nodes/web/servers"] == Values{"18", "22"});
        CHECK(found.size() == 3);
    }

    TEST_CASE("the parameter that moves a metric most comes first") {
        // Utilisation is arrivals * work / 2: 10 % of either moves it as much, a second server by
        // half, and the delay before the service not at all.
        const models::Value document = tests::document_of(
            R"("users": {"kind": "open_loop", "arrivals": {"kind": "constant", "rate": "100/s"},
                "calls": [{"to": "web", "delay": "1ms"}]}, )" +
            tests::service("web", "10ms", R"("servers": 2)"));
        const Sensitivity result =
            find_sensitivity(document, ".", "web/utilisation", parameters_of(document, 0.1), {});
        REQUIRE(result.rows.size() == 4);
        CHECK(*result.base == doctest::Approx(0.5).epsilon(0.01));
        CHECK(result.rows[0].pointer == "nodes/web/servers");
        CHECK(*result.rows[0].at_low == doctest::Approx(1.0).epsilon(0.01));
        CHECK(*result.rows[0].at_high == doctest::Approx(1.0 / 3.0).epsilon(0.01));
        CHECK(result.rows[1].span == doctest::Approx(0.1).epsilon(0.02));
        CHECK(result.rows[3].pointer == "nodes/users/calls/0/delay");
        CHECK(result.rows[3].span < 0.001);
    }
}

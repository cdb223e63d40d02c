// Pictures of single requests: bars stand where the times say, by positions worked out by hand.
#include "reports/html/pictures.hpp"

#include "reports/html/tables.hpp"
#include "reports/why.hpp"
#include "scenarios/experiment.hpp"
#include "tests/reports/example.hpp"
#include "tests/support/mentions.hpp"
#include "tests/support/small_run.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <string>

using namespace archsim;
using namespace archsim::reports;
using tests::mentions;

namespace {

const Words& english() { return words_of(models::Language::english); }
const Words& portuguese() { return words_of(models::Language::portuguese); }

/// Version 1 was in effect by 0 s; session 7 wrote version 2 from 0.1 s to 0.2 s, and session 9
/// read version 1 from `begin` to 0.4 s.
scenarios::Result stale_read(double begin) {
    scenarios::Section section{.name = "witness", .title = "t"};
    section.is_for_drawing = true;
    section.facts = {{"key", 3.0}, {"violation", std::string{"stale_or_lost"}}};
    scenarios::Table table{"operations",
                           "t",
                           {{"access"},
                            {"version"},
                            {"session"},
                            {"operation"},
                            {"begin", "s"},
                            {"end", "s"},
                            {"begin_place"},
                            {"end_place"}}};
    using scenarios::Cell;
    const std::string write = "write";
    table.rows = {{write, std::string{"v1"}, Cell{}, Cell{}, Cell{}, 0.0, Cell{}, 0.0},
                  {write, std::string{"<v2>"}, 7.0, 4.0, 0.1, 0.2, 1.0, 2.0},
                  {std::string{"read"}, std::string{"v1"}, 9.0, 5.0, begin, 0.4, 3.0, 4.0}};
    section.tables = {table};
    scenarios::Result result;
    result.sections = {section};
    return result;
}

}  // namespace

TEST_SUITE_BEGIN("html pictures");

TEST_CASE("operations that contradict each other are bars over time, a lane for each session") {
    const std::string html = witness_html(stale_read(0.3), english());
    // 0 s to 0.4 s lie on 140 to 850; a quarter of that is 177.5.
    CHECK(mentions(html, "op write open\" x=\"110\" y=\"22\" width=\"30\""));
    CHECK(mentions(html, "op write\" x=\"317.5\" y=\"68\" width=\"177.5\""));
    CHECK(mentions(html, "op read\" x=\"672.5\" y=\"114\" width=\"177.5\""));
    CHECK(mentions(html, ">session 7</text>"));
    CHECK(mentions(html, ">write v1 (in effect by then)</text>"));
    CHECK(mentions(html, "key 3, violation stale_or_lost"));
    CHECK(mentions(html, "&lt;v2&gt;"));
    CHECK_FALSE(mentions(html, "<v2>"));
    CHECK_FALSE(mentions(html, "not to scale"));
    const std::string translated = witness_html(stale_read(0.3), portuguese());
    CHECK(mentions(translated, ">leitura v1</text>"));
    CHECK(mentions(translated, ">sessão 7</text>"));
    CHECK(mentions(translated, "chave 3, violação stale_or_lost"));
}

TEST_CASE("operations that would touch on paper stand in their order instead") {
    const std::string html = witness_html(stale_read(0.2001), english());
    CHECK(mentions(html, "not to scale"));
    CHECK(mentions(html, "op write\" x=\"317.5\" y=\"68\" width=\"177.5\""));
    CHECK(mentions(html, "op read\" x=\"672.5\" y=\"114\" width=\"177.5\""));
}

TEST_CASE("without a witness there is no picture, nor from a damaged one") {
    CHECK(witness_html(tests::example_result(), english()).empty());
    scenarios::Result damaged = stale_read(0.3);
    damaged.sections[0].tables[0].rows = {{1.0}};
    CHECK(witness_html(damaged, english()).empty());
}

TEST_CASE("the hops of the tail are one bar, each as long as its share") {
    scenarios::Result result;
    scenarios::Section section{.name = "tail", .title = "t"};
    const std::string users = "users";
    section.tables = {{"parts",
                       "t",
                       {{"source"}, {"where"}, {"what"}, {"mean", "s"}, {"share", "ratio"}},
                       {{users, std::string{"w<b"}, std::string{"queue"}, 0.03, 0.75},
                        {users, std::string{"web"}, std::string{"lost_try"}, 0.01, 0.25}}}};
    result.sections = {section};
    const std::string html = tail_html(result);
    CHECK(mentions(html, "hop queue\" x=\"0\" y=\"18\" width=\"675\""));
    CHECK(mentions(html, "hop retry\" x=\"675\" y=\"18\" width=\"225\""));
    CHECK(mentions(html, "users: 40 ms"));
    CHECK(mentions(html, "w&lt;b queue 75 %"));
    CHECK(mentions(html, "<i class=\"retry\"></i>lost_try"));
    CHECK(tail_html(tests::example_result()).empty());
}

TEST_CASE("every chapter that a run makes has its title in Portuguese") {
    const scenarios::Scenario scenario = tests::read_text(R"(
        "duration": "20s", "seed": 3, "replications": 2, "nodes": {
        "users": {"kind": "open_loop", "arrivals": "50/s", "calls": ["db"],
                  "keys": {"kind": "uniform", "count": 5}},
        "db": {"kind": "quorum", "replicas": 3, "read_quorum": 1, "write_quorum": 1,
               "read_time": "1ms", "write_time": "1ms"}},
        "faults": [{"kind": "crash", "node": "db/0", "at": "5s", "for": "2s"}])");
    scenarios::ExperimentOptions options;
    options.in_detail = true;
    scenarios::Result result = scenarios::run_experiment(scenario, options);
    add_explanation(result);
    std::size_t chapters = 0;
    for (const scenarios::Section& section : result.sections) {
        if (section.is_for_drawing || section.name == "bottleneck") continue;
        ++chapters;
        INFO(section.title);
        CHECK(title_in(portuguese(), section.title) != section.title);
        for (const scenarios::Table& table : section.tables) {
            INFO(table.title);
            CHECK(title_in(portuguese(), table.title) != table.title);
            CHECK(title_in(english(), table.title) == table.title);
        }
    }
    CHECK(chapters >= 3);  // why, cap and tail
    CHECK(title_in(portuguese(), "by somebody else") == "by somebody else");
}

TEST_CASE("a column without a value is left out") {
    scenarios::Section section{.name = "s", .title = "t"};
    section.tables = {{"rows",
                       "t",
                       {{"kept"}, {"void"}},
                       {{std::string{"a"}, scenarios::Cell{}}, {true, scenarios::Cell{}}}}};
    const std::string html = section_html(section, portuguese());
    CHECK(mentions(html, "<th>kept</th></tr>"));
    CHECK_FALSE(mentions(html, "void"));
    CHECK(mentions(html, "<td>sim</td></tr>"));
}

TEST_SUITE_END();

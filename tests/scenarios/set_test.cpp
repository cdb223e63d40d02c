// Changes from the command line.
#include "scenarios/set.hpp"

#include "scenarios/parse.hpp"

#include <doctest/doctest.h>

#include <string>

namespace {

using namespace archsim::models;
using namespace archsim::scenarios;

struct Document {
    Sources sources;
    Diagnostics diagnostics;
    Value value;

    Document() {
        const auto source = sources.add(
            "x.json", R"({"seed": 1, "nodes": {"web": {"instances": 2}, "a/b": {"x": 1}},
                          "faults": [{"at": "1s"}]})");
        value = parse(sources.text(source), source, diagnostics).value();
    }
    bool set(std::string_view assignment) {
        return apply_set(value, assignment, sources, diagnostics);
    }
    [[nodiscard]] std::string at(std::string_view pointer) const {
        const Value* found = value.at(pointer);
        return found == nullptr ? "absent" : found->to_json();
    }
};

void check_refused(std::string_view assignment, Code code, std::size_t column,
                   std::string_view message, std::string_view hint = "") {
    CAPTURE(assignment);
    Document document;
    const std::string before = document.value.to_json();
    CHECK_FALSE(document.set(assignment));
    REQUIRE(document.diagnostics.all().size() == 1);
    const Diagnostic& problem = document.diagnostics.all()[0];
    CHECK(problem.code == code);
    CHECK(document.sources.place(problem.spot) == "--set:1:" + std::to_string(column));
    CHECK_MESSAGE(problem.message.find(message) != std::string::npos, problem.message);
    CHECK_MESSAGE(problem.hint.find(hint) != std::string::npos, problem.hint);
    CHECK(document.value.to_json() == before);
}

}  // namespace

TEST_SUITE("set") {
    TEST_CASE("a value is replaced, and knows that it came from the command line") {
        Document document;
        CHECK(document.set("nodes/web/instances=4"));
        CHECK(document.at("/nodes/web/instances") == "4");
        CHECK(document.sources.place(document.value.at("/nodes/web/instances")->spot()) ==
              "--set:1:21");
        CHECK(document.set("/seed=7"));
        CHECK(document.at("/seed") == "7");
    }

    TEST_CASE("what is not JSON is a string") {
        Document document;
        CHECK(document.set("duration=30s"));
        CHECK(document.at("/duration") == "\"30s\"");
        CHECK(document.set("nodes/web/policy={\"kind\": \"maglev\"}"));
        CHECK(document.at("/nodes/web/policy/kind") == "\"maglev\"");
        CHECK(document.set("expect=[\"a<=b\"]"));
        CHECK(document.at("/expect/0") == "\"a<=b\"");
        CHECK(document.set("nodes/web/note="));
        CHECK(document.at("/nodes/web/note") == "\"\"");
    }

    TEST_CASE("escaped steps, elements of lists and null have their meaning") {
        Document document;
        CHECK(document.set("nodes/a~1b/x=2"));
        CHECK(document.at("/nodes/a~1b/x") == "2");
        CHECK(document.set("faults/0/at=2s"));
        CHECK(document.set("faults/-={\"at\": \"3s\"}"));
        CHECK(document.at("/faults") == R"([{"at": "2s"}, {"at": "3s"}])");
        CHECK(document.set("nodes/web=null"));
        CHECK(document.at("/nodes/web") == "absent");
        CHECK(document.diagnostics.all().empty());
    }

    TEST_CASE("a wrong pointer is shown at the step that leads nowhere") {
        check_refused("nodes/wbe/instances=4", Code::set_path, 7, "no 'wbe' here", "'web'");
        check_refused("node/web/instances=4", Code::set_path, 1, "no 'node' here", "'nodes'");
        check_refused("faults/3/at=1s", Code::set_path, 8, "no element '3' in this list of 1");
        check_refused("faults/1=x", Code::set_path, 8, "no element '1'");
        check_refused("seed/x=1", Code::set_path, 6, "the number 1 has no members");
        check_refused("nodes/wbe=null", Code::set_path, 7, "no 'wbe' here", "'web'");
        check_refused("seed", Code::set_path, 5, "expected '='");
        check_refused("/=1", Code::set_path, 1, "empty");
        check_refused("a~2=1", Code::set_path, 1, "'~'");
        check_refused("seed={\"a\": 1,}", Code::syntax, 13, "a comma before '}'");
    }

    TEST_CASE("a value cannot make the document deeper than 64 levels") {
        Document document;
        const std::string deep = std::string(63, '[') + std::string(63, ']');
        CHECK(document.set("x=" + deep));
        CHECK_FALSE(document.set("nodes/web/x=" + deep));
        CHECK(document.diagnostics.all()[0].code == Code::depth_limit);
    }
}

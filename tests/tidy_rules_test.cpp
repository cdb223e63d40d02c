// Each project rule on small planted files: it objects to the violation, and to nothing else.
#include "tests/support/tidy_rules.hpp"

#include <doctest/doctest.h>

#include <string>

namespace {

using namespace archsim::tests;
using Rule = Findings (*)(const SourceFile&);

std::size_t findings(Rule rule, const std::string& path, const std::string& text) {
    return rule(make_source(path, text)).size();
}

// How often the fence objects to one statement of a coroutine.
std::size_t fence(const std::string& statement) {
    const std::string text = "Task<void> run(Simulation& sim) {\n    " + statement + "\n}\n";
    return findings(check_coroutine_fence, "sim/x.cpp", text);
}

std::string repeated(const std::string& text, int count) {
    std::string result;
    for (int i = 0; i < count; ++i) result += text;
    return result;
}

}  // namespace

TEST_SUITE("tidy rules") {
    TEST_CASE("comments and literals are no code, and keep their lines") {
        const std::string text =
            "int a = 1'000;  // rand()\nconst char* b = \"rand(\\\"\";\n"
            "auto c = R\"(x\nrand())\";\nchar d = '\"'; /* rand\n() */ int e = rand();\n";
        const SourceFile file = make_source("sim/x.cpp", text);
        CHECK(file.code.size() == text.size());
        CHECK(find_word(file.code, "rand").size() == 1);
        CHECK(line_of(file.code, find_word(file.code, "rand").front()) == 6);
    }

    TEST_CASE("a file of 401 lines is too long") {
        CHECK(findings(check_length, "sim/x.cpp", repeated("\n", 400)) == 0);
        CHECK(findings(check_length, "sim/x.cpp", repeated("\n", 401)) == 1);
        CHECK(findings(check_length, "README.md", repeated("\n", 401)) == 0);
    }

    TEST_CASE("columns are characters, and a long address is forgiven") {
        CHECK(findings(check_columns, "sim/x.cpp", repeated("é", 100)) == 0);
        CHECK(findings(check_columns, "sim/x.cpp", repeated("e", 101)) == 1);
        CHECK(findings(check_columns, "sim/x.cpp", "// https://" + repeated("e", 101)) == 0);
    }

    TEST_CASE("a function of 61 lines is too long, a class or a table is not") {
        const std::string body = repeated("    work();\n", 59);
        const auto count = [](const std::string& text) {
            return findings(check_function_length, "sim/x.cpp", text);
        };
        CHECK(count("void f() {\n" + body + "}\n") == 1);
        CHECK(count("void f() {\n" + body.substr(0, body.size() - 12) + "}\n") == 0);
        CHECK(count("namespace a {\nvoid f(\n    int x) {\n" + body + "}\n}\n") == 1);
        CHECK(count("struct A {\n    A(int x) : a_{x}, b_(x) {\n" + body + "}\n int a_;\n};\n") ==
              1);
        CHECK(count("struct A {\n" + body + "};\n") == 0);
        CHECK(count("constexpr int table[] = {\n" + repeated("    1,\n", 70) + "};\n") == 0);
        CHECK(count("TEST_SUITE(\"x\") {\n" + body + "TEST_CASE(\"y\") {\n}\n}\n") == 0);
    }

    TEST_CASE("a source starts by saying what it is for") {
        const auto count = [](const std::string& path, const std::string& text) {
            return findings(check_purpose_comment, path, text);
        };
        CHECK(count("sim/x.hpp", "// Purpose.\n#pragma once\n") == 0);
        CHECK(count("sim/x.hpp", "#pragma once\n\n// Purpose.\n") == 0);
        CHECK(count("sim/x.hpp", "#pragma once\n#include <string>\n") == 1);
        CHECK(count("sim/x.cpp", "") == 1);
        CHECK(count("tools/x", "#!/usr/bin/env bash\n# Purpose.\n") == 0);
        CHECK(count("tools/x", "#!/usr/bin/env bash\nset -e\n") == 1);
    }

    TEST_CASE("banned words are found where they are banned, and only there") {
        const auto count = [](const std::string& path, const std::string& text) {
            return findings(check_banned_words, path, text);
        };
        CHECK(count("sim/x.cpp", "std::exponential_distribution<> d;") == 1);
        CHECK(count("sim/x.cpp", "key_distribution d;") == 0);
        CHECK(count("tests/x.cpp", "std::random_device d;") == 1);
        CHECK(count("sim/x.cpp", "int x = rand();") == 1);
        CHECK(count("sim/x.cpp", "int x = operand();") == 0);
        CHECK(count("models/x.cpp", "auto t = std::chrono::steady_clock::now();") == 1);
        CHECK(count("tools/x.cpp", "auto t = std::chrono::steady_clock::now();") == 0);
        CHECK(count("scenarios/x.cpp", "std::cout << 1;") == 1);
        CHECK(count("reports/x.cpp", "std::cout << 1;") == 0);
        CHECK(count("sim/x.hpp", "using namespace std;") == 1);
        CHECK(count("sim/x.cpp", "using namespace literals;") == 0);
        CHECK(count("sim/x.hpp", "inline int f() { using namespace literals; return 1; }") == 0);
        CHECK(count("sim/task.hpp", "thread_local int x;") == 1);
        CHECK(count("sim/frame_pool.hpp", "thread_local int x;") == 0);
        CHECK(count("reports/x.cpp", "std::shared_ptr<int> p;") == 1);
        CHECK(count("models/x.cpp", "throw 1;") == 1);
        CHECK(count("models/x.cpp", "try { f(); } catch (...) {}") == 1);
        CHECK(count("scenarios/x.cpp", "throw 1;") == 0);
    }

    TEST_CASE("markers of unfinished work are found in comments and documents") {
        const std::string marker = "TO" + std::string("DO");
        CHECK(findings(check_leftovers, "sim/x.cpp", "// " + marker + ": more\n") == 1);
        CHECK(findings(check_leftovers, "README.md", marker + "\n") == 1);
        CHECK(findings(check_leftovers, "sim/x.cpp", "int " + marker + "S = 1;\n") == 0);
    }

    TEST_CASE("a path of one machine is found in any text") {
        const std::string home = "/ho" + std::string("me/");
        CHECK(findings(check_machine_paths, "README.md", "cd " + home + "ana/archsim") == 1);
        CHECK(findings(check_machine_paths, "README.md", "cd archsim") == 0);
    }

    TEST_CASE("a layer knows itself and the layers to its left") {
        const auto count = [](const std::string& path, const std::string& text) {
            return findings(check_layers, path, text);
        };
        CHECK(count("sim/x.cpp", "#include \"models/node.hpp\"\n") == 1);
        CHECK(count("models/x.cpp", "#include \"reports/table.hpp\"\n") == 1);
        CHECK(count("scenarios/x.cpp", "#include \"sim/units.hpp\"\n#include <map>\n") == 0);
        CHECK(count("models/cache/x.cpp", "#include \"lru.hpp\"\n") == 1);
        CHECK(count("tools/x.cpp", "#include \"tests/support/y.hpp\"\n") == 1);
        CHECK(count("tests/x.cpp", "#include \"reports/table.hpp\"\n") == 0);
    }

    TEST_CASE("libraries that are slow to compile stay in their files") {
        const auto count = [](const std::string& path, const std::string& header) {
            return findings(check_heavy_includes, path, "#include <" + header + ">\n");
        };
        CHECK(count("models/x.cpp", "nlohmann/json.hpp") == 1);
        CHECK(count("scenarios/x.hpp", "nlohmann/json.hpp") == 1);
        CHECK(count("scenarios/x.cpp", "nlohmann/json.hpp") == 0);
        CHECK(count("reports/x.hpp", "nlohmann/json_fwd.hpp") == 0);
        CHECK(count("reports/x.cpp", "CLI/CLI.hpp") == 1);
        CHECK(count("tools/x.cpp", "CLI/CLI.hpp") == 0);
        CHECK(count("scenarios/world.cpp", "boost/graph/adjacency_list.hpp") == 1);
        CHECK(count("scenarios/topology_cuts.cpp", "boost/graph/adjacency_list.hpp") == 0);
    }

    TEST_CASE("a test name must not contain a semicolon") {
        CHECK(findings(check_test_names, "tests/x.cpp", "TEST_CASE(\"a; b\") {}") == 1);
        CHECK(findings(check_test_names, "tests/x.cpp", "TEST_CASE(\"a, b\") { f(\"a;\"); }") == 0);
        CHECK(findings(check_test_names, "tests/x.cpp",
                       "TEST_CASE_FIXTURE(Fixture, \"a; b\") { SUBCASE(\"c;\") {} }") == 2);
    }

    TEST_CASE("state that can change belongs to an object") {
        const auto count = [](const std::string& text) {
            return findings(check_mutable_state, "sim/x.cpp", text);
        };
        CHECK(count("void f() { static int calls = 0; }") == 1);
        CHECK(count("void f() { static std::map<int, int> cache; }") == 1);
        CHECK(count("struct A { inline static int count{0}; };") == 1);
        CHECK(count("void f() { static const auto s = make(); }") == 0);
        CHECK(count("struct A { static constexpr int limit = 3; static A named(int x); };") == 0);
        CHECK(count("static_assert(1 == 1);") == 0);
        CHECK(count("namespace { int counter = 0; }") == 1);
        CHECK(count("std::vector<int> all;") == 1);
        CHECK(count("namespace a { Registry registry{1}; }") == 1);
        CHECK(count("namespace a { constexpr int limit = 3; const std::string name{\"x\"}; }") ==
              0);
        CHECK(count("namespace a { using B = int; class C; struct D { int x = 0; }; }") == 0);
        CHECK(count("A::A(int x) : a_{x}, b_{x} { f(); }") == 0);
        CHECK(count("const path folder = path{root} / sub / deep;") == 0);
        CHECK(count("int f(int x); void g() { int y = 0; y = f(y); }") == 0);
        CHECK(count("template <typename T> concept C = requires(T t) { t.f(); };") == 0);
        CHECK(count("enum class E { a, b };\nextern const NodeKind cache;") == 0);
    }

    TEST_CASE("co_await stands alone with plain arguments") {
        CHECK(fence("co_await sim.delay(pause);") == 0);
        CHECK(fence("const Response response = co_await port.call(request);") == 0);
        CHECK(fence("auto&& answer = co_await reply;") == 0);
        CHECK(fence("answers[i] = co_await port.call(requests[i]);") == 0);
        CHECK(fence("co_return co_await run(std::move(task));") == 0);
        CHECK(fence("if (is_up) co_await sim.delay(pause);") == 0);
        CHECK(fence("else co_await sim.delay(pause);") == 0);
        CHECK(fence("for (int i = 0; i < 3; ++i) co_await sim.delay(pause);") == 0);
        CHECK(fence("while (true) { co_await channel.pop(); }") == 0);
        CHECK(fence("co_await queue.push(std::move(job), sim::milliseconds(5));") == 0);
        CHECK(fence("switch (x) { case Kind::a: co_await f(); break; }") == 0);
    }

    TEST_CASE("co_await in an expression or a condition is refused") {
        CHECK(fence("if (co_await f()) g();") == 1);
        CHECK(fence("while (co_await f()) {}") == 1);
        CHECK(fence("switch (co_await f()) {}") == 1);
        CHECK(fence("for (int i = 0; i < co_await f(); ++i) {}") == 1);
        CHECK(fence("const int x = 1 + co_await f();") == 1);
        CHECK(fence("const bool x = y == co_await f();") == 1);
        CHECK(fence("const int x = y ? co_await f() : 0;") == 1);
        CHECK(fence("const bool x = y && co_await f();") == 1);
        CHECK(fence("const bool x = co_await f() || y;") == 1);
        CHECK(fence("g(co_await f());") == 1);
        CHECK(fence("co_return !co_await f();") == 1);
        CHECK(fence("const Pair x{1, co_await f()};") == 1);
        CHECK(fence("const int x = (co_await f());") == 1);
    }

    TEST_CASE("co_await with a temporary object is refused") {
        CHECK(fence("co_await port.call(Request{1, 2});") == 1);
        CHECK(fence("co_await port.call({1, 2});") == 1);
        CHECK(fence("co_await port.call(Request(1, 2));") == 1);
        CHECK(fence("co_await port.call(Wrapped<int>(1));") == 1);
        CHECK(fence("co_await port.call(std::string(name));") == 1);
        CHECK(fence("co_await run([this] { return 1; });") == 1);
        CHECK(fence("co_await run(1, [&]() -> int { return 1; });") == 1);
    }
}

TEST_SUITE("tidy rules for the project") {
    TEST_CASE("going through an unordered container is refused, also if a header declares it") {
        const SourceFile header =
            make_source("models/a/x.hpp", "std::unordered_map<Key, std::vector<int>> entries_;");
        const auto count = [&header](const std::string& text) {
            return check_unordered_iteration({header, make_source("models/a/x.cpp", text)}).size();
        };
        CHECK(count("for (const auto& [key, value] : entries_) f(key);") == 1);
        CHECK(count("auto first = entries_.begin();") == 1);
        CHECK(count("auto found = entries_.find(key); return found != entries_.end();") == 0);
        CHECK(count("for (const auto& key : keys_) entries_.erase(key);") == 0);
    }

    TEST_CASE("a header that only its own source includes is unreferenced") {
        Files files{make_source("sim/a.hpp", ""),
                    make_source("sim/a.cpp", "#include \"sim/a.hpp\"\n")};
        CHECK(check_unreferenced_headers(files).size() == 1);
        files.push_back(make_source("tests/sim/a_test.cpp", "#include \"sim/a.hpp\"\n"));
        CHECK(check_unreferenced_headers(files).empty());
    }

    TEST_CASE("a component that the list of its folder leaves out is found") {
        const std::string component = "struct A { static const Spec<A>& spec() { return s; } };";
        const std::string two =
            "#include \"models/cache/a.hpp\"\n"
            "#include \"models/cache/b.hpp\"\n";
        Files files{make_source("models/cache/a.hpp", component),
                    make_source("models/cache/b.hpp", component),
                    make_source("models/cache/c.hpp", component),
                    make_source("models/cache/list.hpp", two)};
        REQUIRE(check_unlisted_components(files).size() == 1);
        CHECK(check_unlisted_components(files).front().path == "models/cache/c.hpp");
        files.pop_back();
        files.push_back(
            make_source("models/cache/list.hpp", two + "#include \"models/cache/c.hpp\"\n"));
        CHECK(check_unlisted_components(files).empty());
    }

    TEST_CASE("a kind that stands in no table is found") {
        Files files{make_source("models/cache/cache.cpp",
                                "const NodeKind cache_kind = NodeKind::of<Cache>();\n")};
        CHECK(check_unlisted_components(files).size() == 1);
        files.push_back(make_source("models/catalog.cpp", "std::array kinds = {&cache_kind};\n"));
        CHECK(check_unlisted_components(files).empty());
    }

    TEST_CASE("two types of one name are found, unless an unnamed namespace keeps them apart") {
        const auto count = [](const std::string& a, const std::string& b) {
            return check_type_names(
                       {make_source("models/a.cpp", a), make_source("models/b.cpp", b)})
                .size();
        };
        const std::string type = "namespace archsim::models {\nstruct Member { int x = 0; };\n}";
        const std::string hidden =
            "namespace archsim::models {\nnamespace {\nstruct Member {};\n}\n}";
        const std::string elsewhere = "namespace archsim::sim {\nclass Member final : Base {};\n}";
        CHECK(count(type, type) == 1);
        CHECK(count(type, hidden) == 0);
        CHECK(count(hidden, hidden) == 0);
        CHECK(count(type, elsewhere) == 0);
        CHECK(count(type, "namespace archsim::models {\nstruct Member;\n}") == 0);
        CHECK(count("namespace a {\ntemplate <> struct Codec<int> {};\n}",
                    "namespace a {\ntemplate <> struct Codec<bool> {};\n}") == 0);
        CHECK(count("namespace a {\ntemplate <class T> struct B {};\n}",
                    "namespace a {\ntemplate <class T> concept C = requires { T{}; };\n}") == 0);
    }

    TEST_CASE("a document has one title") {
        CHECK(check_markdown_titles({make_source("a.md", "# A\n## B\n```\n# no title\n```\n")})
                  .empty());
        CHECK(check_markdown_titles({make_source("a.md", "# A\n# B\n")}).size() == 1);
        CHECK(check_markdown_titles({make_source("a.md", "text\n")}).size() == 1);
    }

    TEST_CASE("scripts, and only scripts, can be run") {
        SourceFile script = make_source("tools/x", "#!/bin/sh\n# Does x.\n");
        CHECK(check_run_bits({script}).size() == 1);
        script.is_executable = true;
        CHECK(check_run_bits({script}).empty());
        SourceFile source = make_source("sim/x.cpp", "// A source.\n");
        source.is_executable = true;
        CHECK(check_run_bits({source}).size() == 1);
    }
}

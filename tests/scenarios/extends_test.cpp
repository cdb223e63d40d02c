// Merge patches by the examples of RFC 7386, appendix A, and files that extend files.
#include "scenarios/extends.hpp"

#include "scenarios/parse.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

namespace {

using namespace archsim::models;
using namespace archsim::scenarios;
using archsim::tests::TemporaryFolder;

Value value_of(std::string_view text) {
    Diagnostics diagnostics;
    auto value = parse(text, std::uint32_t{0}, diagnostics);
    REQUIRE(value.has_value());
    return *value;
}

struct Loaded {
    Sources sources;
    Diagnostics diagnostics;
    std::optional<Value> value;
};

void load(Loaded& loaded, const std::string& path) {
    loaded.value = load_document(path, loaded.sources, loaded.diagnostics);
}

void check_refused(const std::string& path, Code code, std::string_view message) {
    CAPTURE(path);
    Loaded loaded;
    load(loaded, path);
    CHECK_FALSE(loaded.value.has_value());
    REQUIRE(loaded.diagnostics.all().size() == 1);
    CHECK(loaded.diagnostics.all()[0].code == code);
    CHECK_MESSAGE(loaded.diagnostics.all()[0].message.find(message) != std::string::npos,
                  loaded.diagnostics.all()[0].message);
}

}  // namespace

TEST_SUITE("extends") {
    TEST_CASE("a merge patch gives the results of RFC 7386, appendix A") {
        const char* table[][3] = {
            {R"({"a":"b"})", R"({"a":"c"})", R"({"a":"c"})"},
            {R"({"a":"b"})", R"({"b":"c"})", R"({"a":"b","b":"c"})"},
            {R"({"a":"b"})", R"({"a":null})", R"({})"},
            {R"({"a":"b","b":"c"})", R"({"a":null})", R"({"b":"c"})"},
            {R"({"a":["b"]})", R"({"a":"c"})", R"({"a":"c"})"},
            {R"({"a":"c"})", R"({"a":["b"]})", R"({"a":["b"]})"},
            {R"({"a":{"b":"c"}})", R"({"a":{"b":"d","c":null}})", R"({"a":{"b":"d"}})"},
            {R"({"a":[{"b":"c"}]})", R"({"a":[1]})", R"({"a":[1]})"},
            {R"(["a","b"])", R"(["c","d"])", R"(["c","d"])"},
            {R"({"a":"b"})", R"(["c"])", R"(["c"])"},
            {R"({"a":"foo"})", R"(null)", R"(null)"},
            {R"({"a":"foo"})", R"("bar")", R"("bar")"},
            {R"({"e":null})", R"({"a":1})", R"({"e":null,"a":1})"},
            {R"([1,2])", R"({"a":"b","c":null})", R"({"a":"b"})"},
            {R"({})", R"({"a":{"bb":{"ccc":null}}})", R"({"a":{"bb":{}}})"},
        };
        for (const auto& [target, patch, result] : table) {
            CAPTURE(target);
            CAPTURE(patch);
            CHECK(merge_patch(value_of(target), value_of(patch)) == value_of(result));
        }
    }

    TEST_CASE("members keep the order of the base and new ones follow") {
        const Value merged = merge_patch(value_of(R"({"b":1,"a":{"y":1,"x":2}})"),
                                         value_of(R"({"c":3,"a":{"z":0}})"));
        CHECK(merged.to_json() == R"({"b": 1, "a": {"y": 1, "x": 2, "z": 0}, "c": 3})");
    }

    TEST_CASE("each value keeps the place in the file that it came from") {
        const TemporaryFolder folder;
        folder.write("base.json", "{\"a\": 1,\n \"n\": {\"x\": 1, \"y\": 2}}");
        const std::string top =
            folder.write("top.json", "{\"extends\": \"base.json\",\n \"n\": {\"y\": 3}}");
        Loaded loaded;
        load(loaded, top);
        REQUIRE(loaded.value.has_value());
        CHECK(loaded.value->to_json() == R"({"a": 1, "n": {"x": 1, "y": 3}})");
        const auto place = [&loaded](const char* pointer) {
            return loaded.sources.place(loaded.value->at(pointer)->spot());
        };
        CHECK(place("/n/x") == folder.path() + "/base.json:2:13");
        CHECK(place("/n/y") == top + ":2:13");
        CHECK(place("") == top + ":1:1");
    }

    TEST_CASE("a chain of files is merged from the most general to the most special") {
        const TemporaryFolder folder;
        folder.write("a.json", R"({"v": "a", "w": "a", "x": "a"})");
        folder.write("sub/b.json", R"({"extends": "../a.json", "v": "b", "w": "b"})");
        const std::string top = folder.write("c.json", R"({"extends": "sub/b.json", "v": "c"})");
        Loaded loaded;
        load(loaded, top);
        REQUIRE(loaded.value.has_value());
        CHECK(loaded.value->to_json() == R"({"v": "c", "w": "b", "x": "a"})");
    }

    TEST_CASE("a base beside the folder is found below the nearest folder named scenarios") {
        const TemporaryFolder folder;
        folder.write("scenarios/templates/t.json", R"({"a": 1})");
        folder.write("outside.json", R"({"a": 2})");
        const std::string good =
            folder.write("scenarios/guide/g.json", R"({"extends": "../templates/t.json"})");
        const std::string bad =
            folder.write("scenarios/guide/bad.json", R"({"extends": "../../outside.json"})");
        Loaded loaded;
        load(loaded, good);
        REQUIRE(loaded.value.has_value());
        CHECK(loaded.value->to_json() == R"({"a": 1})");
        check_refused(bad, Code::extends_path, "leads out of the scenario folder");
    }

    TEST_CASE("nothing outside the scenario folder is read") {
        const TemporaryFolder folder;
        const std::string secret = folder.write("secret.json", "{}");
        const auto file = [&folder](const char* name, const std::string& base) {
            return folder.write(std::string("in/") + name, "{\"extends\": \"" + base + "\"}");
        };
        check_refused(file("up.json", "../secret.json"), Code::extends_path, "leads out");
        check_refused(file("absent.json", "../../no/such.json"), Code::extends_path, "leads out");
        check_refused(file("absolute.json", secret), Code::extends_path, "absolute");
        std::filesystem::create_symlink(secret, folder.path() + "/in/link.json");
        check_refused(file("by_link.json", "link.json"), Code::extends_path, "leads out");
        std::filesystem::create_directory_symlink(folder.path(), folder.path() + "/in/dir");
        check_refused(file("by_dir.json", "dir/secret.json"), Code::extends_path, "leads out");
        check_refused(file("folder.json", "."), Code::extends_path, "leads out");
    }

    TEST_CASE("what extends names must be a readable regular file") {
        const TemporaryFolder folder;
        std::filesystem::create_directory(folder.path() + "/d");
        check_refused(folder.write("a.json", R"({"extends": "d"})"), Code::unreadable,
                      "not a regular file");
        check_refused(folder.write("b.json", R"({"extends": "none.json"})"), Code::unreadable,
                      "No such file");
        check_refused(folder.write("c.json", R"({"extends": 3})"), Code::wrong_type,
                      "expected the path of a file, found the number 3");
        check_refused(folder.write("d.json", R"([1])"), Code::wrong_type,
                      "a scenario is an object, found an array");
    }

    TEST_CASE("files that extend each other in a circle are refused") {
        const TemporaryFolder folder;
        check_refused(folder.write("self.json", R"({"extends": "./self.json"})"),
                      Code::extends_cycle, "extends itself");
        folder.write("b.json", R"({"extends": "a.json"})");
        check_refused(folder.write("a.json", R"({"extends": "b.json"})"), Code::extends_cycle,
                      "extends itself");
    }

    TEST_CASE("a chain of 16 files is read and the 17th is refused") {
        const TemporaryFolder folder;
        folder.write("f0.json", "{\"a\": 0}");
        for (int i = 1; i <= 16; ++i)
            folder.write("f" + std::to_string(i) + ".json",
                         "{\"extends\": \"f" + std::to_string(i - 1) + ".json\"}");
        Loaded loaded;
        load(loaded, folder.path() + "/f15.json");
        REQUIRE(loaded.value.has_value());
        CHECK(loaded.value->to_json() == R"({"a": 0})");
        check_refused(folder.path() + "/f16.json", Code::extends_cycle, "more than 16 files");
    }

    TEST_CASE("a problem in a base is reported in the base") {
        const TemporaryFolder folder;
        folder.write("base.json", "{\n  \"a\": 1,\n}");
        Loaded loaded;
        load(loaded, folder.write("top.json", R"({"extends": "base.json"})"));
        CHECK_FALSE(loaded.value.has_value());
        REQUIRE(loaded.diagnostics.all().size() == 1);
        CHECK(loaded.sources.place(loaded.diagnostics.all()[0].spot) ==
              folder.path() + "/base.json:2:9");
    }
}

// What the scenarios of the guide say to people: complete in both languages, and no number that the
// run does not vouch for.
#include "models/document.hpp"
#include "scenarios/extends.hpp"
#include "scenarios/load_file.hpp"
#include "tests/support/checkout.hpp"
#include "tests/support/quantities.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

using namespace archsim;

namespace {

namespace files = std::filesystem;
using models::Value;

constexpr std::array text_keys = {"description", "question", "look_at"};
using tests::collect_values;
using tests::is_stated;
using tests::literals_in;

/// A scenario as it is written, and with all that it extends.
struct Written {
    std::string name;
    Value own;
    Value whole;
};

/// Those of the guide, and those that answer its exercises.
std::vector<Written> guide_scenarios() {
    std::vector<files::path> paths;
    for (const std::string folder : {"guide", "exercises/runs"}) {
        for (const auto& entry :
             files::directory_iterator{tests::checkout() + "/scenarios/" + folder}) {
            if (entry.path().extension() == ".json") paths.push_back(entry.path());
        }
    }
    std::ranges::sort(paths);
    std::vector<Written> found;
    for (const files::path& path : paths) {
        models::Sources sources;
        models::Diagnostics diagnostics;
        auto own = scenarios::load_file(path.string(), sources, diagnostics);
        auto whole = scenarios::load_document(path.string(), sources, diagnostics);
        REQUIRE_MESSAGE(own, path.string());
        REQUIRE_MESSAGE(whole, path.string());
        found.push_back({path.stem().string(), std::move(own->value), std::move(*whole)});
    }
    return found;
}

std::string text_at(const Value& scenario, std::string_view pointer) {
    const Value* const value = scenario.at(pointer);
    return value != nullptr && value->is_string() ? value->text() : std::string{};
}

std::size_t sentences_in(std::string_view text) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool ends = text[i] == '.' || text[i] == '!' || text[i] == '?';
        if (ends && (i + 1 == text.size() || text[i + 1] == ' ')) ++count;
    }
    const bool is_open = !text.empty() && text.back() != '.' && text.back() != '!';
    return count + (is_open ? 1U : 0U);
}

void check_completeness(const Written& scenario) {
    for (const std::string key : text_keys) {
        CAPTURE(key);
        CHECK_MESSAGE(!text_at(scenario.whole, "/" + key).empty(), scenario.name,
                      ": write this text");
        CHECK_MESSAGE(!text_at(scenario.whole, "/pt/" + key).empty(), scenario.name,
                      ": write this text in Portuguese, under \"pt\"");
        const bool is_own = scenario.own.find(key) != nullptr;
        const bool is_translated = scenario.own.at("/pt/" + key) != nullptr;
        CHECK_MESSAGE(is_own == is_translated, scenario.name,
                      ": a text of its own needs its own translation under \"pt\", or the "
                      "translation of the scenario that it extends says something else");
    }
}

}  // namespace

TEST_SUITE("guide texts") {
    TEST_CASE("every scenario of the guide has its texts in both languages") {
        const auto scenarios = guide_scenarios();
        REQUIRE(scenarios.size() >= 80);
        for (const Written& scenario : scenarios) check_completeness(scenario);
    }

    TEST_CASE("what to look at takes two to five sentences") {
        for (const Written& scenario : guide_scenarios()) {
            for (const std::string pointer : {"/look_at", "/pt/look_at"}) {
                CAPTURE(pointer);
                const std::size_t sentences = sentences_in(text_at(scenario.whole, pointer));
                CHECK_MESSAGE(sentences >= 2, scenario.name);
                CHECK_MESSAGE(sentences <= 5, scenario.name);
            }
        }
    }

    TEST_CASE("a measured number in a text is a metric in braces and no literal") {
        for (const Written& scenario : guide_scenarios()) {
            std::vector<std::string> values;
            collect_values(scenario.whole, values);
            for (const std::string pointer : {"/look_at", "/pt/look_at"}) {
                for (const std::string& quantity : literals_in(text_at(scenario.whole, pointer))) {
                    CHECK_MESSAGE(is_stated(quantity, values), scenario.name, pointer, ": ",
                                  quantity,
                                  " is no value of the scenario; name the metric in "
                                  "braces, such as {users/latency/p99}");
                }
            }
        }
    }

    TEST_CASE("literal quantities are found, and those of commands and metrics are not") {
        using Quantities = std::vector<std::string>;
        CHECK(literals_in("p99 is 18 ms, not 20ms; 3 of 5") == Quantities{"18ms", "20ms"});
        CHECK(literals_in("4.8 % of 1000/s (1 s)") == Quantities{"4.8%", "1000/s", "1s"});
        CHECK(literals_in("{users/latency/p99} with --set nodes/dns/ttl=5s") == Quantities{});
        CHECK(is_stated("5ms", {"users/latency/p99 <= 5ms"}));
        CHECK_FALSE(is_stated("5ms", {"15ms", "0.5ms"}));
        CHECK(sentences_in("One. Two, see a.json! {x} is 3.5") == 3);
    }
}

// Key sources in a scenario: every kind is read and written, and mistakes are named.
#include "models/key_source_codec.hpp"

#include "models/document.hpp"
#include "models/key_source_kinds.hpp"

#include <doctest/doctest.h>

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace {

using namespace archsim;
using namespace archsim::models;
using namespace archsim::sim::literals;
using sim::KeySource;

Value text(std::string_view words) { return Value::string(std::string{words}); }

Value keys(std::string_view kind,
           std::initializer_list<std::pair<std::string_view, Value>> parameters) {
    Value result = Value::object({{"kind", text(kind)}});
    for (const auto& [key, value] : parameters) result.set(key, value);
    return result;
}

std::optional<KeySource> read_value(const Value& value, Diagnostics& diagnostics) {
    Reader reader{diagnostics};
    return Codec<KeySource>::read(value, reader);
}

/// Reads the value; what is written must read back as the same source.
KeySource good(const Value& value) {
    Diagnostics diagnostics;
    const std::optional<KeySource> first = read_value(value, diagnostics);
    REQUIRE_MESSAGE(first.has_value(), value.to_json());
    const Value written = Codec<KeySource>::write(*first);
    const std::optional<KeySource> second = read_value(written, diagnostics);
    REQUIRE_MESSAGE(second.has_value(), written.to_json());
    CHECK_MESSAGE(*first == *second, written.to_json());
    CHECK(diagnostics.all().empty());
    return *first;
}

Code problem_of(const Value& value) {
    Diagnostics diagnostics;
    CHECK_FALSE(read_value(value, diagnostics).has_value());
    REQUIRE(diagnostics.all().size() == 1);
    return diagnostics.all()[0].code;
}

}  // namespace

TEST_SUITE("models/key_source_codec") {
    TEST_CASE("every kind is read with its parameters") {
        CHECK(good(keys("uniform", {{"count", Value::integer(100)}})) ==
              KeySource{sim::UniformKeys{100}});
        CHECK(good(keys("zipf",
                        {{"count", Value::integer(10'000)}, {"skew", Value::number("1.1")}})) ==
              KeySource{sim::ZipfKeys{10'000, 1.1}});
        CHECK(good(keys(
                  "hotspot",
                  {{"count", Value::integer(100)}, {"hot", text("5%")}, {"share", text("99%")}})) ==
              KeySource{sim::HotspotKeys{100, sim::Probability{0.05}, sim::Probability{0.99}}});
        CHECK(good(keys("latest", {{"count", Value::integer(50)},
                                   {"skew", Value::number("0.5")},
                                   {"growth", text("30/m")}})) ==
              KeySource{sim::LatestKeys{50, 0.5, sim::Rate::per_second(0.5)}});
        CHECK(good(keys("sequential", {{"count", Value::integer(7)}})) ==
              KeySource{sim::SequentialKeys{7}});
        const Value list = Value::array({Value::integer(4), Value::integer(0), Value::integer(4)});
        CHECK(good(keys("trace", {{"keys", list}})) == KeySource{sim::TraceKeys{{4, 0, 4}}});
    }

    TEST_CASE("a skew that is not given is that of the usual benchmarks") {
        CHECK(good(keys("zipf", {{"count", Value::integer(100)}})) ==
              KeySource{sim::ZipfKeys{100, 0.99}});
    }

    TEST_CASE("popularity may move over the keys") {
        const KeySource moving = good(keys("zipf", {{"count", Value::integer(100)},
                                                    {"drift", text("2/s")},
                                                    {"shuffle_every", text("1h")}}));
        CHECK(moving.drift() == sim::Drift{sim::Rate::per_second(2.0), sim::Duration::hours(1)});
        CHECK(good(keys("zipf", {{"count", Value::integer(100)}})).drift().is_none());
    }

    TEST_CASE("a key source that cannot be is refused") {
        CHECK(problem_of(keys("zipf", {})) == Code::missing_key);
        CHECK(problem_of(keys("zipf", {{"count", Value::integer(0)}})) == Code::out_of_range);
        CHECK(problem_of(keys("zipf", {{"count", Value::integer(10)},
                                       {"skew", Value::integer(-1)}})) == Code::out_of_range);
        CHECK(problem_of(keys("trace", {{"keys", Value::array()}})) == Code::out_of_range);
        CHECK(problem_of(keys("trace", {{"keys", Value::array({Value::integer(-1)})}})) ==
              Code::out_of_range);
        CHECK(problem_of(keys("uniform", {{"count", Value::integer(10)},
                                          {"shuffle_every", text("0s")}})) == Code::out_of_range);
    }

    TEST_CASE("a parameter of another kind is not ignored") {
        CHECK(problem_of(keys("sequential", {{"count", Value::integer(10)},
                                             {"skew", Value::integer(1)}})) == Code::unknown_key);
        CHECK(problem_of(keys("latest", {{"count", Value::integer(10)}, {"drift", text("1/s")}})) ==
              Code::unknown_key);
        CHECK(problem_of(keys("zipfian", {{"count", Value::integer(10)}})) == Code::unknown_kind);
        CHECK(problem_of(keys("uniform", {{"count", Value::number("1.5")}})) ==
              Code::not_an_integer);
    }
}

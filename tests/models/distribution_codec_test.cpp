// Distributions in a scenario: every kind is read and written, and mistakes are named.
#include "models/distribution_codec.hpp"

#include "models/distribution_kinds.hpp"
#include "models/document.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>

namespace {

using namespace archsim;
using namespace archsim::models;
using namespace archsim::sim::literals;
using sim::Distribution;

Value object_of_kind(std::string_view kind,
                     std::initializer_list<std::pair<std::string_view, Value>> parameters) {
    Value result = Value::object({{"kind", Value::string(std::string{kind})}});
    for (const auto& [key, value] : parameters) result.set(key, value);
    return result;
}

Value text(std::string_view words) { return Value::string(std::string{words}); }

std::optional<Distribution> read_value(const Value& value, Diagnostics& diagnostics) {
    Reader reader{diagnostics};
    return Codec<Distribution>::read(value, reader);
}

/// Reads the value; what is written must read back as the same distribution.
Distribution good(const Value& value) {
    Diagnostics diagnostics;
    const std::optional<Distribution> first = read_value(value, diagnostics);
    REQUIRE_MESSAGE(first.has_value(), value.to_json());
    const Value written = Codec<Distribution>::write(*first);
    const std::optional<Distribution> second = read_value(written, diagnostics);
    REQUIRE_MESSAGE(second.has_value(), written.to_json());
    CHECK_MESSAGE(*first == *second, written.to_json());
    CHECK(diagnostics.all().empty());
    return *first;
}

Diagnostic problem_of(const Value& value) {
    Diagnostics diagnostics;
    CHECK_FALSE(read_value(value, diagnostics).has_value());
    REQUIRE(diagnostics.all().size() == 1);
    return diagnostics.all()[0];
}

}  // namespace

TEST_SUITE("models/distribution_codec") {
    TEST_CASE("a duration alone is a constant") {
        CHECK(good(text("8ms")) == Distribution::constant(8_ms));
        CHECK(good(object_of_kind("constant", {{"value", text("8ms")}})) ==
              Distribution::constant(8_ms));
        CHECK(Codec<Distribution>::write(Distribution::constant(8_ms)) == text("8ms"));
    }

    TEST_CASE("every kind with a mean is read with its parameters") {
        CHECK(good(object_of_kind("exponential", {{"mean", text("8ms")}})) ==
              Distribution::exponential(8_ms));
        CHECK(good(object_of_kind("erlang",
                                  {{"mean", text("8ms")}, {"stages", Value::integer(3)}})) ==
              Distribution{sim::Erlang{8_ms, 3}});
        CHECK(good(object_of_kind("gamma",
                                  {{"mean", text("8ms")}, {"shape", Value::number("0.5")}})) ==
              Distribution{sim::Gamma{8_ms, 0.5}});
        CHECK(good(object_of_kind("hyperexponential",
                                  {{"mean", text("8ms")}, {"cv", Value::number("2.5")}})) ==
              Distribution{sim::Hyperexponential{8_ms, 2.5}});
        CHECK(good(object_of_kind("normal", {{"mean", text("8ms")}, {"deviation", text("2ms")}})) ==
              Distribution{sim::TruncatedNormal{8_ms, 2_ms}});
    }

    TEST_CASE("every other kind is read with its parameters") {
        CHECK(
            good(object_of_kind("uniform", {{"minimum", text("1ms")}, {"maximum", text("3ms")}})) ==
            Distribution{sim::Uniform{1_ms, 3_ms}});
        CHECK(good(object_of_kind("pareto",
                                  {{"minimum", text("1ms")}, {"alpha", Value::number("1.5")}})) ==
              Distribution{sim::Pareto{1_ms, 1.5}});
        CHECK(good(object_of_kind("pareto", {{"minimum", text("1ms")},
                                             {"alpha", Value::number("1.5")},
                                             {"cap", text("1s")}})) ==
              Distribution{sim::Pareto{1_ms, 1.5, 1_s}});
        CHECK(good(object_of_kind("weibull",
                                  {{"scale", text("1h")}, {"shape", Value::integer(2)}})) ==
              Distribution{sim::Weibull{sim::Duration::hours(1), 2.0}});
        const Value values = Value::array({text("1ms"), text("5ms")});
        CHECK(good(object_of_kind("empirical", {{"values", values}})) ==
              Distribution{sim::Empirical{{1_ms, 5_ms}, {1.0, 1.0}}});
        const Value weights = Value::array({Value::integer(3), Value::number("0.5")});
        CHECK(good(object_of_kind("empirical", {{"values", values}, {"weights", weights}})) ==
              Distribution{sim::Empirical{{1_ms, 5_ms}, {3.0, 0.5}}});
    }

    TEST_CASE("measured times are given by values or by percentiles, not by both") {
        const auto measured = [](std::initializer_list<std::pair<const char*, const char*>> pairs) {
            Value list = Value::array();
            for (const auto& [time, share] : pairs)
                list.push(Value::array({text(time), text(share)}));
            return object_of_kind("empirical", {{"percentiles", list}});
        };
        const Value percentiles = measured({{"1ms", "25%"}, {"3ms", "100%"}});
        CHECK(good(percentiles).mean_seconds() == doctest::Approx(0.00175));
        CHECK(good(percentiles).cdf(0.002) == doctest::Approx(0.625));
        Value both = percentiles;
        both.set("values", Value::array({text("1ms")}));
        CHECK(problem_of(both).code == Code::conflicting_keys);
        CHECK(problem_of(object_of_kind("empirical", {})).code == Code::out_of_range);
        CHECK(problem_of(measured({{"1ms", "100%"}})).code == Code::out_of_range);
        CHECK(problem_of(measured({{"1ms", "25%"}, {"3ms", "99%"}})).code == Code::out_of_range);
        CHECK(problem_of(measured({{"3ms", "25%"}, {"1ms", "100%"}})).code == Code::out_of_range);
        CHECK(problem_of(measured({{"1ms", "50%"}, {"2ms", "25%"}, {"3ms", "100%"}})).code ==
              Code::out_of_range);
    }

    TEST_CASE("a lognormal is given by its mean or by its quantiles, not by both") {
        const Value by_mean =
            object_of_kind("lognormal", {{"mean", text("8ms")}, {"cv", Value::number("0.5")}});
        CHECK(good(by_mean).mean_seconds() == doctest::Approx(0.008));
        const Value by_quantiles =
            object_of_kind("lognormal", {{"p50", text("5ms")}, {"p99", text("50ms")}});
        CHECK(good(by_quantiles).cdf(0.05) == doctest::Approx(0.99));
        CHECK(Codec<Distribution>::write(good(by_quantiles)) == by_quantiles);
        CHECK(
            problem_of(object_of_kind("lognormal", {{"mean", text("8ms")}, {"p99", text("50ms")}}))
                .code == Code::conflicting_keys);
        CHECK(problem_of(object_of_kind("lognormal", {{"p50", text("5ms")}, {"p99", text("5ms")}}))
                  .code == Code::conflicting_keys);
    }

    TEST_CASE("a mixture holds distributions of any kind, mixtures too") {
        const auto part = [](std::int64_t weight, Value distribution) {
            return Value::object(
                {{"weight", Value::integer(weight)}, {"distribution", std::move(distribution)}});
        };
        const Value inner = object_of_kind(
            "mixture", {{"parts", Value::array({part(1, text("2ms")), part(1, text("4ms"))})}});
        const Value outer = object_of_kind(
            "mixture", {{"parts", Value::array({part(9, text("1ms")), part(1, inner)})}});
        CHECK(good(outer).mean_seconds() == doctest::Approx(0.9 * 0.001 + 0.1 * 0.003));
        CHECK(problem_of(object_of_kind("mixture", {{"parts", Value::array()}})).code ==
              Code::out_of_range);
    }

    TEST_CASE("a distribution that cannot be is refused") {
        CHECK(problem_of(object_of_kind("exponential", {{"mean", text("0s")}})).code ==
              Code::out_of_range);
        CHECK(problem_of(object_of_kind("hyperexponential",
                                        {{"mean", text("8ms")}, {"cv", Value::number("0.9")}}))
                  .code == Code::out_of_range);
        CHECK(problem_of(
                  object_of_kind("uniform", {{"minimum", text("3ms")}, {"maximum", text("1ms")}}))
                  .code == Code::conflicting_keys);
        CHECK(problem_of(object_of_kind("pareto", {{"minimum", text("1s")},
                                                   {"alpha", Value::integer(1)},
                                                   {"cap", text("1ms")}}))
                  .code == Code::conflicting_keys);
        const Value values = Value::array({text("1ms"), text("5ms")});
        const auto empirical = [&values](std::vector<Value> weights) {
            return object_of_kind(
                "empirical", {{"values", values}, {"weights", Value::array(std::move(weights))}});
        };
        CHECK(problem_of(empirical({Value::integer(1)})).code == Code::conflicting_keys);
        CHECK(problem_of(empirical({Value::integer(0), Value::integer(0)})).code ==
              Code::out_of_range);
        CHECK(problem_of(empirical({Value::integer(2), Value::integer(-1)})).code ==
              Code::out_of_range);
    }

    TEST_CASE("a mistake in the way of writing is told how to write") {
        CHECK(problem_of(Value::integer(8)).code == Code::unit_missing);
        const Diagnostic bare = problem_of(text("exponential"));
        CHECK(bare.code == Code::missing_key);
        CHECK(bare.hint.find("\"mean\"") != std::string::npos);
        const Diagnostic unknown = problem_of(object_of_kind("exponental", {}));
        CHECK(unknown.code == Code::unknown_kind);
        CHECK(unknown.hint.find("exponential") != std::string::npos);
        CHECK(problem_of(Value::boolean(true)).code == Code::wrong_type);
    }

    TEST_CASE("the schema of a distribution ends although mixtures hold distributions") {
        SchemaBuilder builder;
        const Value schema = Codec<Distribution>::schema(builder);
        CHECK(schema.find("anyOf")->items().size() == 2);
        CHECK(builder.definitions().find("mixture_part") != nullptr);
    }
}

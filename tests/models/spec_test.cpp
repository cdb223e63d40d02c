// One declaration: reading with all problems at once, schema and explanation.
#include "models/spec.hpp"

#include <doctest/doctest.h>

#include <string>

namespace {

using namespace archsim::models;

enum class Discipline { fifo, lifo };

struct RoundRobin {
    static const Spec<RoundRobin>& spec() {
        static const auto s = Spec<RoundRobin>{"round_robin", "Each in turn."}.alias("rr");
        return s;
    }
};

struct Choices {
    std::int64_t choices = 2;
    static const Spec<Choices>& spec() {
        static const auto s = Spec<Choices>{"power_of_choices", "The best of a few at random."}
                                  .optional("choices", &Choices::choices, "How many are looked at.")
                                  .at_least(1)
                                  .at_most(64);
        return s;
    }
};

struct Edge {
    Reference to;
    double weight = 1.0;
    static const Spec<Edge>& spec() {
        static const auto s =
            Spec<Edge>{"edge", "A call to another node."}
                .required("to", &Edge::to, "The node called.")
                .optional("weight", &Edge::weight, "Share of the calls.")
                .more_than(0)
                .check([](const Edge& edge, const Place& place) {
                    if (edge.to.name.empty())
                        place.fail("to", {.code = Code::bad_value, .message = "the name is empty"});
                })
                .written_as("to");
        return s;
    }
};

struct Config {
    std::int64_t capacity = 0;
    std::int64_t low = 0;
    std::int64_t high = 10;
    std::optional<double> factor;
    std::vector<double> shares;
    Discipline order = Discipline::fifo;
    OneOf<RoundRobin, Choices> policy;
    std::vector<Edge> calls;
    std::vector<Config> inner;
    static const Spec<Config>& spec();
};

}  // namespace

namespace archsim::models {
template <>
struct EnumNames<Discipline> {
    static constexpr std::array<EnumName<Discipline>, 3> names = {
        {{Discipline::fifo, "fifo", "First come, first served."},
         {Discipline::lifo, "lifo", "Last come, first served."},
         {Discipline::lifo, "stack", {}}}};
};
}  // namespace archsim::models

namespace {

const Spec<Config>& Config::spec() {
    static const auto s = Spec<Config>{"box", "Keeps things."}
                              .alias("caixa")
                              .guide("Components, 2. Caching")
                              .required("capacity", &Config::capacity, "Things kept.")
                              .at_least(1)
                              .otherwise_called({"max_size"})
                              .optional("low", &Config::low, "Low mark.")
                              .optional("high", &Config::high, "High mark.")
                              .optional("factor", &Config::factor, "A factor.")
                              .at_most(3)
                              .optional("shares", &Config::shares, "Shares.")
                              .at_least(0)
                              .less_than(1)
                              .optional("order", &Config::order, "Which goes first.")
                              .optional("policy", &Config::policy, "Who is asked.")
                              .optional("calls", &Config::calls, "Who is called.")
                              .optional("inner", &Config::inner, "Boxes in the box.")
                              .metric("hit_ratio", "ratio", "Share of hits.")
                              .assume("Things have no size.")
                              .check([](const Config& config, const Place& place) {
                                  if (config.low > config.high)
                                      place.fail("low", {.code = Code::conflicting_keys,
                                                         .message = "'low' is above 'high'"});
                              });
    return s;
}

struct Result {
    std::optional<Config> config;
    std::vector<Diagnostic> problems;
    std::vector<FoundReference> references;
};

/// A document whose values have their order of writing as offsets.
Value object_of(std::initializer_list<std::pair<std::string_view, Value>> members) {
    Value result = Value::object().with_spot({0, 0});
    std::uint32_t offset = 0;
    for (const auto& [key, value] : members) {
        offset += 10;
        result.append(std::string(key), Value{value}.with_spot({0, offset + 5}), {0, offset});
    }
    return result;
}

Result read_box(const Value& value) {
    Diagnostics diagnostics;
    Reader reader{diagnostics, "/nodes/b"};
    Result result;
    result.config = read<Config>(value, reader);
    result.problems = diagnostics.sorted();
    result.references.assign(reader.references().begin(), reader.references().end());
    CHECK(result.config.has_value() == result.problems.empty());
    return result;
}

void check_refused(std::string_view key, Value value, Code code, std::string_view message) {
    CAPTURE(key);
    CAPTURE(value.to_json());
    const Result result =
        read_box(object_of({{"capacity", Value::integer(1)}, {key, std::move(value)}}));
    REQUIRE(result.problems.size() == 1);
    CHECK(result.problems[0].code == code);
    CHECK(result.problems[0].message == message);
    CHECK(result.problems[0].pointer == "/nodes/b/" + std::string(key));
    CHECK(result.problems[0].spot == Spot{0, 25});
}

}  // namespace

TEST_SUITE("spec") {
    TEST_CASE("what is written is read and the rest has its default") {
        const Result result = read_box(object_of(
            {{"description", Value::string("mine")},
             {"capacity", Value::number("1e3")},
             {"factor", Value::integer(2)},
             {"shares", Value::array({Value::real(0.5)})},
             {"order", Value::string("stack")},
             {"policy", object_of({{"kind", Value::string("power_of_choices")},
                                   {"choices", Value::integer(3)}})},
             {"calls",
              Value::array({Value::string("db"), object_of({{"to", Value::string("log")},
                                                            {"weight", Value::real(0.5)}})})},
             {"inner", Value::array({object_of({{"capacity", Value::integer(7)}})})}}));
        REQUIRE(result.config.has_value());
        const Config& config = *result.config;
        CHECK(config.capacity == 1000);
        CHECK(config.high == 10);
        CHECK(config.factor == 2.0);
        CHECK(config.shares == std::vector<double>{0.5});
        CHECK(config.order == Discipline::lifo);
        CHECK(std::get<Choices>(config.policy).choices == 3);
        REQUIRE(config.calls.size() == 2);
        CHECK(config.calls[0].to.name == "db");
        CHECK(config.calls[1].weight == 0.5);
        REQUIRE(config.inner.size() == 1);
        CHECK(config.inner[0].capacity == 7);
        REQUIRE(result.references.size() == 2);
        CHECK(result.references[0].name == "db");
        CHECK(result.references[0].pointer == "/nodes/b/calls/0");
        CHECK(result.references[1].pointer == "/nodes/b/calls/1/to");
    }

    TEST_CASE("all problems are reported at once, each in its place") {
        const Result result = read_box(object_of({{"capcity", Value::integer(3)},
                                                  {"max_size", Value::integer(3)},
                                                  {"order", Value::string("fifi")},
                                                  {"policy", Value::string("round")},
                                                  {"kind", Value::string("box")}}));
        REQUIRE(result.problems.size() == 6);
        CHECK(result.problems[0].code == Code::missing_key);
        CHECK(result.problems[0].spot == Spot{0, 0});
        CHECK(result.problems[0].pointer == "/nodes/b/capacity");
        CHECK(result.problems[0].message == "'box' needs 'capacity' (integer, at least 1)");
        CHECK(result.problems[1].message == "'box' has no parameter 'capcity'");
        CHECK(result.problems[1].spot == Spot{0, 10});
        CHECK(result.problems[1].hint == "did you mean 'capacity'?");
        CHECK(result.problems[2].hint == "here this is called 'capacity'");
        CHECK(result.problems[3].code == Code::unknown_name);
        CHECK(result.problems[3].hint == "did you mean 'fifo'?");
        CHECK(result.problems[4].code == Code::unknown_kind);
        CHECK(result.problems[4].hint == "did you mean 'round_robin'?");
        CHECK(result.problems[5].code == Code::unknown_key);
    }

    TEST_CASE("a count is an exact integer") {
        const auto refused = [](Value value, Code code, std::string_view found) {
            const std::string message =
                code == Code::out_of_range
                    ? "expected an integer from -9223372036854775808 to 9223372036854775807, found "
                    : "expected an integer, found ";
            check_refused("low", std::move(value), code, message + std::string(found));
        };
        refused(Value::number("3.7"), Code::not_an_integer, "the number 3.7");
        refused(Value::boolean(true), Code::wrong_type, "true");
        refused(Value::string("3"), Code::wrong_type, "the string '3'");
        refused(Value::null(), Code::wrong_type, "null");
        refused(Value::number("1e400"), Code::out_of_range, "the number 1e400");
        refused(Value::number("18446744073709551616"), Code::out_of_range,
                "the number 18446744073709551616");
    }

    TEST_CASE("bounds hold for single values, optional values and each element") {
        const Result zero = read_box(object_of({{"capacity", Value::integer(0)}}));
        REQUIRE(zero.problems.size() == 1);
        CHECK(zero.problems[0].message == "'capacity' must be at least 1, found 0");
        CHECK(zero.problems[0].code == Code::out_of_range);
        check_refused("factor", Value::real(3.5), Code::out_of_range,
                      "'factor' must be at most 3, found 3.5");
        const Result list = read_box(object_of(
            {{"capacity", Value::integer(1)},
             {"shares", Value::array({Value::real(0.5), Value::integer(1), Value::integer(2)})}}));
        REQUIRE(list.problems.size() == 1);
        CHECK(list.problems[0].message == "'shares' must be less than 1, found 1");
        CHECK(list.problems[0].pointer == "/nodes/b/shares/1");
    }

    TEST_CASE("a relation between fields is checked when all fields are readable") {
        check_refused("low", Value::integer(11), Code::conflicting_keys, "'low' is above 'high'");
        const Result other =
            read_box(object_of({{"low", Value::integer(11)}, {"high", Value::string("x")}}));
        CHECK(other.problems.size() == 2);  // capacity is missing, high is no integer
    }

    TEST_CASE("relations are checked in the short form too") {
        const Result result = read_box(object_of(
            {{"capacity", Value::integer(1)}, {"calls", Value::array({Value::string("")})}}));
        REQUIRE(result.problems.size() == 1);
        CHECK(result.problems[0].message == "the name is empty");
        CHECK(result.problems[0].pointer == "/nodes/b/calls/0/to");
    }

    TEST_CASE("a wrong shape says what was expected") {
        check_refused("shares", Value::real(0.5), Code::wrong_type,
                      "expected list of number, found the number 0.5");
        check_refused("policy", Value::integer(1), Code::wrong_type,
                      "expected one of round_robin, power_of_choices, found the number 1");
        check_refused("inner", Value::object(), Code::wrong_type,
                      "expected list of box object, found an object");
        const Result text = read_box(Value::string("x").with_spot({0, 3}));
        REQUIRE(text.problems.size() == 1);
        CHECK(text.problems[0].message ==
              "expected an object with the parameters of 'box', found the string 'x'");
    }

    TEST_CASE("the schema key is accepted at the top only, a description everywhere") {
        Diagnostics diagnostics;
        Reader reader{diagnostics};
        CHECK(read<Config>(
                  object_of({{"$schema", Value::string("s")}, {"capacity", Value::integer(1)}}),
                  reader)
                  .has_value());
        const Value nested =
            object_of({{"capacity", Value::integer(1)},
                       {"inner", Value::array({object_of({{"$schema", Value::string("s")},
                                                          {"capacity", Value::integer(1)}})})}});
        CHECK_FALSE(read<Config>(nested, reader).has_value());
        CHECK(diagnostics.error_count() == 1);
    }

    TEST_CASE("writing gives what reading takes") {
        Config config;
        config.capacity = 5;
        config.order = Discipline::lifo;
        config.policy = Choices{3};
        config.calls = {{{"db"}, 1.0}};
        const Value written = Codec<Config>::write(config);
        CHECK(written.to_json() ==
              R"({"capacity": 5, "order": "lifo", "policy": {"kind": "power_of_choices", )"
              R"("choices": 3}, "calls": [{"to": "db"}]})");
        Diagnostics diagnostics;
        Reader reader{diagnostics};
        const auto back = read<Config>(written, reader);
        REQUIRE(back.has_value());
        CHECK(Codec<Config>::write(*back) == written);
        CHECK(Codec<OneOf<RoundRobin, Choices>>::write(RoundRobin{}).to_json() ==
              "\"round_robin\"");
    }

    TEST_CASE("the schema has types, bounds, defaults and each nested object once") {
        const Value schema = Config::spec().schema();
        const auto at = [&schema](std::string_view pointer) {
            const Value* value = schema.at(pointer);
            return value == nullptr ? std::string("absent") : value->to_json();
        };
        CHECK(at("/$schema") == "\"http://json-schema.org/draft-07/schema#\"");
        CHECK(at("/required") == R"(["capacity"])");
        CHECK(at("/additionalProperties") == "false");
        CHECK(at("/properties/capacity/minimum") == "1");
        CHECK(at("/properties/high/default") == "10");
        CHECK(at("/properties/factor/maximum") == "3");
        CHECK(at("/properties/factor/default") == "absent");
        CHECK(at("/properties/shares/items/exclusiveMaximum") == "1");
        CHECK(at("/properties/order/enum") == R"(["fifo", "lifo", "stack"])");
        CHECK(at("/properties/policy/anyOf/0/enum") ==
              R"(["round_robin", "rr", "power_of_choices"])");
        CHECK(at("/properties/inner/items/$ref") == "\"#/definitions/box\"");
        CHECK(at("/properties/calls/items/anyOf/0/type") == "\"string\"");
        CHECK(at("/definitions/power_of_choices/properties/kind/enum") ==
              R"(["power_of_choices"])");
        CHECK(schema.at("/definitions")->members().size() == 4);
    }

    TEST_CASE("the explanation names everything a user may write") {
        const std::string text = Config::spec().explain();
        for (const char* part :
             {"box: Keeps things.", "Also called: caixa", "Guide: Components, 2. Caching",
              "capacity  integer, at least 1; required", "high      integer; default 10",
              "factor    number, at most 3; optional", "order     one of fifo, lifo; default fifo",
              "policy    one of round_robin, power_of_choices; default round_robin",
              "hit_ratio  (ratio) Share of hits.", "- Things have no size.",
              "power_of_choices: The best of a few at random.",
              "choices  integer, at least 1, at most 64; default 2"}) {
            CAPTURE(part);
            CHECK_MESSAGE(text.find(part) != std::string::npos, text);
        }
    }
}

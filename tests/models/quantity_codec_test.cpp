// Quantities in documents: the unit is required, and problems say so in the vocabulary of codes.
#include "models/spec.hpp"

#include <doctest/doctest.h>

#include <string>
#include <tuple>

namespace {

using namespace archsim::models;
namespace sim = archsim::sim;
using namespace archsim::sim::literals;

struct Wire {
    sim::Duration latency = 1500_us;
    sim::Bandwidth bandwidth = sim::Bandwidth::bits_per_second(100'000'000);
    sim::Probability loss;
    std::vector<sim::Duration> delays;
    static const Spec<Wire>& spec() {
        static const auto s = Spec<Wire>{"link", "A wire."}
                                  .optional("latency", &Wire::latency, "One way.")
                                  .more_than(0_ns)
                                  .at_most(10_s)
                                  .optional("bandwidth", &Wire::bandwidth, "Bits in time.")
                                  .optional("loss", &Wire::loss, "Share lost.")
                                  .less_than(sim::Probability{0.5})
                                  .optional("delays", &Wire::delays, "Further delays.")
                                  .at_least(1_ms);
        return s;
    }
};

Diagnostic problem_of(std::string_view key, Value value) {
    Diagnostics diagnostics;
    Reader reader{diagnostics};
    CHECK_FALSE(read<Wire>(Value::object({{key, std::move(value)}}), reader).has_value());
    REQUIRE(diagnostics.all().size() == 1);
    return diagnostics.all()[0];
}

template <class Quantity>
void check_form(const Quantity& value) {
    Diagnostics diagnostics;
    Reader reader{diagnostics};
    const Value written = Codec<Quantity>::write(value);
    CAPTURE(written.to_json());
    CHECK(Codec<Quantity>::read(written, reader) == value);
    SchemaBuilder builder;
    CHECK(Codec<Quantity>::schema(builder).at("/pattern")->is_string());
    CHECK_FALSE(Codec<Quantity>::type().empty());
}

}  // namespace

TEST_SUITE("quantity_codec") {
    TEST_CASE("a quantity is a string with its unit") {
        Diagnostics diagnostics;
        Reader reader{diagnostics};
        const auto link = read<Wire>(Value::object({{"latency", Value::string("5ms")},
                                                    {"bandwidth", Value::string("1Gbps")},
                                                    {"loss", Value::string("1%")}}),
                                     reader);
        REQUIRE(link.has_value());
        CHECK(link->latency == 5_ms);
        CHECK(link->bandwidth.bits_per_second() == 1'000'000'000);
        CHECK(link->loss.value() == 0.01);
    }

    TEST_CASE("a bare number is refused with an example") {
        const Diagnostic problem = problem_of("latency", Value::integer(5));
        CHECK(problem.code == Code::unit_missing);
        CHECK(problem.message ==
              "expected a duration with a unit, such as \"5ms\", found the number 5");
        CHECK(problem_of("latency", Value::string("5")).code == Code::unit_missing);
        CHECK(problem_of("loss", Value::real(0.01)).code == Code::unit_missing);
    }

    TEST_CASE("a wrong unit, a malformed text and a wrong type have their codes") {
        CHECK(problem_of("latency", Value::string("5KiB")).code == Code::unit_wrong);
        CHECK(problem_of("latency", Value::string("5 Ms")).code != Code::unit_missing);
        CHECK(problem_of("latency", Value::string("-5ms")).code == Code::out_of_range);
        CHECK(problem_of("latency", Value::string("soon")).code == Code::bad_value);
        CHECK(problem_of("loss", Value::string("101%")).code == Code::out_of_range);
        CHECK(problem_of("latency", Value::boolean(true)).code == Code::wrong_type);
    }

    TEST_CASE("bounds are quantities too and are told with their units") {
        CHECK(problem_of("latency", Value::string("0s")).message ==
              "'latency' must be more than 0s, found 0s");
        CHECK(problem_of("latency", Value::string("11s")).message ==
              "'latency' must be at most 10s, found 11s");
        CHECK(problem_of("loss", Value::string("50%")).message ==
              "'loss' must be less than 50%, found 50%");
        const Diagnostic element =
            problem_of("delays", Value::array({Value::string("1ms"), Value::string("999us")}));
        CHECK(element.pointer == "/delays/1");
        CHECK(element.message == "'delays' must be at least 1ms, found 999us");
    }

    TEST_CASE("schema and explanation show unit, range and default") {
        const Value schema = Wire::spec().schema();
        CHECK(schema.at("/properties/latency/type")->text() == "string");
        CHECK(schema.at("/properties/latency/default")->text() == "1.5ms");
        CHECK(schema.at("/properties/latency/description")->text() ==
              "One way. Range: more than 0s, at most 10s.");
        CHECK(Wire::spec().explain().find(
                  "latency    duration, more than 0s, at most 10s; default 1.5ms") !=
              std::string::npos);
    }

    TEST_CASE("every quantity is written in the form that is read") {
        check_form(1500_us);
        check_form(sim::Bytes::kib(64));
        check_form(sim::Rate::per_second(1500.0));
        check_form(sim::Bandwidth::bits_per_second(100'000'000));
        check_form(sim::Money::nanodollars(1'250'000'000));
        check_form(sim::Probability{0.01});
        check_form(sim::PriceOfTime::per_hour(sim::Money::nanodollars(120'000'000)));
    }
}

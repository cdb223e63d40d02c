// Quantities in a scenario: what is accepted, and what a mistake is told.
#include "models/codec.hpp"
#include "models/price_codec.hpp"
#include "models/spec.hpp"
#include "sim/units_text.hpp"

#include <doctest/doctest.h>

#include <string>

namespace {

using namespace archsim::models;
using namespace archsim;

template <class T>
std::optional<T> read_value(const Value& value, Diagnostics& diagnostics) {
    Reader reader{diagnostics};
    return Codec<T>::read(value, reader);
}

template <class T>
Diagnostic problem_of(const Value& value) {
    Diagnostics diagnostics;
    CHECK_FALSE(read_value<T>(value, diagnostics).has_value());
    REQUIRE(diagnostics.all().size() == 1);
    return diagnostics.all()[0];
}

/// Reads the text, writes it again, and reads that: both values must be the same.
template <class T>
T read_twice(std::string text) {
    Diagnostics diagnostics;
    const auto first = read_value<T>(Value::string(std::move(text)), diagnostics);
    REQUIRE(first.has_value());
    const auto second = read_value<T>(Codec<T>::write(*first), diagnostics);
    REQUIRE(second.has_value());
    CHECK(*first == *second);
    CHECK(diagnostics.all().empty());
    return *first;
}

}  // namespace

TEST_SUITE("models/codec_quantities") {
    TEST_CASE("every quantity is read from a string with a unit") {
        CHECK(read_twice<sim::Duration>("1.5ms") == sim::Duration::microseconds(1500));
        CHECK(read_twice<sim::Bytes>("64KiB") == sim::Bytes::kib(64));
        CHECK(read_twice<sim::Rate>("90/m").per_second() == 1.5);
        CHECK(read_twice<sim::Bandwidth>("100Mbps").bits_per_second() == 100'000'000);
        CHECK(read_twice<sim::Money>("$12.50").nanodollars() == 12'500'000'000);
        CHECK(read_twice<sim::Probability>("1%").value() == 0.01);
        CHECK(read_twice<sim::PriceOfTime>("$20/month").per_month().nanodollars() ==
              20'000'000'000);
        CHECK(read_twice<sim::PriceOfData>("$0.09/GiB").per() == sim::Bytes::gib(1));
        CHECK(read_twice<sim::PriceOfRequests>("$0.40/1M").per() == 1'000'000);
    }

    TEST_CASE("a number without a unit is told the units") {
        const Diagnostic problem = problem_of<sim::Duration>(Value::integer(5));
        CHECK(problem.code == Code::unit_missing);
        CHECK(problem.message == "expected a duration, found the number 5 without a unit");
        CHECK(problem.hint == "valid units: ns, us, ms, s, m, h, d; for example \"5ms\"");
        CHECK(problem_of<sim::Duration>(Value::string("5")).code == Code::unit_missing);
    }

    TEST_CASE("each kind of mistake has its own code") {
        const Diagnostic wrong = problem_of<sim::Duration>(Value::string("5MS"));
        CHECK(wrong.code == Code::unit_wrong);
        CHECK(wrong.hint.find("did you mean \"5ms\"?") == 0);
        CHECK(problem_of<sim::Bytes>(Value::string("lots")).code == Code::bad_value);
        CHECK(problem_of<sim::Probability>(Value::string("101%")).code == Code::out_of_range);
        CHECK(problem_of<sim::Bytes>(Value::boolean(true)).code == Code::wrong_type);
    }

    TEST_CASE("a bound of a quantity is written with its unit") {
        CHECK(Codec<sim::Duration>::write(sim::Duration::milliseconds(5)) == Value::string("5ms"));
        CHECK(Codec<sim::Rate>::type() == "rate");
    }
}

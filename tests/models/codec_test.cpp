// The plain codecs and the containers.
#include "models/codec.hpp"

#include "models/spec.hpp"

#include <doctest/doctest.h>

#include <string>

namespace {

using namespace archsim::models;

template <class T>
std::optional<T> read_value(const Value& value, Diagnostics& diagnostics) {
    Reader reader{diagnostics};
    return Codec<T>::read(value, reader);
}

template <class T>
std::string problem_of(const Value& value) {
    Diagnostics diagnostics;
    CHECK_FALSE(read_value<T>(value, diagnostics).has_value());
    REQUIRE(diagnostics.all().size() == 1);
    const Diagnostic& problem = diagnostics.all()[0];
    return std::string(entry_of(problem.code).name) + ": " + problem.message;
}

template <class T>
T good(const Value& value) {
    Diagnostics diagnostics;
    std::optional<T> result = read_value<T>(value, diagnostics);
    REQUIRE(result.has_value());
    CHECK(diagnostics.all().empty());
    return *result;
}

}  // namespace

TEST_SUITE("codec") {
    TEST_CASE("integers of 32 bits have their own range") {
        CHECK(good<std::uint32_t>(Value::number("4294967295")) == 4'294'967'295u);
        CHECK(
            problem_of<std::uint32_t>(Value::number("4294967296")) ==
            "out_of_range: expected an integer from 0 to 4294967295, found the number 4294967296");
        CHECK(problem_of<std::uint32_t>(Value::integer(-1)) ==
              "out_of_range: expected an integer from 0 to 4294967295, found the number -1");
        CHECK(problem_of<std::int32_t>(Value::number("2147483648")) ==
              "out_of_range: expected an integer from -2147483648 to 2147483647, found the number "
              "2147483648");
    }

    TEST_CASE("a factor is a number that a double can hold") {
        CHECK(good<double>(Value::integer(3)) == 3.0);
        CHECK(problem_of<double>(Value::string("3")) ==
              "wrong_type: expected a number, found the string '3'");
        CHECK(problem_of<double>(Value::boolean(false)) ==
              "wrong_type: expected a number, found false");
        CHECK(problem_of<double>(Value::number("-1e400")) ==
              "out_of_range: the number -1e400 does not fit in a 64-bit real");
    }

    TEST_CASE("booleans and text are not converted from anything else") {
        CHECK(good<bool>(Value::boolean(true)));
        CHECK(problem_of<bool>(Value::integer(1)) ==
              "wrong_type: expected true or false, found the number 1");
        CHECK(good<std::string>(Value::string("x")) == "x");
        CHECK(problem_of<std::string>(Value::integer(1)) ==
              "wrong_type: expected a string, found the number 1");
    }

    TEST_CASE("objects are read in the order of the file or of the names") {
        const Value value = Value::object({{"b", Value::integer(1)},
                                           {"description", Value::string("why")},
                                           {"a", Value::integer(2)}});
        const auto ordered = good<InOrder<std::int64_t>>(value);
        REQUIRE(ordered.entries.size() == 2);
        CHECK(ordered.entries[0].first == "b");
        CHECK(ordered.entries[1] == std::pair<std::string, std::int64_t>{"a", 2});
        CHECK(good<std::map<std::string, std::int64_t>>(value).begin()->first == "a");
        CHECK(Codec<InOrder<std::int64_t>>::write(ordered).to_json() == R"({"b": 1, "a": 2})");
    }

    TEST_CASE("a list of fixed length has a type for each element") {
        using Entry = std::tuple<std::string, double>;
        CHECK(good<Entry>(Value::array({Value::string("x"), Value::integer(3)})) ==
              Entry{"x", 3.0});
        CHECK(problem_of<Entry>(Value::array({Value::string("x")})) ==
              "wrong_type: expected [text, number], found an array");
        Diagnostics diagnostics;
        CHECK_FALSE(
            read_value<Entry>(Value::array({Value::integer(1), Value::string("x")}), diagnostics)
                .has_value());
        REQUIRE(diagnostics.all().size() == 2);
        CHECK(diagnostics.all()[0].pointer == "/0");
        CHECK(diagnostics.all()[1].pointer == "/1");
    }

    TEST_CASE("every bad element of a list is reported") {
        Diagnostics diagnostics;
        CHECK_FALSE(
            read_value<std::vector<bool>>(
                Value::array({Value::integer(1), Value::boolean(true), Value::null()}), diagnostics)
                .has_value());
        CHECK(diagnostics.all().size() == 2);
        CHECK(diagnostics.all()[1].pointer == "/2");
        CHECK(diagnostics.all()[1].hint.find("leave the key out") != std::string::npos);
    }
}

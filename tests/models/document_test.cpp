// The tree: numbers that keep their text, pointers of RFC 6901, equality, JSON out.
#include "models/document.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>

using namespace archsim::models;

TEST_SUITE("document") {
    TEST_CASE("a whole number is read exactly, however it is written") {
        const auto whole = [](const char* text) { return Value::number(text).as_integer(); };
        CHECK(whole("0") == 0);
        CHECK(whole("-0.0e9") == 0);
        CHECK(whole("1e6") == 1'000'000);
        CHECK(whole("1250e-1") == 125);
        CHECK(whole("12.50E+1") == 125);
        CHECK(whole("9223372036854775807") == std::numeric_limits<std::int64_t>::max());
        CHECK(whole("-9223372036854775808") == std::numeric_limits<std::int64_t>::min());
        CHECK(whole("9007199254740993") == 9'007'199'254'740'993);  // 2^53 + 1
        CHECK(whole("9007199254740993.0") == 9'007'199'254'740'993);
    }

    TEST_CASE("a number that is not whole or does not fit is no integer") {
        for (const char* text :
             {"3.7", "0.1", "1e-1", "9223372036854775808", "-9223372036854775809",
              "18446744073709551616", "1e19", "1e400", "1e99999999999999999999",
              "1e-99999999999999999999", "9007199254740992.5", "1.00000000000000000000000001"}) {
            CAPTURE(text);
            CHECK_FALSE(Value::number(text).as_integer().has_value());
        }
    }

    TEST_CASE("a real number must fit in a double") {
        CHECK(Value::number("0.1").as_real() == 0.1);
        CHECK(Value::number("-2").as_real() == -2.0);
        CHECK(Value::number("5e-324").as_real() == std::numeric_limits<double>::denorm_min());
        CHECK(Value::number("0e-999").as_real() == 0.0);
        CHECK_FALSE(Value::number("1e400").as_real().has_value());
        CHECK_FALSE(Value::number("1e-400").as_real().has_value());
    }

    TEST_CASE("an integer is a number written without fraction and exponent") {
        CHECK(Value::number("10").is_integer());
        CHECK_FALSE(Value::number("10.0").is_integer());
        CHECK_FALSE(Value::number("1E1").is_integer());
        CHECK(Value::real(0.25).text() == "0.25");
        CHECK(Value::real(0.1 + 0.2).text() == "0.30000000000000004");
    }

    TEST_CASE("pointers lead where RFC 6901, section 5, says") {
        Value document = Value::object();
        document.append("foo", Value::array({Value::string("bar"), Value::string("baz")}));
        int number = 0;
        for (const char* key : {"", "a/b", "c%d", "e^f", "g|h", "i\\j", "k\"l", " ", "m~n"})
            document.append(key, Value::integer(number++));
        const auto at = [&document](std::string_view pointer) {
            const Value* value = document.at(pointer);
            return value == nullptr ? std::string("absent") : value->to_json();
        };
        CHECK(document.at("") == &document);
        CHECK(at("/foo") == R"(["bar", "baz"])");
        CHECK(at("/foo/0") == "\"bar\"");
        CHECK(at("/") == "0");
        CHECK(at("/a~1b") == "1");
        CHECK(at("/c%d") == "2");
        CHECK(at("/e^f") == "3");
        CHECK(at("/g|h") == "4");
        CHECK(at("/i\\j") == "5");
        CHECK(at("/k\"l") == "6");
        CHECK(at("/ ") == "7");
        CHECK(at("/m~0n") == "8");
        for (const char* pointer : {"foo", "/foo/2", "/foo/00", "/foo/-", "/foo/0/x", "/m~n", "/~",
                                    "/none", "/foo/99999999999999999999"})
            CHECK(at(pointer) == "absent");
        CHECK(pointer_step("a/b~c") == "a~1b~0c");
    }

    TEST_CASE("equality ignores the order of members and the places of values") {
        const Value a = Value::object({{"x", Value::integer(1)}, {"y", Value::null()}});
        const Value b = Value::object(
            {{"y", Value::null().with_spot({3, 4})}, {"x", Value::integer(1).with_spot({1, 2})}});
        CHECK(a == b);
        CHECK_FALSE(a == Value::object({{"x", Value::integer(1)}}));
        CHECK_FALSE(a == Value::object({{"x", Value::integer(1)}, {"z", Value::null()}}));
        CHECK_FALSE(Value::integer(1) == Value::string("1"));
        CHECK_FALSE(Value::array({Value::integer(1), Value::integer(2)}) ==
                    Value::array({Value::integer(2), Value::integer(1)}));
    }

    TEST_CASE("members are replaced in place, appended and erased") {
        Value object = Value::object({{"a", Value::integer(1)}, {"b", Value::integer(2)}});
        object.set("a", Value::string("new"));
        object.set("c", Value::boolean(true));
        CHECK(object.to_json() == R"({"a": "new", "b": 2, "c": true})");
        CHECK(object.erase("b"));
        CHECK_FALSE(object.erase("b"));
        CHECK(object.to_json() == R"({"a": "new", "c": true})");
        CHECK(object.find("b") == nullptr);
        CHECK(Value::integer(3).find("a") == nullptr);
    }

    TEST_CASE("JSON out is valid whatever the strings hold") {
        const Value value = Value::array(
            {Value::string("\"\\\n\t\x01\x7F"), Value::string("\xC3\xA9"), Value::string("\xFF")});
        CHECK(value.to_json() == "[\"\\\"\\\\\\n\\t\\u0001\\u007f\", \"\xC3\xA9\", \"\\ufffd\"]");
        CHECK(Value::object({{"a", Value::array({Value::integer(1)})}, {"b", Value::object()}})
                  .to_pretty_json() == "{\n  \"a\": [\n    1\n  ],\n  \"b\": {}\n}\n");
    }
}

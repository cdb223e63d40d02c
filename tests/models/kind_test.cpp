// A table of kinds made of constants: found by name and alias, read, and made.
#include "models/kind.hpp"

#include <doctest/doctest.h>

#include <array>

namespace {

using namespace archsim::models;

struct Shape {
    virtual ~Shape() = default;
    [[nodiscard]] virtual double area() const = 0;
};
struct Scale {
    double factor = 1.0;
};
using ShapeKind = Kind<Shape, const Scale&>;

class Square final : public Shape {
public:
    struct Config {
        double side = 0.0;
        static const Spec<Config>& spec() {
            static const auto s = Spec<Config>{"square", "Four equal sides."}
                                      .alias("quadrado")
                                      .required("side", &Config::side, "Length of a side.")
                                      .more_than(0);
            return s;
        }
    };
    Square(Config config, const Scale& scale) : side_{config.side * scale.factor} {}
    [[nodiscard]] double area() const override { return side_ * side_; }

private:
    double side_;
};

class Unit final : public Shape {
public:
    struct Config {
        static const Spec<Config>& spec() {
            static const auto s = Spec<Config>{"unit", "Area of one, scaled."};
            return s;
        }
    };
    Unit(Config, const Scale& scale) : factor_{scale.factor} {}
    [[nodiscard]] double area() const override { return factor_; }

private:
    double factor_;
};

extern const ShapeKind square_kind;
extern const ShapeKind unit_kind;
const ShapeKind square_kind = ShapeKind::of<Square>();
const ShapeKind unit_kind = ShapeKind::of<Unit>();
constexpr std::array<const ShapeKind*, 2> kinds = {&square_kind, &unit_kind};
constexpr std::span<const ShapeKind* const> table{kinds};

Value object_of(std::initializer_list<std::pair<std::string_view, Value>> members) {
    return Value::object(members);
}

}  // namespace

TEST_SUITE("kind") {
    TEST_CASE("a kind is found by its name and by an alias") {
        CHECK(find_kind(table, "square") == &square_kind);
        CHECK(find_kind(table, "quadrado") == &square_kind);
        CHECK(find_kind(table, "circle") == nullptr);
    }

    TEST_CASE("an object with kind is read and made") {
        Diagnostics problems;
        Reader reader{problems};
        const Value value =
            object_of({{"kind", Value::string("quadrado")}, {"side", Value::integer(3)}});
        const auto parsed = read_kind(value, reader, table);
        REQUIRE(parsed.has_value());
        const Scale twice{2.0};
        CHECK(parsed->make(twice)->area() == 36.0);
        CHECK(problems.all().empty());
    }

    TEST_CASE("a bare name is read as an object without parameters") {
        Diagnostics problems;
        Reader reader{problems};
        const auto parsed = read_kind(Value::string("unit"), reader, table);
        REQUIRE(parsed.has_value());
        const Scale scale{5.0};
        CHECK(parsed->make(scale)->area() == 5.0);

        CHECK_FALSE(read_kind(Value::string("square"), reader, table).has_value());
        REQUIRE(problems.all().size() == 1);
        CHECK(problems.all()[0].code == Code::missing_key);
        CHECK(problems.all()[0].pointer == "/side");
    }

    TEST_CASE("an unknown kind is answered with the nearest one") {
        Diagnostics problems;
        Reader reader{problems};
        CHECK_FALSE(
            read_kind(object_of({{"kind", Value::string("sqare")}}), reader, table).has_value());
        REQUIRE(problems.all().size() == 1);
        CHECK(problems.all()[0].code == Code::unknown_kind);
        CHECK(problems.all()[0].pointer == "/kind");
        CHECK(problems.all()[0].hint == "did you mean 'square'?");
    }

    TEST_CASE("keys that the caller reads for itself are accepted, others are not") {
        Diagnostics problems;
        Reader reader{problems};
        constexpr std::array<std::string_view, 1> accepted = {"region"};
        const Value value = object_of({{"kind", Value::string("unit")},
                                       {"region", Value::string("beijing")},
                                       {"regoin", Value::string("beijing")}});
        CHECK_FALSE(read_kind(value, reader, table, accepted).has_value());
        REQUIRE(problems.all().size() == 1);
        CHECK(problems.all()[0].message == "'unit' has no parameter 'regoin'");
        CHECK(problems.all()[0].hint == "did you mean 'region'?");
    }

    TEST_CASE("a configuration of another kind makes nothing") {
        const AnyConfig config{Unit::Config{}};
        const Scale scale{};
        CHECK(square_kind.make(config, scale) == nullptr);
    }
}

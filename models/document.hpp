// A document: a JSON-like tree in which every value and every key knows where it was written.
// It is what a scenario is before it becomes typed configuration, and what a JSON Schema is made
// of. Numbers keep their text, so that no digit is lost before the reader decides what it wants.
#pragma once

#include "models/diagnostics.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace archsim::models {

struct Member;

/// One value of a document with everything below it.
/// Copying, comparing and destroying take time and stack proportional to size and depth; parsed
/// documents are at most 64 levels deep.
class Value {
public:
    /// An integer is a number written without fraction and exponent.
    enum class Kind : std::uint8_t { null, boolean, integer, real, string, array, object };

    /// Null.
    Value();
    Value(const Value& other);
    Value(Value&& other) noexcept;
    Value& operator=(const Value& other);
    Value& operator=(Value&& other) noexcept;
    ~Value();
    [[nodiscard]] static Value null();
    [[nodiscard]] static Value boolean(bool value);
    [[nodiscard]] static Value integer(std::int64_t value);
    /// The shortest text that reads back as the same number. Requires: value is finite.
    [[nodiscard]] static Value real(double value);
    /// A number from its text in JSON's notation, kept as it is.
    [[nodiscard]] static Value number(std::string text);
    [[nodiscard]] static Value string(std::string text);
    [[nodiscard]] static Value array(std::vector<Value> items = {});
    [[nodiscard]] static Value object();
    /// An object with these members in this order. Requires: keys differ.
    [[nodiscard]] static Value object(
        std::initializer_list<std::pair<std::string_view, Value>> members);

    [[nodiscard]] Kind kind() const { return static_cast<Kind>(content_.index()); }
    [[nodiscard]] bool is_null() const { return kind() == Kind::null; }
    [[nodiscard]] bool is_boolean() const { return kind() == Kind::boolean; }
    [[nodiscard]] bool is_integer() const { return kind() == Kind::integer; }
    /// True for integers and reals.
    [[nodiscard]] bool is_number() const { return is_integer() || kind() == Kind::real; }
    [[nodiscard]] bool is_string() const { return kind() == Kind::string; }
    [[nodiscard]] bool is_array() const { return kind() == Kind::array; }
    [[nodiscard]] bool is_object() const { return kind() == Kind::object; }

    /// Requires: is_boolean().
    [[nodiscard]] bool as_boolean() const { return std::get<bool>(content_); }
    /// The text of a string, or the digits of a number as they were written.
    /// Requires: is_string() or is_number().
    [[nodiscard]] const std::string& text() const;
    /// The number, if it is whole and fits: 3, 3.0 and 3e2 are whole, 3.5 is not. Exact: digits are
    /// counted, not rounded. Requires: is_number().
    [[nodiscard]] std::optional<std::int64_t> as_integer() const;
    /// The nearest double, if the number is neither too large nor, unless it is 0, too small for
    /// one. Requires: is_number().
    [[nodiscard]] std::optional<double> as_real() const;
    /// The elements of an array; nothing for any other kind.
    [[nodiscard]] std::span<const Value> items() const;
    /// The members of an object in the order of the text; nothing for any other kind.
    [[nodiscard]] std::span<const Member> members() const;
    [[nodiscard]] std::span<Value> items();
    [[nodiscard]] std::span<Member> members();

    /// The member's value, or null if this is no object or has no such key. O(members).
    [[nodiscard]] const Value* find(std::string_view key) const;
    [[nodiscard]] Value* find(std::string_view key);
    /// The value that a JSON Pointer (RFC 6901) leads to, or null. The empty pointer is this value.
    [[nodiscard]] const Value* at(std::string_view pointer) const;

    /// Appends to an array and returns the new element. Requires: is_array().
    Value& push(Value item);
    /// Replaces the member of this key or appends one, and returns its value. A replaced member
    /// keeps its place in the order. Requires: is_object().
    Value& set(std::string_view key, Value value, Spot key_spot = {});
    /// Appends a member without a look for the key, in O(1). Requires: is_object(), key is new.
    Value& append(std::string key, Value value, Spot key_spot = {});
    /// Removes a member; false if there was none. Requires: is_object().
    bool erase(std::string_view key);

    /// Where the value was written: its first byte.
    [[nodiscard]] Spot spot() const { return spot_; }
    /// This value, said to come from `spot`.
    [[nodiscard]] Value with_spot(Spot spot) &&;
    void move_to(Spot spot) { spot_ = spot; }

    /// Same kind, text and content; the order of members and all spots are ignored.
    [[nodiscard]] bool operator==(const Value& other) const;

    /// The document as JSON text on one line, members in order.
    [[nodiscard]] std::string to_json() const;
    /// The document as indented JSON text that ends with a line break.
    [[nodiscard]] std::string to_pretty_json() const;

private:
    struct Integer {
        std::string text;
    };
    struct Real {
        std::string text;
    };
    using Content = std::variant<std::monostate, bool, Integer, Real, std::string,
                                 std::vector<Value>, std::vector<Member>>;
    Content content_;
    Spot spot_;
};

/// A key of an object with its value.
struct Member {
    std::string key;
    Spot key_spot;
    Value value;
};

// A value may hold members, so clang wants these after the members are known.
inline Value::Value() = default;
inline Value::Value(const Value& other) = default;
inline Value::Value(Value&& other) noexcept = default;
inline Value& Value::operator=(const Value& other) = default;
inline Value& Value::operator=(Value&& other) noexcept = default;
inline Value::~Value() = default;
inline Value Value::null() { return Value{}; }

/// What a value is in the words of a message: "a string", "an object", "true".
[[nodiscard]] std::string describe(const Value& value);

/// The name of a kind with its article: "a number", "an array".
[[nodiscard]] std::string_view name_of(Value::Kind kind);

/// One step of a JSON Pointer with "~" and "/" escaped (RFC 6901).
[[nodiscard]] std::string pointer_step(std::string_view key);

/// The steps of a JSON Pointer, unescaped; nothing if a "~" is not followed by 0 or 1 or if a
/// pointer that is not empty does not begin with "/".
[[nodiscard]] std::optional<std::vector<std::string>> pointer_steps(std::string_view pointer);

/// The index that a pointer step is: digits without leading zeros, if it is one.
[[nodiscard]] std::optional<std::size_t> array_index(std::string_view step);

}  // namespace archsim::models

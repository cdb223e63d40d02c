// How a C++ type is written in a scenario: Codec<T> reads it, writes it, and describes it for
// `explain` and JSON Schema. Here are the plain types, the containers and the enumerations; a
// module with its own type specialises Codec for it beside the type.
#pragma once

#include "models/reader.hpp"
#include "models/suggest.hpp"
#include "sim/price.hpp"
#include "sim/units.hpp"

#include <array>
#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace archsim::models {

class SchemaBuilder;

/// Specialised for every type that may stand in a scenario, with these static members:
///   std::optional<T> read(const Value&, Reader&)  reports every problem, then returns nothing;
///   Value write(const T&)                         what read would turn into an equal value;
///   Value schema(SchemaBuilder&)                  JSON Schema, draft 7;
///   std::string type()                            in words, such as "duration".
template <class T>
struct Codec;

/// The name of a node or of one of its members, such as "db" or "db/primary". The reader records
/// where it was written, so that the loader can report names that nothing has.
struct Reference {
    std::string name;
    bool operator==(const Reference&) const = default;
};

/// The name of a region. The reader records it likewise.
struct RegionName {
    std::string name;
    bool operator==(const RegionName&) const = default;
};

/// Named values in the order of the file: read from an object.
template <class T>
struct InOrder {
    std::vector<std::pair<std::string, T>> entries;
    bool operator==(const InOrder&) const = default;
};

#define ARCHSIM_DECLARE_CODEC(Type)                             \
    template <>                                                 \
    struct Codec<Type> {                                        \
        static std::optional<Type> read(const Value&, Reader&); \
        static Value write(const Type&);                        \
        static Value schema(SchemaBuilder&);                    \
        static std::string type();                              \
    }

ARCHSIM_DECLARE_CODEC(bool);
ARCHSIM_DECLARE_CODEC(std::int32_t);
ARCHSIM_DECLARE_CODEC(std::int64_t);
ARCHSIM_DECLARE_CODEC(std::uint32_t);
ARCHSIM_DECLARE_CODEC(double);  // a plain factor; what has a dimension has a type below
ARCHSIM_DECLARE_CODEC(std::string);
ARCHSIM_DECLARE_CODEC(Reference);
ARCHSIM_DECLARE_CODEC(RegionName);
ARCHSIM_DECLARE_CODEC(sim::Duration);
ARCHSIM_DECLARE_CODEC(sim::Bytes);
ARCHSIM_DECLARE_CODEC(sim::Rate);
ARCHSIM_DECLARE_CODEC(sim::Bandwidth);
ARCHSIM_DECLARE_CODEC(sim::Money);
ARCHSIM_DECLARE_CODEC(sim::Probability);
ARCHSIM_DECLARE_CODEC(sim::PriceOfTime);
ARCHSIM_DECLARE_CODEC(sim::PriceOfData);
ARCHSIM_DECLARE_CODEC(sim::PriceOfRequests);

/// An optional parameter: absent is nothing. Written as null, which means "no default".
template <class T>
struct Codec<std::optional<T>> {
    static std::optional<std::optional<T>> read(const Value& value, Reader& reader) {
        std::optional<T> result = Codec<T>::read(value, reader);
        if (!result) return std::nullopt;
        return std::optional<std::optional<T>>{std::in_place, std::move(result)};
    }
    static Value write(const std::optional<T>& value) {
        return value ? Codec<T>::write(*value) : Value::null();
    }
    static Value schema(SchemaBuilder& builder) { return Codec<T>::schema(builder); }
    static std::string type() { return Codec<T>::type(); }
};

/// A list.
template <class T>
struct Codec<std::vector<T>> {
    static std::optional<std::vector<T>> read(const Value& value, Reader& reader) {
        if (!value.is_array()) {
            reader.fail_type(value, type(), "write a list in [ and ]");
            return std::nullopt;
        }
        std::vector<T> result;
        bool good = true;
        for (std::size_t i = 0; i < value.items().size(); ++i) {
            const auto step = reader.into(i);
            std::optional<T> item = Codec<T>::read(value.items()[i], reader);
            if (item) result.push_back(std::move(*item));
            good = good && item.has_value();
        }
        if (!good) return std::nullopt;
        return result;
    }
    static Value write(const std::vector<T>& items) {
        Value result = Value::array();
        for (const T& item : items) result.push(Codec<T>::write(item));
        return result;
    }
    static Value schema(SchemaBuilder& builder) {
        return Value::object(
            {{"type", Value::string("array")}, {"items", Codec<T>::schema(builder)}});
    }
    static std::string type() { return "list of " + Codec<T>::type(); }
};

/// Named values in the order of the file.
template <class T>
struct Codec<InOrder<T>> {
    static std::optional<InOrder<T>> read(const Value& value, Reader& reader) {
        if (!value.is_object()) {
            reader.fail_type(value, type());
            return std::nullopt;
        }
        InOrder<T> result;
        bool good = true;
        for (const Member& member : value.members()) {
            if (member.key == "description") continue;
            const auto step = reader.into(member.key);
            std::optional<T> item = Codec<T>::read(member.value, reader);
            if (item) result.entries.emplace_back(member.key, std::move(*item));
            good = good && item.has_value();
        }
        if (!good) return std::nullopt;
        return result;
    }
    static Value write(const InOrder<T>& map) {
        Value result = Value::object();
        for (const auto& [key, item] : map.entries) result.append(key, Codec<T>::write(item));
        return result;
    }
    static Value schema(SchemaBuilder& builder) {
        return Value::object({{"type", Value::string("object")},
                              {"additionalProperties", Codec<T>::schema(builder)}});
    }
    static std::string type() { return "object of name and " + Codec<T>::type(); }
};

/// Named values in the order of their names.
template <class T>
struct Codec<std::map<std::string, T>> {
    using Map = std::map<std::string, T>;
    static std::optional<Map> read(const Value& value, Reader& reader) {
        std::optional<InOrder<T>> entries = Codec<InOrder<T>>::read(value, reader);
        if (!entries) return std::nullopt;
        Map result;
        for (auto& [key, item] : entries->entries) result.emplace(key, std::move(item));
        return result;
    }
    static Value write(const Map& map) {
        Value result = Value::object();
        for (const auto& [key, item] : map) result.append(key, Codec<T>::write(item));
        return result;
    }
    static Value schema(SchemaBuilder& builder) { return Codec<InOrder<T>>::schema(builder); }
    static std::string type() { return Codec<InOrder<T>>::type(); }
};

/// A list of fixed length whose elements have their own types, such as ["5ms", 3].
template <class... Ts>
struct Codec<std::tuple<Ts...>> {
    using Tuple = std::tuple<Ts...>;
    static std::optional<Tuple> read(const Value& value, Reader& reader) {
        if (!value.is_array() || value.items().size() != sizeof...(Ts)) {
            reader.fail_type(value, type());
            return std::nullopt;
        }
        return read_all(value, reader, std::index_sequence_for<Ts...>{});
    }
    static Value write(const Tuple& tuple) {
        return std::apply(
            [](const Ts&... items) { return Value::array({Codec<Ts>::write(items)...}); }, tuple);
    }
    static Value schema(SchemaBuilder& builder) {
        const auto count = static_cast<std::int64_t>(sizeof...(Ts));
        return Value::object({{"type", Value::string("array")},
                              {"items", Value::array({Codec<Ts>::schema(builder)...})},
                              {"minItems", Value::integer(count)},
                              {"maxItems", Value::integer(count)}});
    }
    static std::string type() {
        std::string text;
        ((text += (text.empty() ? "[" : ", ") + Codec<Ts>::type()), ...);
        return text + "]";
    }

private:
    template <std::size_t... Is>
    static std::optional<Tuple> read_all(const Value& value, Reader& reader,
                                         std::index_sequence<Is...>) {
        std::tuple<std::optional<Ts>...> parts{read_one<Ts>(value.items()[Is], Is, reader)...};
        if (!(std::get<Is>(parts).has_value() && ...)) return std::nullopt;
        return Tuple{std::move(*std::get<Is>(parts))...};
    }
    template <class T>
    static std::optional<T> read_one(const Value& item, std::size_t index, Reader& reader) {
        const auto step = reader.into(index);
        return Codec<T>::read(item, reader);
    }
};

/// One word of an enumeration. A later row with the same value is another name for it.
template <class Enum>
struct EnumName {
    Enum value{};
    std::string_view name;
    std::string_view doc = {};
};

/// Specialised for an enumeration that may stand in a scenario, with
/// `static constexpr std::array<EnumName<Enum>, n> names`.
template <class Enum>
struct EnumNames;

template <class T>
concept NamedEnum = std::is_enum_v<T> && requires {
    EnumNames<T>::names.size();
};

/// The preferred name of an enumeration's value. Requires: the value is in the table.
template <NamedEnum Enum>
[[nodiscard]] constexpr std::string_view name_in_table(Enum value) {
    for (const EnumName<Enum>& entry : EnumNames<Enum>::names)
        if (entry.value == value) return entry.name;
    return {};
}

/// Reads one of the words; the index of its row. Reports unknown_name with a suggestion.
[[nodiscard]] std::optional<std::size_t> read_word(const Value& value, Reader& reader,
                                                   const std::vector<std::string>& words);
/// {"enum": [...]}
[[nodiscard]] Value schema_of_words(const std::vector<std::string>& words);
/// "one of a, b, c"
[[nodiscard]] std::string type_of_words(const std::vector<std::string>& words);

template <NamedEnum Enum>
struct Codec<Enum> {
    static std::optional<Enum> read(const Value& value, Reader& reader) {
        const std::optional<std::size_t> row = read_word(value, reader, words(true));
        if (!row) return std::nullopt;
        return EnumNames<Enum>::names[*row].value;
    }
    static Value write(const Enum& value) {
        return Value::string(std::string(name_in_table(value)));
    }
    static Value schema(SchemaBuilder&) { return schema_of_words(words(true)); }
    static std::string type() { return type_of_words(words(false)); }

private:
    static std::vector<std::string> words(bool with_aliases) {
        std::vector<std::string> result;
        for (const EnumName<Enum>& entry : EnumNames<Enum>::names)
            if (with_aliases || name_in_table(entry.value) == entry.name)
                result.emplace_back(entry.name);
        return result;
    }
};

}  // namespace archsim::models

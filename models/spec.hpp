// Spec<Config>: the one declaration of a component's parameters. Parsing, defaults, ranges, JSON
// Schema and `archsim explain` all follow from it. A configuration declares itself:
//
//   struct Config {
//       std::int64_t capacity = 0;
//       sim::Duration hit_time = 200_us;
//       static const Spec<Config>& spec() {
//           static const auto s = Spec<Config>{"cache", "Keeps recently used keys close."}
//               .required("capacity", &Config::capacity, "Entries kept.").at_least(1)
//               .optional("hit_time", &Config::hit_time, "Service time of a lookup.");
//           return s;
//       }
//   };
//
// `read<Config>(value, reader)` then gives a Config, or diagnostics for everything that is wrong.
#pragma once

#include "models/codec.hpp"
#include "models/spec_base.hpp"

#include <concepts>
#include <initializer_list>
#include <memory>
#include <utility>

namespace archsim::models {

template <class Config, class T>
class FieldSpec;

/// The type that a range applies to: the element of a list or of an optional, else T itself.
template <class T>
struct RangeOf {
    using Type = T;
    static constexpr bool per_element = false;
    template <class Predicate>
    static std::optional<std::size_t> first_failing(const T& value, Predicate holds) {
        return holds(value) ? std::nullopt : std::optional<std::size_t>{0};
    }
};
template <class T>
struct RangeOf<std::optional<T>> {
    using Type = T;
    static constexpr bool per_element = false;
    template <class Predicate>
    static std::optional<std::size_t> first_failing(const std::optional<T>& value,
                                                    Predicate holds) {
        return !value || holds(*value) ? std::nullopt : std::optional<std::size_t>{0};
    }
};
template <class T>
struct RangeOf<std::vector<T>> {
    using Type = T;
    static constexpr bool per_element = true;
    template <class Predicate>
    static std::optional<std::size_t> first_failing(const std::vector<T>& values, Predicate holds) {
        for (std::size_t i = 0; i < values.size(); ++i)
            if (!holds(values[i])) return i;
        return std::nullopt;
    }
};

/// The declaration of a configuration type. Built in one chain of calls and then constant.
template <class Config>
class Spec : public SpecBase {
public:
    /// The name is the kind in a scenario; the summary is one sentence.
    Spec(std::string_view name, std::string_view summary) : SpecBase{name, summary} {}

    /// Another name for the kind, such as the guide's word.
    Spec&& alias(std::string_view other) && {
        aliases_.emplace_back(other);
        return std::move(*this);
    }
    /// The section of the guide that it belongs to.
    Spec&& guide(std::string_view section) && {
        guide_section_ = section;
        return std::move(*this);
    }
    /// A metric that components of this kind report, with its unit ("s", "1/s", "ratio", ...).
    Spec&& metric(std::string_view metric_name, std::string_view unit, std::string_view doc) && {
        metrics_.push_back({std::string(metric_name), std::string(unit), std::string(doc)});
        return std::move(*this);
    }
    /// An assumption of the model, as a sentence.
    Spec&& assume(std::string_view sentence) && {
        assumptions_.emplace_back(sentence);
        return std::move(*this);
    }
    /// A value that is not an object stands for this field: "db" for {"to": "db"}.
    Spec&& written_as(std::string_view key) && {
        shorthand_ = key;
        return std::move(*this);
    }
    /// A relation between fields, called when every field could be read:
    /// `void(const Config&, const Place&)`, which reports problems with `place.fail(key, ...)`.
    template <class Check>
    Spec&& check(Check relation) && {
        static_assert(std::invocable<Check, const Config&, const Place&>);
        checks_.push_back([relation](const void* config, const Place& place) {
            relation(*static_cast<const Config*>(config), place);
        });
        return std::move(*this);
    }

    /// A field that must be given.
    template <class T, class Owner>
    requires std::derived_from<Config, Owner> FieldSpec<Config, T> required(std::string_view key,
                                                                            T Owner::*member,
                                                                            std::string_view doc) &&
    {
        Field field = field_of(key, member, doc);
        field.is_required = true;
        fields_.push_back(std::move(field));
        return FieldSpec<Config, T>{std::move(*this), member};
    }
    /// A field whose default is what a Config{} has.
    template <class T, class Owner>
    requires std::derived_from<Config, Owner> FieldSpec<Config, T> optional(std::string_view key,
                                                                            T Owner::*member,
                                                                            std::string_view doc) &&
    {
        Field field = field_of(key, member, doc);
        field.default_value = [member] {
            const Config config{};
            return Codec<T>::write(config.*member);
        };
        fields_.push_back(std::move(field));
        return FieldSpec<Config, T>{std::move(*this), member};
    }

    /// Reads a configuration; nothing if there was a problem, all of which are reported.
    [[nodiscard]] std::optional<Config> read(const Value& value, Reader& reader,
                                             AcceptedKeys accepted = {}) const {
        std::optional<Config> config{std::in_place};
        if (!read_members(value, std::addressof(*config), reader, accepted)) config.reset();
        return config;
    }

private:
    template <class T, class Owner>
    static Field field_of(std::string_view key, T Owner::*member, std::string_view doc) {
        Field field;
        field.key = key;
        field.doc = doc;
        field.type = &Codec<T>::type;
        field.schema = &Codec<T>::schema;
        field.read = [member](const Value& value, void* config, Reader& reader) {
            std::optional<T> result = Codec<T>::read(value, reader);
            if (!result) return false;
            static_cast<Config*>(config)->*member = std::move(*result);
            return true;
        };
        field.write = [member](const void* config) {
            return Codec<T>::write(static_cast<const Config*>(config)->*member);
        };
        return field;
    }
};

/// A Spec whose last declared field has type T, so that bounds are checked by the compiler.
template <class Config, class T>
class FieldSpec : public Spec<Config> {
public:
    using Bound = typename RangeOf<T>::Type;

    FieldSpec(Spec<Config>&& spec, T Config::*member)
        : Spec<Config>{std::move(spec)}, member_{member} {}

    /// The last field is this or more.
    FieldSpec&& at_least(const Bound& bound) && {
        limit(Comparison::at_least, bound, [bound](const Bound& x) { return !(x < bound); });
        return std::move(*this);
    }
    /// The last field is more than this.
    FieldSpec&& more_than(const Bound& bound) && {
        limit(Comparison::more_than, bound, [bound](const Bound& x) { return bound < x; });
        return std::move(*this);
    }
    /// The last field is this or less.
    FieldSpec&& at_most(const Bound& bound) && {
        limit(Comparison::at_most, bound, [bound](const Bound& x) { return !(bound < x); });
        return std::move(*this);
    }
    /// The last field is less than this.
    FieldSpec&& less_than(const Bound& bound) && {
        limit(Comparison::less_than, bound, [bound](const Bound& x) { return x < bound; });
        return std::move(*this);
    }
    /// What the last field is called elsewhere: such a key is refused with a pointer to this one.
    FieldSpec&& otherwise_called(std::initializer_list<std::string_view> names) && {
        for (const std::string_view name : names)
            this->fields_.back().other_names.emplace_back(name);
        return std::move(*this);
    }

private:
    template <class Predicate>
    void limit(Comparison comparison, const Bound& bound, Predicate holds) {
        Limit result;
        result.comparison = comparison;
        result.bound = Codec<Bound>::write(bound);
        result.per_element = RangeOf<T>::per_element;
        result.violation = [member = member_, holds](const void* config) {
            return RangeOf<T>::first_failing(static_cast<const Config*>(config)->*member, holds);
        };
        this->fields_.back().limits.push_back(std::move(result));
    }

    T Config::*member_;
};

/// A type that declares itself with a static spec().
template <class T>
concept HasSpec = requires {
    { T::spec() } -> std::convertible_to<const Spec<T>&>;
};

/// Reads a configuration that declares itself; nothing if there was a problem.
template <HasSpec Config>
[[nodiscard]] std::optional<Config> read(const Value& value, Reader& reader,
                                         AcceptedKeys accepted = {}) {
    return Config::spec().read(value, reader, accepted);
}

/// The schema of a spec inside another, with its shorthand if it has one.
[[nodiscard]] Value nested_schema(const SpecBase& spec, SchemaBuilder& builder);
/// A nested spec in words.
[[nodiscard]] std::string nested_type(const SpecBase& spec);

/// An object inside another.
template <HasSpec Config>
struct Codec<Config> {
    static std::optional<Config> read(const Value& value, Reader& reader) {
        return Config::spec().read(value, reader);
    }
    static Value write(const Config& config) { return Config::spec().write_members(&config); }
    static Value schema(SchemaBuilder& builder) { return nested_schema(Config::spec(), builder); }
    static std::string type() { return nested_type(Config::spec()); }
};

}  // namespace archsim::models

#include "models/choice.hpp"

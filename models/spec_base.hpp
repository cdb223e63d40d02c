// The part of a Spec that does not depend on the type it configures: names, fields, metrics and
// what follows from them (reading an object, JSON Schema, `explain`). See spec.hpp for the use.
#pragma once

#include "models/reader.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace archsim::models {

class SpecBase;

/// Collects the definitions of a JSON Schema, so that nested and recursive specs are written once.
class SchemaBuilder {
public:
    /// Whether the object carries "kind", as the alternatives of a choice do, and "region" and
    /// "price" besides, as the nodes of a scenario do.
    enum class As : std::uint8_t { object, alternative, node };

    /// {"$ref": "#/definitions/NAME"}; the definition is made at the first mention.
    [[nodiscard]] Value reference(const SpecBase& spec, As as);
    /// The definitions made so far, by name.
    [[nodiscard]] Value definitions() const;
    /// The specs mentioned so far, each once, in the order of their first mention.
    [[nodiscard]] std::vector<const SpecBase*> mentioned() const;

private:
    struct Entry {
        const SpecBase* spec = nullptr;
        As as = As::object;
        std::string name;
        Value schema;
    };
    std::vector<Entry> entries_;
};

/// The object in which a relation between fields is checked.
class Place {
public:
    Place(const Value& object, Reader& reader) : object_{object}, reader_{reader} {}
    /// Reports a problem at the value of `key`, or at the object if the key is not given.
    void fail(std::string_view key, Problem problem) const;
    /// True if the key is written in the object.
    [[nodiscard]] bool has(std::string_view key) const { return object_.find(key) != nullptr; }
    [[nodiscard]] const Value& object() const { return object_; }

private:
    const Value& object_;
    Reader& reader_;
};

/// How a value is compared with the bound of a range.
enum class Comparison : std::uint8_t { at_least, more_than, at_most, less_than };

/// One end of the range of a field.
struct Limit {
    Comparison comparison = Comparison::at_least;
    Value bound;
    bool per_element = false;  ///< The bound applies to each element of a list.
    /// Index of the first element that violates the bound (0 for a single value), if one does.
    std::function<std::optional<std::size_t>(const void* config)> violation;
};

/// One parameter.
struct Field {
    std::string key;
    std::string doc;
    bool is_required = false;
    std::vector<std::string> other_names;  ///< What other tools call it; for hints only.
    std::vector<Limit> limits;
    std::function<std::string()> type;
    std::function<Value(SchemaBuilder&)> schema;
    std::function<Value()> default_value;  ///< Null: there is none. Empty if required.
    std::function<bool(const Value&, void* config, Reader&)> read;
    std::function<Value(const void* config)> write;
};

/// A metric that a component declares.
struct MetricInfo {
    std::string name;
    std::string unit;
    std::string doc;
};

/// Keys that an object may have besides its parameters, read by whoever asks for it.
using AcceptedKeys = std::span<const std::string_view>;

/// What is known of a component or group of parameters without knowing its type.
class SpecBase {
public:
    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const std::string& summary() const { return summary_; }
    /// Other names that scenarios may use for the kind.
    [[nodiscard]] std::span<const std::string> aliases() const { return aliases_; }
    /// The section of the guide it belongs to; may be empty.
    [[nodiscard]] const std::string& guide_section() const { return guide_section_; }
    [[nodiscard]] std::span<const Field> fields() const { return fields_; }
    [[nodiscard]] std::span<const MetricInfo> metrics() const { return metrics_; }
    [[nodiscard]] std::span<const std::string> assumptions() const { return assumptions_; }
    /// The field that a value stands for when it is written without an object; may be empty.
    [[nodiscard]] const std::string& shorthand() const { return shorthand_; }
    /// True for the name and for every alias.
    [[nodiscard]] bool is_called(std::string_view name) const;
    /// True if some field must be given.
    [[nodiscard]] bool has_required_fields() const;
    /// The field of this key, or null.
    [[nodiscard]] const Field* find_field(std::string_view key) const;

    /// A JSON Schema (draft 7) of its own, nested objects under "definitions".
    [[nodiscard]] Value schema() const;
    /// The schema of the object alone; nested objects become references into `builder`.
    [[nodiscard]] Value object_schema(SchemaBuilder& builder, SchemaBuilder::As as) const;
    /// Everything a user needs to know, as text: parameters with types, ranges and defaults,
    /// metrics, assumptions, and the parameters of nested objects.
    [[nodiscard]] std::string explain() const;
    /// The configuration as an object; what equals its default is left out.
    /// Requires: config points to the type that this spec describes.
    [[nodiscard]] Value write_members(const void* config) const;
    /// Reads an object (or the shorthand) into a configuration. Reports all problems; false if
    /// there was one. Requires: config points to the type that this spec describes.
    [[nodiscard]] bool read_members(const Value& value, void* config, Reader& reader,
                                    AcceptedKeys accepted) const;

protected:
    SpecBase(std::string_view name, std::string_view summary) : name_{name}, summary_{summary} {}

    std::string name_;
    std::string summary_;
    std::string guide_section_;
    std::string shorthand_;
    std::vector<std::string> aliases_;
    std::vector<Field> fields_;
    std::vector<MetricInfo> metrics_;
    std::vector<std::string> assumptions_;
    std::vector<std::function<void(const void* config, const Place&)>> checks_;

private:
    bool read_object(const Value& object, void* config, Reader& reader,
                     AcceptedKeys accepted) const;
    bool is_within_limits(const Field& field, const Value& value, const void* config,
                          Reader& reader) const;
    void report_unknown_key(const Member& member, Reader& reader, AcceptedKeys accepted) const;
    void report_missing(const Field& field, Spot spot, Reader& reader) const;
    [[nodiscard]] std::string explain_parameters() const;
};

/// Bounds in words: ", at least 1, at most 10"; empty if the field has none.
[[nodiscard]] std::string describe_limits(const Field& field);

}  // namespace archsim::models

// JSON Schema (draft 7) of a spec. Nested objects are definitions that are made at their first
// mention, so that a spec that contains itself ends.
#include "models/price.hpp"
#include "models/spec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace archsim::models {

namespace {

std::string_view keyword_of(Comparison comparison) {
    switch (comparison) {
        case Comparison::at_least:
            return "minimum";
        case Comparison::more_than:
            return "exclusiveMinimum";
        case Comparison::at_most:
            return "maximum";
        case Comparison::less_than:
            return "exclusiveMaximum";
    }
    return "";
}

Value schema_of_field(const Field& field, SchemaBuilder& builder) {
    Value schema = field.schema(builder);
    for (const Limit& limit : field.limits) {
        if (!limit.bound.is_number()) continue;  // quantities are strings: said in the description
        Value* target = limit.per_element ? schema.find("items") : &schema;
        if (target != nullptr && target->is_object())
            target->set(keyword_of(limit.comparison), limit.bound);
    }
    if (schema.find("$ref") != nullptr)  // in draft 7 the neighbours of $ref are ignored
        schema = Value::object({{"allOf", Value::array({std::move(schema)})}});
    const std::string range = describe_limits(field);
    const bool says_range = !range.empty() && !field.limits.front().bound.is_number();
    schema.set("description",
               Value::string(says_range ? fmt::format("{} Range: {}.", field.doc, range.substr(2))
                                        : field.doc));
    if (!field.is_required) {
        Value value = field.default_value();
        if (!value.is_null()) schema.set("default", std::move(value));
    }
    return schema;
}

}  // namespace

Value SchemaBuilder::reference(const SpecBase& spec, As as) {
    const auto pointer_to = [](const std::string& name) {
        return Value::object({{"$ref", Value::string("#/definitions/" + name)}});
    };
    for (const Entry& entry : entries_)
        if (entry.spec == &spec && entry.as == as) return pointer_to(entry.name);
    const auto is_taken = [this](const std::string& name) {
        return std::any_of(entries_.begin(), entries_.end(),
                           [&name](const Entry& entry) { return entry.name == name; });
    };
    std::string name = spec.name();
    for (int number = 2; is_taken(name); ++number) name = fmt::format("{}_{}", spec.name(), number);
    const std::size_t index = entries_.size();
    entries_.push_back({&spec, as, name, Value::object()});
    Value schema = spec.object_schema(*this, as);  // may add entries: the index stays valid
    entries_[index].schema = std::move(schema);
    return pointer_to(name);
}

Value SchemaBuilder::definitions() const {
    Value result = Value::object();
    for (const Entry& entry : entries_) result.append(entry.name, entry.schema);
    return result;
}

std::vector<const SpecBase*> SchemaBuilder::mentioned() const {
    std::vector<const SpecBase*> result;
    for (const Entry& entry : entries_)
        if (std::find(result.begin(), result.end(), entry.spec) == result.end())
            result.push_back(entry.spec);
    return result;
}

Value SpecBase::object_schema(SchemaBuilder& builder, SchemaBuilder::As as) const {
    Value properties = Value::object();
    Value needed = Value::array();
    if (as != SchemaBuilder::As::object) {
        std::vector<std::string> names{name_};
        names.insert(names.end(), aliases_.begin(), aliases_.end());
        properties.append(std::string(kind_key), schema_of_words(names));
        needed.push(Value::string(std::string(kind_key)));
    }
    if (as == SchemaBuilder::As::node) {
        properties.append("region", Value::object({{"type", Value::string("string")}}));
        properties.append("price", Codec<PriceChoice>::schema(builder));
    }
    for (const Field& field : fields_) {
        properties.set(field.key, schema_of_field(field, builder));
        if (field.is_required) needed.push(Value::string(field.key));
    }
    if (properties.find("description") == nullptr)
        properties.append("description", Value::object({{"type", Value::string("string")}}));
    Value schema = Value::object({{"type", Value::string("object")},
                                  {"description", Value::string(summary_)},
                                  {"properties", std::move(properties)}});
    if (!needed.items().empty()) schema.append("required", std::move(needed));
    schema.append("additionalProperties", Value::boolean(false));
    return schema;
}

Value SpecBase::schema() const {
    SchemaBuilder builder;
    Value result =
        Value::object({{"$schema", Value::string("http://json-schema.org/draft-07/schema#")},
                       {"title", Value::string(name_)}});
    const Value own = object_schema(builder, SchemaBuilder::As::object);
    for (const Member& member : own.members()) result.append(member.key, member.value);
    result.find("properties")->set("$schema", Value::object({{"type", Value::string("string")}}));
    Value definitions = builder.definitions();
    if (!definitions.members().empty()) result.append("definitions", std::move(definitions));
    return result;
}

Value nested_schema(const SpecBase& spec, SchemaBuilder& builder) {
    Value object = builder.reference(spec, SchemaBuilder::As::object);
    const Field* field = spec.find_field(spec.shorthand());
    if (field == nullptr) return object;
    return Value::object({{"anyOf", Value::array({field->schema(builder), std::move(object)})}});
}

Value schema_of_choice(std::span<const SpecBase* const> alternatives, SchemaBuilder& builder,
                       SchemaBuilder::As as) {
    std::vector<std::string> names;
    Value any = Value::array();
    for (const SpecBase* spec : alternatives) {
        if (spec->has_required_fields()) continue;
        names.push_back(spec->name());
        names.insert(names.end(), spec->aliases().begin(), spec->aliases().end());
    }
    if (!names.empty()) any.push(schema_of_words(names));
    for (const SpecBase* spec : alternatives) any.push(builder.reference(*spec, as));
    return Value::object({{"anyOf", std::move(any)}});
}

}  // namespace archsim::models

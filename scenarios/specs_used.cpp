// Walking a document by the schemas of its fields: these mention every spec that may be meant.
#include "scenarios/specs_used.hpp"

#include "models/choice.hpp"

#include <algorithm>
#include <string_view>

namespace archsim::scenarios {

namespace {

using models::Field;
using models::SpecBase;
using models::Value;

class Walk {
public:
    void visit(const SpecBase& spec, const Value& written) {
        if (std::ranges::find(found_, &spec) == found_.end()) found_.push_back(&spec);
        for (const Field& field : spec.fields()) {
            const Value* const own = written.is_object() ? written.find(field.key) : nullptr;
            if (own == nullptr && field.is_required) continue;  // read from a shorthand
            visit_field(field, own != nullptr ? *own : field.default_value());
        }
    }
    [[nodiscard]] std::vector<const SpecBase*> take() { return std::move(found_); }

private:
    using Specs = std::vector<const SpecBase*>;

    void visit_field(const Field& field, const Value& value) {
        models::SchemaBuilder builder;
        const Value schema = field.schema(builder);
        const Specs specs = builder.mentioned();
        if (specs.empty()) return;
        // Values under names that the scenario gives, such as the transactions of a database.
        const Value* const named = schema.find("additionalProperties");
        if (named == nullptr || !named->is_object() || !value.is_object()) {
            visit_value(value, specs);
            return;
        }
        for (const models::Member& member : value.members()) visit_value(member.value, specs);
    }

    /// `specs`: all that the schema mentions, what stands there directly before what is in it.
    void visit_value(const Value& value, const Specs& specs) {
        const SpecBase& first = *specs.front();
        if (value.is_array()) {
            for (const Value& item : value.items()) visit_value(item, specs);
        } else if (const Value* const kind = kind_of(value)) {
            visit_named(kind->text(), value, specs);
        } else if (value.is_object()) {
            visit(first, value);
        } else if (!first.shorthand().empty() && !value.is_null()) {
            visit(first, Value::object({{first.shorthand(), value}}));
        } else if (value.is_string()) {
            visit_named(value.text(), Value::object(), specs);
        }
    }

    static const Value* kind_of(const Value& value) {
        const Value* const kind = value.is_object() ? value.find(models::kind_key) : nullptr;
        return kind != nullptr && kind->is_string() ? kind : nullptr;
    }

    void visit_named(std::string_view name, const Value& written, const Specs& specs) {
        const auto chosen = std::ranges::find_if(
            specs, [&](const SpecBase* spec) { return spec->is_called(name); });
        if (chosen != specs.end()) visit(**chosen, written);
    }

    Specs found_;
};

}  // namespace

std::vector<const SpecBase*> specs_used(const SpecBase& spec, const Value& written) {
    Walk walk;
    walk.visit(spec, written);
    return walk.take();
}

}  // namespace archsim::scenarios

// What `archsim explain KIND` prints, and specs and choices in words.
#include "models/spec.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace archsim::models {

namespace {

std::string status_of(const Field& field) {
    if (field.is_required) return "required";
    const Value value = field.default_value();
    if (value.is_null()) return "optional";
    return "default " + (value.is_string() ? value.text() : value.to_json());
}

std::string listed(const std::vector<std::string>& sentences) {
    std::string text;
    for (const std::string& sentence : sentences) text += fmt::format("  - {}\n", sentence);
    return text;
}

}  // namespace

std::string SpecBase::explain_parameters() const {
    std::size_t width = 0;
    for (const Field& field : fields_) width = std::max(width, field.key.size());
    std::string text;
    for (const Field& field : fields_) {
        text += fmt::format("  {:<{}}  {}{}; {}\n", field.key, width, field.type(),
                            describe_limits(field), status_of(field));
        text += fmt::format("  {:<{}}  {}\n", "", width, field.doc);
    }
    return text;
}

std::string SpecBase::explain() const {
    std::string text = fmt::format("{}: {}\n", name_, summary_);
    if (!aliases_.empty()) text += fmt::format("Also called: {}\n", fmt::join(aliases_, ", "));
    if (!guide_section_.empty()) text += fmt::format("Guide: {}\n", guide_section_);
    text += fields_.empty() ? "\nNo parameters.\n" : "\nParameters\n" + explain_parameters();
    if (!metrics_.empty()) {
        text += "\nMetrics\n";
        std::size_t width = 0;
        for (const MetricInfo& metric : metrics_) width = std::max(width, metric.name.size());
        for (const MetricInfo& metric : metrics_)
            text += fmt::format("  {:<{}}  ({}) {}\n", metric.name, width, metric.unit, metric.doc);
    }
    if (!assumptions_.empty()) text += "\nAssumptions\n" + listed(assumptions_);
    SchemaBuilder builder;
    (void)object_schema(builder, SchemaBuilder::As::object);
    for (const SpecBase* nested : builder.mentioned()) {
        if (nested == this) continue;
        text += fmt::format("\n{}: {}\n", nested->name(), nested->summary());
        text += nested->explain_parameters() + listed(nested->assumptions_);
    }
    return text;
}

std::string nested_type(const SpecBase& spec) {
    const Field* field = spec.find_field(spec.shorthand());
    if (field == nullptr) return spec.name() + " object";
    return fmt::format("{}, or {} object", field->type(), spec.name());
}

std::string type_of_choice(std::span<const SpecBase* const> alternatives) {
    std::vector<std::string> names;
    for (const SpecBase* spec : alternatives) names.push_back(spec->name());
    return type_of_words(names);
}

}  // namespace archsim::models

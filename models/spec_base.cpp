// Reading an object field by field, so that everything that is wrong is reported at once.
#include "models/spec_base.hpp"

#include "models/suggest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace archsim::models {

namespace {

std::string_view words_of(Comparison comparison) {
    switch (comparison) {
        case Comparison::at_least:
            return "at least";
        case Comparison::more_than:
            return "more than";
        case Comparison::at_most:
            return "at most";
        case Comparison::less_than:
            return "less than";
    }
    return "";
}

std::string plain_text(const Value& value) {
    return value.is_string() || value.is_number() ? value.text() : value.to_json();
}

}  // namespace

void Place::fail(std::string_view key, Problem problem) const {
    const Value* value = object_.find(key);
    const auto step = reader_.into(key);
    reader_.fail(value != nullptr ? value->spot() : object_.spot(), std::move(problem));
}

bool SpecBase::is_called(std::string_view name) const {
    return name == name_ || std::find(aliases_.begin(), aliases_.end(), name) != aliases_.end();
}

bool SpecBase::has_required_fields() const {
    return std::any_of(fields_.begin(), fields_.end(),
                       [](const Field& field) { return field.is_required; });
}

const Field* SpecBase::find_field(std::string_view key) const {
    for (const Field& field : fields_)
        if (field.key == key) return &field;
    return nullptr;
}

bool SpecBase::read_members(const Value& value, void* config, Reader& reader,
                            AcceptedKeys accepted) const {
    if (value.is_object()) return read_object(value, config, reader, accepted);
    const Field* short_field = find_field(shorthand_);
    if (short_field == nullptr) {
        reader.fail_type(value, fmt::format("an object with the parameters of '{}'", name_));
        return false;
    }
    Value object = Value::object().with_spot(value.spot());
    bool good = short_field->read(value, config, reader) &&
                is_within_limits(*short_field, value, config, reader);
    for (const Field& field : fields_) {
        if (!field.is_required || &field == short_field) continue;
        report_missing(field, value.spot(), reader);
        good = false;
    }
    if (!good) return false;
    object.append(short_field->key, value, value.spot());
    const std::size_t problems_before = reader.error_count();
    for (const auto& check : checks_) check(config, Place{object, reader});
    return reader.error_count() == problems_before;
}

bool SpecBase::read_object(const Value& object, void* config, Reader& reader,
                           AcceptedKeys accepted) const {
    const std::size_t problems_before = reader.error_count();
    for (const Member& member : object.members()) {
        const auto step = reader.into(member.key);
        const Field* field = find_field(member.key);
        if (field == nullptr)
            report_unknown_key(member, reader, accepted);
        else if (field->read(member.value, config, reader))
            (void)is_within_limits(*field, member.value, config, reader);
    }
    for (const Field& field : fields_)
        if (field.is_required && object.find(field.key) == nullptr)
            report_missing(field, object.spot(), reader);
    if (reader.error_count() == problems_before)
        for (const auto& check : checks_) check(config, Place{object, reader});
    return reader.error_count() == problems_before;
}

bool SpecBase::is_within_limits(const Field& field, const Value& value, const void* config,
                                Reader& reader) const {
    for (const Limit& limit : field.limits) {
        const std::optional<std::size_t> index = limit.violation(config);
        if (!index) continue;
        const bool is_element = limit.per_element && *index < value.items().size();
        const Value& culprit = is_element ? value.items()[*index] : value;
        Problem problem{.code = Code::out_of_range,
                        .message = fmt::format("'{}' must be {} {}, found {}", field.key,
                                               words_of(limit.comparison), plain_text(limit.bound),
                                               escaped(plain_text(culprit)))};
        if (is_element) {
            const auto step = reader.into(*index);
            reader.fail(culprit.spot(), std::move(problem));
        } else {
            reader.fail(culprit.spot(), std::move(problem));
        }
        return false;
    }
    return true;
}

void SpecBase::report_unknown_key(const Member& member, Reader& reader,
                                  AcceptedKeys accepted) const {
    const bool is_schema_at_top = member.key == "$schema" && reader.depth() == 1;
    if (member.key == "description" || is_schema_at_top) return;
    if (std::find(accepted.begin(), accepted.end(), member.key) != accepted.end()) return;
    std::vector<std::string> known;
    std::string hint;
    for (const Field& field : fields_) {
        known.push_back(field.key);
        const auto& others = field.other_names;
        if (std::find(others.begin(), others.end(), member.key) != others.end())
            hint = fmt::format("here this is called '{}'", field.key);
    }
    known.insert(known.end(), accepted.begin(), accepted.end());
    reader.fail(member.key_spot,
                {.code = Code::unknown_key,
                 .message = fmt::format("'{}' has no parameter {}", name_, quoted(member.key)),
                 .hint = hint.empty() ? did_you_mean(member.key, known) : hint});
}

void SpecBase::report_missing(const Field& field, Spot spot, Reader& reader) const {
    const auto step = reader.into(field.key);
    reader.fail(spot, {.code = Code::missing_key,
                       .message = fmt::format("'{}' needs '{}' ({}{})", name_, field.key,
                                              field.type(), describe_limits(field)),
                       .hint = field.doc});
}

Value SpecBase::write_members(const void* config) const {
    Value object = Value::object();
    for (const Field& field : fields_) {
        Value value = field.write(config);
        const bool is_default = !field.is_required && value == field.default_value();
        if (!is_default && !value.is_null()) object.append(field.key, std::move(value));
    }
    return object;
}

std::string describe_limits(const Field& field) {
    std::string text;
    for (const Limit& limit : field.limits)
        text += fmt::format(", {} {}", words_of(limit.comparison), plain_text(limit.bound));
    return text;
}

}  // namespace archsim::models

// Finding the alternative that was written.
#include "models/choice.hpp"

#include <fmt/format.h>

namespace archsim::models {

std::optional<Selection> select(const Value& value, Reader& reader,
                                std::span<const SpecBase* const> alternatives) {
    const std::string expected = type_of_choice(alternatives);
    if (!value.is_string() && !value.is_object()) {
        reader.fail_type(value, expected,
                         "write the name, or an object with \"kind\" and its parameters");
        return std::nullopt;
    }
    const Value* name = value.is_string() ? &value : value.find(kind_key);
    if (name == nullptr) {
        const auto step = reader.into(kind_key);
        reader.fail(value.spot(), {.code = Code::missing_key,
                                   .message = fmt::format("needs 'kind': {}", expected)});
        return std::nullopt;
    }
    const auto report = [&](std::string hint) {
        reader.fail(name->spot(),
                    {.code = Code::unknown_kind,
                     .message = fmt::format("expected {}, found {}", expected, describe(*name)),
                     .hint = std::move(hint)});
    };
    std::vector<std::string> known;
    if (name->is_string()) {
        for (std::size_t i = 0; i < alternatives.size(); ++i) {
            const SpecBase& spec = *alternatives[i];
            if (spec.is_called(name->text()))
                return Selection{i, value.is_object() ? &value : nullptr};
            known.push_back(spec.name());
            known.insert(known.end(), spec.aliases().begin(), spec.aliases().end());
        }
    }
    const std::string hint = name->is_string() ? did_you_mean(name->text(), known) : "";
    if (value.is_object()) {
        const auto step = reader.into(kind_key);
        report(hint);
    } else {
        report(hint);
    }
    return std::nullopt;
}

Value write_alternative(const SpecBase& spec, const void* config) {
    const Value parameters = spec.write_members(config);
    if (parameters.members().empty()) return Value::string(spec.name());
    Value object = Value::object({{kind_key, Value::string(spec.name())}});
    for (const Member& member : parameters.members()) object.append(member.key, member.value);
    return object;
}

}  // namespace archsim::models

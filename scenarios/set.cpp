// The pointer is followed step by step, so that a problem can be shown at the step it is about.
#include "scenarios/set.hpp"

#include "models/suggest.hpp"
#include "scenarios/parse.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace archsim::scenarios {

namespace {

using models::Code;
using models::Diagnostics;
using models::Spot;
using models::Value;

struct Step {
    std::string key;
    Spot spot;
};

/// The steps of the pointer, each with its place; nothing if an escape is wrong.
std::optional<std::vector<Step>> steps_of(std::string_view pointer, std::uint32_t source) {
    std::vector<Step> steps;
    std::size_t at = pointer.starts_with('/') ? 1 : 0;
    while (at <= pointer.size()) {
        const std::size_t end = std::min(pointer.find('/', at), pointer.size());
        const auto step = models::pointer_steps("/" + std::string(pointer.substr(at, end - at)));
        if (!step) return std::nullopt;
        steps.push_back({step->front(), {source, static_cast<std::uint32_t>(at)}});
        at = end + 1;
    }
    return steps;
}

std::size_t depth_of(const Value& value) {
    std::size_t inner = 0;
    for (const Value& item : value.items()) inner = std::max(inner, depth_of(item));
    for (const models::Member& member : value.members())
        inner = std::max(inner, depth_of(member.value));
    return value.is_array() || value.is_object() ? inner + 1 : 0;
}

/// The value of an assignment: JSON, or else a string.
std::optional<Value> value_of(std::string_view text, Spot start, Diagnostics& diagnostics) {
    const bool must_be_json =
        text.starts_with('{') || text.starts_with('[') || text.starts_with('"');
    Diagnostics ignored;
    std::optional<Value> value = parse(text, start, must_be_json ? diagnostics : ignored);
    if (value || must_be_json) return value;
    return Value::string(std::string(text)).with_spot(start);
}

/// One assignment on its way into a document.
class Assignment {
public:
    Assignment(Spot start, Diagnostics& diagnostics) : start_{start}, diagnostics_{diagnostics} {}

    bool apply(Value& document, const std::vector<Step>& steps, Value value);

private:
    bool refuse(Spot spot, Code code, std::string message, std::string hint = {}) {
        diagnostics_.add({.code = code,
                          .message = std::move(message),
                          .pointer = pointer_,
                          .spot = spot,
                          .hint = std::move(hint)});
        return false;
    }
    bool refuse_missing(const Value& parent, const Step& step);
    bool put_in_array(Value& array, const Step& step, Value value);

    Spot start_;
    Diagnostics& diagnostics_;
    std::string pointer_;
};

bool Assignment::refuse_missing(const Value& parent, const Step& step) {
    if (parent.is_array())
        return refuse(step.spot, Code::set_path,
                      fmt::format("there is no element {} in this list of {}",
                                  models::quoted(step.key), parent.items().size()),
                      "elements are numbered from 0");
    if (!parent.is_object())
        return refuse(step.spot, Code::set_path,
                      fmt::format("{} has no members", models::describe(parent)));
    std::vector<std::string> known;
    for (const models::Member& member : parent.members()) known.push_back(member.key);
    return refuse(step.spot, Code::set_path,
                  fmt::format("there is no {} here", models::quoted(step.key)),
                  models::did_you_mean(step.key, known));
}

bool Assignment::put_in_array(Value& array, const Step& step, Value value) {
    const std::optional<std::size_t> index = models::array_index(step.key);
    if (step.key == "-" && !value.is_null()) {
        array.push(std::move(value));
        return true;
    }
    if (!index || *index >= array.items().size()) return refuse_missing(array, step);
    if (value.is_null())
        return refuse(step.spot, Code::set_path, "an element of a list cannot be removed",
                      "set the whole list");
    array.items()[*index] = std::move(value);
    return true;
}

bool Assignment::apply(Value& document, const std::vector<Step>& steps, Value value) {
    if (steps.size() + depth_of(value) > depth_limit)
        return refuse(start_, Code::depth_limit,
                      fmt::format("nested more than {} levels deep", depth_limit));
    Value* parent = &document;
    for (std::size_t i = 0; i + 1 < steps.size(); ++i) {
        const Step& step = steps[i];
        pointer_ += "/" + models::pointer_step(step.key);
        Value* next = nullptr;
        if (parent->is_array()) {
            const std::optional<std::size_t> index = models::array_index(step.key);
            if (index && *index < parent->items().size()) next = &parent->items()[*index];
        } else {
            next = parent->find(step.key);
        }
        if (next == nullptr) return refuse_missing(*parent, step);
        parent = next;
    }
    const Step& last = steps.back();
    pointer_ += "/" + models::pointer_step(last.key);
    if (parent->is_array()) return put_in_array(*parent, last, std::move(value));
    if (!parent->is_object()) return refuse_missing(*parent, last);
    if (value.is_null()) return parent->erase(last.key) || refuse_missing(*parent, last);
    parent->set(last.key, std::move(value), last.spot);
    return true;
}

}  // namespace

bool apply_set(Value& document, std::string_view assignment, models::Sources& sources,
               Diagnostics& diagnostics) {
    const std::uint32_t source = sources.add("--set", std::string(assignment));
    const auto refuse = [&](std::size_t offset, std::string message, std::string hint) {
        diagnostics.add({.code = Code::set_path,
                         .message = std::move(message),
                         .spot = {source, static_cast<std::uint32_t>(offset)},
                         .hint = std::move(hint)});
        return false;
    };
    const std::size_t equals = assignment.find('=');
    if (equals == std::string_view::npos)
        return refuse(assignment.size(), "expected '=' and a value",
                      "such as --set nodes/web/instances=4");
    if (assignment.substr(0, equals).find_first_not_of('/') == std::string_view::npos)
        return refuse(0, "the pointer before '=' is empty", "such as --set nodes/web/instances=4");
    const auto steps = steps_of(assignment.substr(0, equals), source);
    if (!steps) return refuse(0, "'~' in a pointer must be followed by 0 or 1", "write ~0 for '~'");
    const Spot start{source, static_cast<std::uint32_t>(equals + 1)};
    std::optional<Value> value = value_of(assignment.substr(equals + 1), start, diagnostics);
    if (!value) return false;
    return Assignment{start, diagnostics}.apply(document, *steps, std::move(*value));
}

}  // namespace archsim::scenarios

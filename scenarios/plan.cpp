// Checking variants, and names that follow from content.
#include "scenarios/plan.hpp"

#include "models/ring/hash.hpp"
#include "scenarios/load.hpp"
#include "scenarios/set.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <numeric>
#include <utility>

namespace archsim::scenarios {

namespace {

using models::Value;

std::string hexadecimal(std::uint64_t number) { return fmt::format("{:016x}", number); }

std::optional<std::uint64_t> from_hexadecimal(std::string_view text) {
    std::uint64_t number = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number, 16);
    if (text.size() != 16 || error != std::errc{} || stop != text.data() + text.size())
        return std::nullopt;
    return number;
}

Value sorted(const Value& value) {
    if (value.is_array()) {
        std::vector<Value> items;
        for (const Value& item : value.items()) items.push_back(sorted(item));
        return Value::array(std::move(items));
    }
    if (!value.is_object()) return value;
    std::vector<const models::Member*> members;
    for (const models::Member& member : value.members()) members.push_back(&member);
    std::ranges::sort(members, {},
                      [](const auto* member) { return std::string_view{member->key}; });
    Value object = Value::object();
    for (const models::Member* const member : members) {
        object.append(member->key, sorted(member->value));
    }
    return object;
}

/// The numbers in all traces, so that another recording is another variant.
std::string trace_digest(const Scenario& scenario) {
    std::string digest;
    for (const auto& [name, trace] : scenario.traces) {
        std::uint64_t hash = models::xxh64(name);
        for (const std::string& operation : trace.operations) {
            hash = models::xxh64(operation, hash);
        }
        for (const models::TraceRecord& record : trace.records) {
            const std::uint64_t numbers[] = {static_cast<std::uint64_t>(record.at.count()),
                                             record.operation, record.key,
                                             static_cast<std::uint64_t>(record.size.count())};
            for (const std::uint64_t number : numbers) {
                hash = (hash ^ number) * 0x9e3779b97f4a7c15u;
                hash ^= hash >> 32;
            }
        }
        digest += hexadecimal(hash);
    }
    return digest;
}

const std::string* text_member(const Value& value, std::string_view key) {
    const Value* const found = value.find(key);
    return found != nullptr && found->is_string() ? &found->text() : nullptr;
}

std::optional<std::int64_t> whole_member(const Value& value, std::string_view key) {
    const Value* const found = value.find(key);
    if (found == nullptr || !found->is_number()) return std::nullopt;
    return found->as_integer();
}

Value space_value(const VariantSpace& space) {
    std::vector<Value> all;
    for (const Variation& variation : space.variations()) {
        std::vector<Value> values;
        for (const std::string& value : variation.values) values.push_back(Value::string(value));
        all.push_back(Value::object({{"pointer", Value::string(variation.pointer)},
                                     {"values", Value::array(std::move(values))}}));
    }
    return Value::array(std::move(all));
}

std::optional<std::vector<Variation>> read_space(const Value* value) {
    if (value == nullptr || !value->is_array()) return std::nullopt;
    std::vector<Variation> all;
    for (const Value& item : value->items()) {
        const std::string* const pointer = text_member(item, "pointer");
        const Value* const values = item.find("values");
        if (pointer == nullptr || values == nullptr || values->items().empty()) return std::nullopt;
        Variation variation{*pointer, {}};
        for (const Value& one : values->items()) {
            if (!one.is_string()) return std::nullopt;
            variation.values.push_back(one.text());
        }
        all.push_back(std::move(variation));
    }
    return all;
}

}  // namespace

std::string canonical_json(const Value& document) { return sorted(document).to_json(); }

std::variant<Plan, std::string> Plan::make(PlanSource source, const models::Sources& sources) {
    if (source.space.size() > variant_limit) {
        return fmt::format("error: more than {} variants\nhint: fewer values, or --design latin:N",
                           variant_limit);
    }
    Plan plan{std::move(source)};
    std::vector<std::uint64_t> seen;
    for (std::int64_t point = 0; point < plan.source_.space.size(); ++point) {
        models::Sources texts = sources;
        models::Diagnostics diagnostics;
        Value document = plan.source_.document;
        bool good = true;
        const std::vector<std::string> settings = plan.source_.space.settings(point);
        for (const std::string& setting : settings) {
            good = apply_set(document, setting, texts, diagnostics) && good;
        }
        std::optional<Scenario> scenario;
        if (good) scenario = read_scenario(document, plan.source_.folder, texts, diagnostics);
        if (!scenario) {
            return fmt::format(
                "{}error: variant {}{}: not a valid scenario", diagnostics.format(texts), point + 1,
                settings.empty() ? "" : " (" + fmt::format("{}", fmt::join(settings, " ")) + ")");
        }
        plan.replications_ = scenario->replications;
        plan.variant_ids_.push_back(
            models::xxh64(canonical_json(document) + trace_digest(*scenario)));
        plan.points_.push_back(point);
    }
    plan.finish();
    return plan;
}

void Plan::finish() {
    // A Latin sample of few values may come to the same variant twice: the first one stays.
    id_order_.resize(variant_ids_.size());
    std::iota(id_order_.begin(), id_order_.end(), 0U);
    std::ranges::stable_sort(id_order_, {}, [this](std::uint32_t i) { return variant_ids_[i]; });
    std::vector<bool> is_copy(variant_ids_.size(), false);
    for (std::size_t i = 1; i < id_order_.size(); ++i) {
        is_copy[id_order_[i]] = variant_ids_[id_order_[i]] == variant_ids_[id_order_[i - 1]];
    }
    std::size_t kept = 0;
    for (std::size_t i = 0; i < variant_ids_.size(); ++i) {
        if (is_copy[i]) continue;
        variant_ids_[kept] = variant_ids_[i];
        points_[kept++] = points_[i];
    }
    variant_ids_.resize(kept);
    points_.resize(kept);
    id_order_.resize(kept);
    std::iota(id_order_.begin(), id_order_.end(), 0U);
    std::ranges::sort(id_order_, {}, [this](std::uint32_t i) { return variant_ids_[i]; });
    hash_ = hexadecimal(models::xxh64(canonical_json(to_value())));
}

Value Plan::to_value() const {
    std::vector<Value> ids;
    for (std::int64_t i = 0; i < variants(); ++i) {
        ids.push_back(Value::array(
            {Value::string(variant_id(i)), Value::integer(points_[static_cast<std::size_t>(i)])}));
    }
    return Value::object(
        {{"schema", Value::string("archsim.plan/1")},
         {"version", Value::string(source_.version)},
         {"document", source_.document},
         {"vary", space_value(source_.space)},
         {"latin", Value::integer(source_.space.latin())},
         {"replications", Value::integer(replications_)},
         {"max_events", Value::integer(static_cast<std::int64_t>(source_.max_events))},
         {"variants", Value::array(std::move(ids))}});
}

std::optional<Plan> Plan::from_value(const Value& value, const std::string& folder) {
    const std::string* const schema = text_member(value, "schema");
    const std::string* const version = text_member(value, "version");
    const Value* const document = value.find("document");
    auto variations = read_space(value.find("vary"));
    const auto latin = whole_member(value, "latin");
    const auto replications = whole_member(value, "replications");
    const auto max_events = whole_member(value, "max_events");
    const Value* const variants = value.find("variants");
    if (schema == nullptr || *schema != "archsim.plan/1" || version == nullptr) return std::nullopt;
    if (document == nullptr || variants == nullptr || !variations) return std::nullopt;
    if (!latin || *latin < 0 || *latin > variant_limit) return std::nullopt;
    if (!replications || *replications < 1 || !max_events || *max_events < 1) return std::nullopt;
    Plan plan{{*document, folder, VariantSpace{*std::move(variations), *latin},
               static_cast<std::uint64_t>(*max_events), *version}};
    plan.replications_ = *replications;
    for (const Value& entry : variants->items()) {
        if (entry.items().size() != 2 || !entry.items()[0].is_string() ||
            !entry.items()[1].is_number())
            return std::nullopt;
        const auto id = from_hexadecimal(entry.items()[0].text());
        const auto point = entry.items()[1].as_integer();
        if (!id || !point || *point < 0 || *point >= plan.source_.space.size()) return std::nullopt;
        plan.variant_ids_.push_back(*id);
        plan.points_.push_back(*point);
    }
    if (plan.variant_ids_.empty()) return std::nullopt;
    plan.finish();
    return plan;
}

std::string Plan::variant_id(std::int64_t variant) const {
    return hexadecimal(variant_ids_[static_cast<std::size_t>(variant)]);
}

std::optional<std::int64_t> Plan::find_variant(std::string_view id) const {
    const auto number = from_hexadecimal(id);
    if (!number) return std::nullopt;
    const auto found = std::ranges::lower_bound(
        id_order_, *number, {}, [this](std::uint32_t i) { return variant_ids_[i]; });
    if (found == id_order_.end() || variant_ids_[*found] != *number) return std::nullopt;
    return static_cast<std::int64_t>(*found);
}

std::vector<std::string> Plan::settings(std::int64_t variant) const {
    return source_.space.settings(points_[static_cast<std::size_t>(variant)]);
}

Value Plan::document(std::int64_t variant) const {
    models::Sources sources;
    models::Diagnostics diagnostics;
    Value document = source_.document;
    for (const std::string& setting : settings(variant)) {
        apply_set(document, setting, sources, diagnostics);
    }
    return document;
}

std::variant<Scenario, std::string> Plan::scenario(std::int64_t variant) const {
    models::Sources sources;
    models::Diagnostics diagnostics;
    std::optional<Scenario> scenario =
        read_scenario(document(variant), source_.folder, sources, diagnostics);
    if (!scenario) return diagnostics.all().empty() ? "invalid" : diagnostics.all().front().message;
    const std::uint64_t id =
        models::xxh64(canonical_json(document(variant)) + trace_digest(*scenario));
    if (hexadecimal(id) != variant_id(variant)) return "a trace file has changed";
    return *std::move(scenario);
}

}  // namespace archsim::scenarios

// The road from a file to a checked scenario, and the checks that need the whole of it.
#include "scenarios/load.hpp"

#include "models/suggest.hpp"
#include "scenarios/extends.hpp"
#include "scenarios/names.hpp"
#include "scenarios/prices.hpp"
#include "scenarios/set.hpp"
#include "scenarios/trace_file.hpp"

#include <filesystem>
#include <utility>
#include <vector>

namespace archsim::scenarios {

namespace {

using models::Code;
using models::Diagnostic;
using models::Severity;

/// The loader accepts "$schema" for editors; it means nothing to a run.
void drop_editor_keys(models::Value& document) {
    if (document.is_object()) document.erase("$schema");
}

std::string text_at(const models::Value& document, std::string_view key) {
    const models::Value* const value = document.find(key);
    return value != nullptr && value->is_string() ? value->text() : std::string{};
}

void load_traces(Scenario& scenario, const std::string& folder, models::Sources& sources,
                 models::Diagnostics& diagnostics) {
    for (const models::FoundReference& reference : scenario.references) {
        if (reference.to != models::FoundReference::To::trace) continue;
        if (scenario.traces.contains(reference.name)) continue;
        std::optional<models::RequestTrace> trace =
            load_trace(folder, reference, sources, diagnostics);
        if (trace) scenario.traces.emplace(reference.name, std::move(*trace));
    }
}

}  // namespace

std::optional<Scenario> read_scenario(const models::Value& document, const std::string& folder,
                                      models::Sources& sources, models::Diagnostics& diagnostics) {
    models::Value without = document;
    drop_editor_keys(without);
    models::Reader reader{diagnostics};
    std::optional<Scenario> scenario = models::read<Scenario>(without, reader);
    if (!scenario) {
        report_unknown_targets(names_in(without), reader.references(), diagnostics);
        return std::nullopt;
    }
    scenario->description = text_at(without, "description");
    scenario->references.assign(reader.references().begin(), reader.references().end());
    report_unknown_targets(names_in(without), scenario->references, diagnostics);
    report_unknown_regions(*scenario, diagnostics);
    report_unknown_prices(*scenario, diagnostics);
    load_traces(*scenario, folder, sources, diagnostics);
    if (diagnostics.has_errors()) return std::nullopt;
    check_built(*scenario, without, diagnostics);
    if (diagnostics.has_errors()) return std::nullopt;
    return scenario;
}

std::optional<models::Value> load_settled(const std::string& path,
                                          std::span<const std::string> settings,
                                          models::Sources& sources,
                                          models::Diagnostics& diagnostics) {
    std::optional<models::Value> document = load_document(path, sources, diagnostics);
    if (!document) return std::nullopt;
    bool good = true;
    for (const std::string& setting : settings) {
        good = apply_set(*document, setting, sources, diagnostics) && good;
    }
    if (!good) return std::nullopt;
    return document;
}

std::string folder_of(const std::string& path) {
    return path == "-" ? std::string{"."} : std::filesystem::path{path}.parent_path().string();
}

std::optional<Scenario> load_scenario(const std::string& path,
                                      std::span<const std::string> settings,
                                      models::Sources& sources, models::Diagnostics& diagnostics) {
    const std::optional<models::Value> document =
        load_settled(path, settings, sources, diagnostics);
    if (!document) return std::nullopt;
    return read_scenario(*document, folder_of(path), sources, diagnostics);
}

}  // namespace archsim::scenarios

// One parameter at a time, up and down, under the same random numbers.
#include "scenarios/load.hpp"
#include "scenarios/optimize.hpp"
#include "scenarios/set.hpp"
#include "sim/statistics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>
#include <utility>

namespace archsim::scenarios {

namespace {

using models::Value;

/// "8ms" and 0.9 -> "7.2ms"; nothing where the text does not begin with a number above 0.
std::optional<std::string> scaled_text(const std::string& text, double factor) {
    const std::size_t start = text.starts_with('$') ? 1 : 0;
    double number = 0.0;
    const char* const last = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + start, last, number);
    if (error != std::errc{} || !std::isfinite(number) || number <= 0.0) return std::nullopt;
    // Six digits are finer than any swing and short enough to read.
    return fmt::format("{}{:.6g}{}", text.substr(0, start), number * factor,
                       std::string_view{stop, static_cast<std::size_t>(last - stop)});
}

std::optional<std::pair<std::string, std::string>> ends_of(const Value& value, double swing) {
    if (value.is_integer()) {
        const auto number = value.as_integer();
        if (!number || *number < 1) return std::nullopt;
        const auto move =
            std::max<std::int64_t>(1, std::llround(static_cast<double>(*number) * swing));
        return std::pair{std::to_string(std::max<std::int64_t>(*number - move, 1)),
                         std::to_string(*number + move)};
    }
    if (value.is_number()) {
        const auto number = value.as_real();
        if (!number || *number <= 0.0) return std::nullopt;
        return std::pair{fmt::format("{:.6g}", *number * (1.0 - swing)),
                         fmt::format("{:.6g}", *number * (1.0 + swing))};
    }
    if (!value.is_string()) return std::nullopt;
    auto low = scaled_text(value.text(), 1.0 - swing);
    auto high = scaled_text(value.text(), 1.0 + swing);
    if (!low || !high) return std::nullopt;
    return std::pair{*std::move(low), *std::move(high)};
}

void collect(const Value& value, const std::string& pointer, double swing,
             std::vector<Variation>& found) {
    if (const auto ends = ends_of(value, swing))
        found.push_back({pointer, {ends->first, ends->second}});
    std::size_t i = 0;
    for (const Value& item : value.items())
        collect(item, pointer + "/" + std::to_string(i++), swing, found);
    for (const models::Member& member : value.members())
        collect(member.value, pointer + "/" + models::pointer_step(member.key), swing, found);
}

constexpr const char* cut_short = "the limit on events was reached";

struct Measured {
    std::vector<double> values;
    Status status = Status::complete;
    std::string unit;
};

/// The metric of each replication; fewer values than replications where it was not measured.
Measured measure(const Scenario& scenario, const std::string& metric, const RunOptions& options) {
    Measured made;
    std::vector<std::string> warnings;
    const sim::Duration warm_up = warm_up_of(scenario, options, warnings);
    for (const Replication& one :
         run_replications(scenario, 0, scenario.replications, warm_up, options)) {
        if (one.end == sim::RunEnd::interrupted) {
            made.status = Status::interrupted;
        } else if (one.end != sim::RunEnd::deadline && made.status == Status::complete) {
            made.status = Status::limit;
        }
        for (const sim::MetricValue& value : one.metrics) {
            if (value.name != metric || !value.value) continue;
            made.values.push_back(*value.value);
            made.unit = value.unit;
        }
    }
    return made;
}

std::variant<Scenario, std::string> scenario_with(const Value& document, const std::string& folder,
                                                  const std::string& setting) {
    models::Sources sources;
    models::Diagnostics diagnostics;
    Value changed = document;
    std::optional<Scenario> scenario;
    if (setting.empty() || apply_set(changed, setting, sources, diagnostics))
        scenario = read_scenario(changed, folder, sources, diagnostics);
    if (scenario) return *std::move(scenario);
    return diagnostics.all().empty() ? std::string{"invalid"} : diagnostics.all().front().message;
}

/// Mean of one end and its paired difference from the base.
void note_end(const Measured& base, const Measured& end, std::optional<double>& mean,
              std::optional<Interval>& difference) {
    if (end.values.empty()) return;
    mean = sim::estimate_mean(end.values).mean;
    if (end.values.size() == base.values.size())
        difference = sim::estimate_difference(end.values, base.values).interval;
}

}  // namespace

std::vector<Variation> parameters_of(const Value& document, double swing) {
    std::vector<Variation> found;
    const Value* const nodes = document.find("nodes");
    if (nodes != nullptr) collect(*nodes, "nodes", swing, found);
    return found;
}

Sensitivity find_sensitivity(const Value& document, const std::string& folder,
                             const std::string& metric, std::span<const Variation> variations,
                             const RunOptions& options) {
    Sensitivity made{.metric = metric};
    auto scenario = scenario_with(document, folder, "");
    if (!std::holds_alternative<Scenario>(scenario)) return made;
    const Measured base = measure(std::get<Scenario>(scenario), metric, options);
    made.unit = base.unit;
    made.replications = static_cast<int>(base.values.size());
    made.status = base.status;
    if (base.values.empty()) return made;
    made.base = sim::estimate_mean(base.values).mean;
    if (base.status == Status::limit) {
        made.left_out.push_back(std::string{"all parameters: "} + cut_short);
        return made;
    }
    for (const Variation& variation : variations) {
        if (made.status == Status::interrupted) break;
        SensitivityRow row{variation.pointer, variation.values.front(), variation.values.back()};
        auto low = scenario_with(document, folder, row.pointer + "=" + row.low);
        auto high = scenario_with(document, folder, row.pointer + "=" + row.high);
        const std::string* problem = std::get_if<std::string>(&low);
        if (problem == nullptr) problem = std::get_if<std::string>(&high);
        if (problem != nullptr) {
            made.left_out.push_back(row.pointer + ": " + *problem);
            continue;
        }
        const Measured below = measure(std::get<Scenario>(low), metric, options);
        const Measured above = measure(std::get<Scenario>(high), metric, options);
        if (below.status == Status::interrupted || above.status == Status::interrupted) {
            made.status = Status::interrupted;
            break;
        }
        if (below.status == Status::limit || above.status == Status::limit) {
            // What was measured in a part of the time is no neighbour of the whole.
            made.status = Status::limit;
            made.left_out.push_back(row.pointer + ": " + cut_short);
            continue;
        }
        note_end(base, below, row.at_low, row.low_difference);
        note_end(base, above, row.at_high, row.high_difference);
        const auto [least, most] = std::minmax(
            {*made.base, row.at_low.value_or(*made.base), row.at_high.value_or(*made.base)});
        row.span = most - least;
        made.rows.push_back(std::move(row));
    }
    std::ranges::stable_sort(made.rows, std::greater{}, &SensitivityRow::span);
    return made;
}

}  // namespace archsim::scenarios

// Reading and running small scenarios.
#include "tests/support/small_run.hpp"

#include "scenarios/load.hpp"
#include "scenarios/parse.hpp"

#include <cmath>
#include <stdexcept>

namespace archsim::tests {

scenarios::Scenario read_text(std::string_view members, const std::string& folder) {
    const std::string text = R"({"scenario": "test", )" + std::string{members} + "}";
    models::Sources sources;
    models::Diagnostics diagnostics;
    const std::uint32_t source = sources.add("test.json", text);
    const std::optional<models::Value> document = scenarios::parse(text, source, diagnostics);
    if (!document) throw std::runtime_error(diagnostics.format(sources));
    std::optional<scenarios::Scenario> scenario =
        scenarios::read_scenario(*document, folder, sources, diagnostics);
    if (!scenario) throw std::runtime_error(diagnostics.format(sources));
    return *std::move(scenario);
}

Measured::Measured(const scenarios::Replication& replication) {
    for (const sim::MetricValue& metric : replication.metrics) {
        values_.emplace(metric.name, metric.value);
    }
}

double Measured::operator[](std::string_view name) const {
    const auto found = values_.find(name);
    if (found == values_.end() || !found->second) {
        throw std::runtime_error("not measured: " + std::string{name});
    }
    return *found->second;
}

bool Measured::has(std::string_view name) const {
    const auto found = values_.find(name);
    return found != values_.end() && found->second.has_value();
}

Measured run_text(std::string_view members, const std::string& folder) {
    const scenarios::Scenario scenario = read_text(members, folder);
    return Measured{scenarios::run_replication(scenario, 0, {}, {})};
}

double Estimate::sigmas_from(double truth) const { return std::abs(mean - truth) / standard_error; }

Estimate estimate_of(const std::vector<scenarios::Replication>& replications,
                     std::string_view metric) {
    const auto n = static_cast<double>(replications.size());
    std::vector<double> values;
    Estimate estimate;
    for (const scenarios::Replication& replication : replications) {
        values.push_back(Measured{replication}[metric]);
        estimate.mean += values.back() / n;
    }
    double squares = 0.0;
    for (const double value : values) squares += (value - estimate.mean) * (value - estimate.mean);
    estimate.standard_error = std::sqrt(squares / (n - 1.0) / n);
    return estimate;
}

std::vector<scenarios::Replication> replicate(const scenarios::Scenario& scenario,
                                              std::int64_t count) {
    return scenarios::run_replications(scenario, 0, count, scenario.warm_up.length, {});
}

}  // namespace archsim::tests

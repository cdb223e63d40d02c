// Looking up and ordering the metrics of a finished experiment.
#include "scenarios/result.hpp"

#include <algorithm>

namespace archsim::scenarios {

std::optional<double> number_in(const Cell& cell) {
    const auto* const number = std::get_if<double>(&cell);
    return number != nullptr ? std::optional{*number} : std::nullopt;
}

std::string text_in(const Cell& cell) {
    const auto* const text = std::get_if<std::string>(&cell);
    return text != nullptr ? *text : "";
}

const Section* find_section(const std::vector<Section>& sections, std::string_view name) {
    const auto found = std::ranges::find(sections, name, &Section::name);
    return found == sections.end() ? nullptr : &*found;
}

const Table* find_table(const Section& section, std::string_view name) {
    const auto found = std::ranges::find(section.tables, name, &Table::name);
    return found == section.tables.end() ? nullptr : &*found;
}

const MetricResult* find_metric(const Result& result, std::string_view name) {
    const auto found = std::ranges::lower_bound(
        result.metrics, name, {}, [](const auto& metric) { return std::string_view{metric.name}; });
    return found != result.metrics.end() && found->name == name ? &*found : nullptr;
}

sim::Money Bill::total() const {
    sim::Money sum;
    for (const CostLine& line : lines) sum += line.amount;
    return sum;
}

std::map<std::string, sim::Money> Bill::by_node() const {
    std::map<std::string, sim::Money> sums;
    for (const CostLine& line : lines) sums[line.node] += line.amount;
    return sums;
}

void sort_by_name(Result& result) {
    std::ranges::sort(result.metrics, {}, &MetricResult::name);
    std::ranges::sort(result.theory, {}, &TheoryResult::metric);
}

}  // namespace archsim::scenarios

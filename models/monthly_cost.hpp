// What a component costs in a month, made of what was measured: the measured time goes on for a
// billing month, and what is kept on average stays kept.
#pragma once

#include "models/node.hpp"
#include "models/price.hpp"
#include "models/usage.hpp"
#include "sim/metrics.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace archsim::models {

/// The meters and the bill of one component: "cost/<component>/<item>" for each thing that has a
/// price, and their sum "cost/<component>", in dollars a month.
class MonthlyCost {
public:
    /// Gives `component` its meters; everything outlives the bill's last use. Requires: the
    /// component has its first members.
    MonthlyCost(const PriceConfig& price, Component& component,
                const std::vector<std::string>& regions, sim::Simulation& simulation,
                sim::Metrics& metrics);
    MonthlyCost(const MonthlyCost&) = delete;
    MonthlyCost& operator=(const MonthlyCost&) = delete;

    /// All items together; nothing if no time has passed.
    [[nodiscard]] std::optional<double> dollars(const sim::Stretch& stretch) const;

private:
    [[nodiscard]] sim::Metrics::Formula formula_of(const PriceItem& item, const PriceConfig& price,
                                                   const Component& component) const;
    Usage usage_;
    std::vector<sim::Metrics::Formula> items_;
};

/// Publishes "cost/per_month" and, where `components` send requests, "cost/per_million_requests".
/// The bills outlive the metrics' last use. Nothing without bills.
void publish_total_cost(std::span<const std::unique_ptr<MonthlyCost>> bills,
                        std::span<const std::unique_ptr<Component>> components,
                        sim::Metrics& metrics);

}  // namespace archsim::models

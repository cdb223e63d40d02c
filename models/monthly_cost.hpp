// What a component costs in a month, made of what was measured: the traffic of the measured time
// goes on for a billing month, and what is stored on average stays stored.
#pragma once

#include "models/catalog.hpp"
#include "sim/metrics.hpp"
#include "sim/price.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace archsim::models {

/// The items of one component's bill, published as "cost/<component>/<item>" and their sum as
/// "cost/<component>", in dollars a month. Items without a price are left out, and without items
/// there is no bill.
class MonthlyCost {
public:
    explicit MonthlyCost(const BuildContext& context) : context_{context} {}

    /// So much for every request that `requests` counts.
    void add(const std::string& item, const sim::PriceOfRequests& price,
             const sim::Counter& requests) {
        const double each = price.price().dollars() / static_cast<double>(price.per());
        add_flow(item, each, requests);
    }
    /// So much for the data whose bytes `bytes` counts.
    void add(const std::string& item, const sim::PriceOfData& price, const sim::Counter& bytes) {
        add_flow(item, dollars_per_byte(price), bytes);
    }
    /// So much a month for data that is kept; `bytes` is how much there is.
    void add(const std::string& item, const sim::PriceOfData& price, const sim::LevelProbe& bytes) {
        const double each = dollars_per_byte(price);
        add_item(item, each, [each, &bytes](const sim::Stretch& s) -> std::optional<double> {
            const std::optional<double> mean = bytes.mean(s.span, s.now);
            if (!mean) return std::nullopt;
            return each * *mean;
        });
    }

    /// Publishes the sum. Called once, after the last item.
    void publish() {
        if (items_.empty()) return;
        context_.metrics.derive("cost/" + context_.name, "usd",
                                [items = items_](const sim::Stretch& s) -> std::optional<double> {
                                    double sum = 0.0;
                                    for (const auto& item : items) {
                                        const std::optional<double> part = item(s);
                                        if (!part) return std::nullopt;
                                        sum += *part;
                                    }
                                    return sum;
                                });
    }

private:
    static double dollars_per_byte(const sim::PriceOfData& price) {
        return price.price().dollars() / static_cast<double>(price.per().count());
    }
    void add_flow(const std::string& item, double each, const sim::Counter& counter) {
        add_item(item, each, [each, &counter](const sim::Stretch& s) -> std::optional<double> {
            if (s.seconds() <= 0.0) return std::nullopt;
            const double months = s.seconds() / sim::billing_month.in_seconds();
            return each * static_cast<double>(counter.count(s.span)) / months;
        });
    }
    void add_item(const std::string& item, double each, const sim::Metrics::Formula& formula) {
        if (each <= 0.0) return;
        items_.push_back(formula);
        context_.metrics.derive("cost/" + context_.name + "/" + item, "usd", formula);
    }

    const BuildContext& context_;
    std::vector<sim::Metrics::Formula> items_;
};

}  // namespace archsim::models

// Bills as formulas over meters.
#include "models/monthly_cost.hpp"

namespace archsim::models {

namespace {

using Formula = sim::Metrics::Formula;

/// Dollars a month for what goes on at the rate of the measured time.
Formula flow(double each, std::vector<const sim::Counter*> counters) {
    return [each, counters = std::move(counters)](const sim::Stretch& s) -> std::optional<double> {
        if (s.seconds() <= 0.0) return std::nullopt;
        std::uint64_t sum = 0;
        for (const sim::Counter* counter : counters) sum += counter->count(s.span);
        const double months = s.seconds() / sim::billing_month.in_seconds();
        return each * static_cast<double>(sum) / months;
    };
}

/// Dollars a month for what there is on average.
Formula stock(double each, const sim::LevelProbe& level) {
    return [each, &level](const sim::Stretch& s) -> std::optional<double> {
        const std::optional<double> mean = level.mean(s.span, s.now);
        if (!mean) return std::nullopt;
        return each * *mean;
    };
}

}  // namespace

MonthlyCost::MonthlyCost(const PriceConfig& price, Component& component,
                         const std::vector<std::string>& regions, sim::Simulation& simulation,
                         sim::Metrics& metrics)
    : usage_{simulation, metrics, regions.size()} {
    component.meter(usage_);
    const std::string path = "cost/" + component.name();
    for (const PriceItem& item : items_of(price, regions)) {
        items_.push_back(formula_of(item, price, component));
        metrics.derive(path + "/" + item.name, "usd", items_.back());
    }
    metrics.derive(path, "usd", [this](const sim::Stretch& s) { return dollars(s); });
}

Formula MonthlyCost::formula_of(const PriceItem& item, const PriceConfig& price,
                                const Component& component) const {
    switch (item.of) {
        case PriceItem::Of::instances:
            return stock(item.each, usage_.instances());
        case PriceItem::Of::requests:
            return flow(item.each, {&usage_.reads(), &usage_.writes()});
        case PriceItem::Of::reads:
            return flow(item.each, {&usage_.reads()});
        case PriceItem::Of::writes:
            return flow(item.each, {&usage_.writes()});
        case PriceItem::Of::sent: {
            std::vector<const sim::Counter*> counters;
            for (std::size_t region = 0; region < usage_.regions(); ++region) {
                const bool is_meant =
                    item.region == PriceItem::all_regions || item.region == region;
                if (is_meant) counters.push_back(&usage_.sent_from(region));
            }
            return flow(item.each, std::move(counters));
        }
        case PriceItem::Of::storage:
            break;
    }
    if (const sim::LevelProbe* const kept = component.stored_bytes()) {
        return stock(item.each, *kept);
    }
    const double size = price.stored ? static_cast<double>(price.stored->count()) : 0.0;
    return stock(item.each * size, usage_.instances());
}

std::optional<double> MonthlyCost::dollars(const sim::Stretch& stretch) const {
    double sum = 0.0;
    for (const Formula& item : items_) {
        const std::optional<double> part = item(stretch);
        if (!part) return std::nullopt;
        sum += *part;
    }
    return sum;
}

void publish_total_cost(std::span<const std::unique_ptr<MonthlyCost>> bills,
                        std::span<const std::unique_ptr<Component>> components,
                        sim::Metrics& metrics) {
    if (bills.empty()) return;
    const Formula total = [bills](const sim::Stretch& s) -> std::optional<double> {
        double sum = 0.0;
        for (const auto& bill : bills) {
            const std::optional<double> part = bill->dollars(s);
            if (!part) return std::nullopt;
            sum += *part;
        }
        return sum;
    };
    metrics.derive("cost/per_month", "usd", total);
    std::vector<const sim::Counter*> good;
    for (const auto& component : components) {
        if (const sim::Counter* const counter = component->answered_ok()) good.push_back(counter);
    }
    if (good.empty()) return;
    const Formula millions = flow(1e-6, std::move(good));
    metrics.derive("cost/per_million_requests", "usd",
                   [total, millions](const sim::Stretch& s) -> std::optional<double> {
                       const std::optional<double> dollars = total(s);
                       const std::optional<double> requests = millions(s);
                       if (!dollars || !requests || *requests <= 0.0) return std::nullopt;
                       return *dollars / *requests;
                   });
}

}  // namespace archsim::models

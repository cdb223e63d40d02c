// The metrics as comma-separated values after RFC 4180, for spreadsheets and data frames.
#include "reports/report.hpp"
#include "reports/sweep.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>

namespace archsim::reports {

namespace {

/// The fewest digits that give the same number again, or an empty field.
std::string number_field(std::optional<double> value) {
    return value ? fmt::format("{}", *value) : std::string{};
}

}  // namespace

std::string write_csv(const scenarios::Result& result) {
    std::string lines = "metric,value,ci95_low,ci95_high,unit,n,method,reason\n";
    for (const auto& metric : result.metrics) {
        std::optional<double> low;
        std::optional<double> high;
        if (metric.ci95) {
            low = metric.ci95->low;
            high = metric.ci95->high;
        }
        lines += fmt::format("{},{},{},{},{},{},{},{}\n", csv_field(metric.name),
                             number_field(metric.value), number_field(low), number_field(high),
                             csv_field(metric.unit), metric.n,
                             metric.value ? name_of(metric.method) : "", csv_field(metric.reason));
    }
    return lines;
}

}  // namespace archsim::reports

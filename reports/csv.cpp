// The metrics as comma-separated values after RFC 4180, for spreadsheets and data frames.
#include "reports/report.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>

namespace archsim::reports {

namespace {

/// A text field: quoted where it must be, and led by an apostrophe where a spreadsheet would take
/// it for a formula and run it.
std::string text_field(std::string_view text) {
    std::string field;
    if (!text.empty() && std::string_view{"=+-@\t\r"}.find(text.front()) != std::string_view::npos)
        field += '\'';
    field += text;
    if (field.find_first_of(",\"\r\n") == std::string::npos) return field;
    std::string quoted = "\"";
    for (const char c : field) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

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
        lines += fmt::format("{},{},{},{},{},{},{},{}\n", text_field(metric.name),
                             number_field(metric.value), number_field(low), number_field(high),
                             text_field(metric.unit), metric.n,
                             metric.value ? name_of(metric.method) : "", text_field(metric.reason));
    }
    return lines;
}

}  // namespace archsim::reports

// The result of a sweep as text, JSON (archsim.sweep/1) and CSV. Variants are asked for one at a
// time and written as they come, so that memory does not grow with their number.
#pragma once

#include "reports/text.hpp"
#include "scenarios/plan.hpp"
#include "scenarios/result.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace archsim::reports {

/// Takes the next piece of a report; false if it could not be written, which ends the report.
using Write = std::function<bool(std::string_view)>;
/// The result of a variant; nothing if it cannot be read, which ends the report.
using VariantResults = std::function<std::optional<scenarios::Result>(std::int64_t variant)>;

/// What the reports need of a sweep.
struct Sweep {
    const scenarios::Plan& plan;
    VariantResults result;
    scenarios::Status status = scenarios::Status::complete;
    std::vector<std::string> metrics{};  ///< Columns of the table; without them the headline ones.
    std::optional<std::string> usl{};    ///< Metric that a universal scalability law is fitted to.
};

/// A row of settings, metrics and verdict for each variant. False if it could not be written.
[[nodiscard]] bool write_sweep_table(const Sweep& sweep, const Style& style, const Write& write);
/// One document, one line for each variant, every metric in it.
[[nodiscard]] bool write_sweep_json(const Sweep& sweep, const Style& style, const Write& write);
/// One line for each variant and metric.
[[nodiscard]] bool write_sweep_csv(const Sweep& sweep, const Style& style, const Write& write);

/// A text field of CSV: quoted where it must be, and led by an apostrophe where a spreadsheet would
/// take it for a formula and run it.
[[nodiscard]] std::string csv_field(std::string_view text);

}  // namespace archsim::reports

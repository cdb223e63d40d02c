// Latency distributions as HdrHistogram writes them, for its plotter and everything that reads it.
// Source: HdrHistogram's outputPercentileDistribution (Tene, public domain).
#include "reports/exports.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace archsim::reports {

namespace {

using scenarios::Cell;
using scenarios::Table;
using scenarios::text_in;

double number_of(const Cell& cell) { return scenarios::number_in(cell).value_or(0.0); }

/// Lines for the points first..last of one source, whose values are `count` altogether.
std::string block(const std::vector<std::vector<Cell>>& rows, std::size_t first, std::size_t last,
                  const std::vector<Cell>* totals) {
    const double count = totals != nullptr ? number_of((*totals)[1]) : 0.0;
    std::string text = fmt::format("#[Source = {}]\n{:>12} {:>14} {:>10} {:>14}\n\n",
                                   printable(text_in(rows[first][0])), "Value", "Percentile",
                                   "TotalCount", "1/(1-Percentile)");
    for (std::size_t i = first; i < last; ++i) {
        const double share = number_of(rows[i][2]);
        text += fmt::format("{:12.6f} {:.12f} {:10.0f}", number_of(rows[i][1]) * 1e3, share,
                            std::round(share * count));
        text += share < 1.0 ? fmt::format(" {:14.2f}\n", 1.0 / (1.0 - share)) : "\n";
    }
    if (totals == nullptr) return text;
    return text + fmt::format(
                      "#[Mean    = {:12.6f}, StdDeviation   = {:12.6f}]\n"
                      "#[Max     = {:12.6f}, Total count    = {:12.0f}]\n",
                      number_of((*totals)[2]) * 1e3, number_of((*totals)[3]) * 1e3,
                      number_of((*totals)[4]) * 1e3, count);
}

}  // namespace

std::string write_hgrm(const scenarios::Result& result) {
    const auto* const section = scenarios::find_section(result.sections, "distributions");
    const Table* const points =
        section != nullptr ? scenarios::find_table(*section, "points") : nullptr;
    if (points == nullptr || points->rows.empty() || points->columns.size() < 3) {
        return "# This result holds no distributions.\n";
    }
    const Table* const totals = scenarios::find_table(*section, "totals");
    std::string text;
    std::size_t first = 0;
    for (std::size_t i = 1; i <= points->rows.size(); ++i) {
        const std::string name = text_in(points->rows[first][0]);
        if (i < points->rows.size() && text_in(points->rows[i][0]) == name) continue;
        const std::vector<Cell>* total = nullptr;
        if (totals != nullptr && totals->columns.size() >= 5) {
            const auto found = std::ranges::find_if(
                totals->rows, [&](const auto& row) { return text_in(row[0]) == name; });
            if (found != totals->rows.end()) total = &*found;
        }
        text += block(points->rows, first, i, total);
        first = i;
    }
    return text;
}

}  // namespace archsim::reports

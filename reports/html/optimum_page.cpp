// The designs of a search as a page: what each costs and what it is worth.
#include "reports/html/chart.hpp"
#include "reports/html/experiment_pages.hpp"
#include "reports/html/frame.hpp"
#include "reports/html/markup.hpp"
#include "reports/html/tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

namespace archsim::reports {

namespace {

using scenarios::Candidate;
using scenarios::Objective;
using scenarios::OptimizeResult;

std::string settings_text(const Candidate& candidate) {
    std::string text;
    for (const std::string& setting : candidate.settings) {
        text += (text.empty() ? "" : ", ") +
                (setting.starts_with("nodes/") ? setting.substr(6) : setting);
    }
    return text;
}

/// What an objective is called; metrics stay as they are.
std::string_view name_in(const Words& words, const Objective& objective) {
    return objective.name == "cost" ? words.total_cost : std::string_view{objective.name};
}

/// How far apart the values of an objective are, largest to smallest; 0 without two positive ones.
double spread_of(const OptimizeResult& result, std::size_t index) {
    double low = std::numeric_limits<double>::infinity();
    double high = 0.0;
    for (const Candidate& candidate : result.candidates) {
        if (candidate.objectives.size() <= index || !candidate.objectives[index]) continue;
        if (*candidate.objectives[index] <= 0.0) return 0.0;
        low = std::min(low, *candidate.objectives[index]);
        high = std::max(high, *candidate.objectives[index]);
    }
    return high > 0.0 ? high / low : 0.0;
}

bool has_values(const OptimizeResult& result, std::size_t index) {
    return std::ranges::any_of(result.candidates, [index](const Candidate& candidate) {
        return candidate.objectives.size() > index && candidate.objectives[index];
    });
}

/// Where designs stand between cost (the first objective) and objective number `index`.
Chart pareto_chart(const OptimizeResult& result, std::size_t index, const Words& words) {
    constexpr double wide_spread = 20.0;  // On a linear axis one slow design would hide the rest.
    const Objective& cost = result.objectives[0];
    const Objective& worth = result.objectives[index];
    Chart chart;
    chart.id = fmt::format("pareto-{}", index);
    chart.title = fmt::format("{} {} {}", worth.name, words.against, name_in(words, cost));
    chart.x = {.label = std::string{name_in(words, cost)}, .unit = cost.unit};
    chart.y = {.label = worth.name, .unit = worth.unit};
    const double spread = spread_of(result, index);
    chart.y.is_log = spread >= wide_spread;
    chart.y.from_zero = worth.less_is_better || spread <= 1.0;
    if (!worth.less_is_better && worth.unit == "ratio") chart.y.high = 1.0;
    chart.is_scatter = true;
    constexpr std::size_t grey = 7;
    chart.curves = {{std::string{words.others}, {}, grey, 3.0},
                    {std::string{words.on_front}, {}, 0, 5.0},
                    {std::string{words.chosen}, {}, 1, 7.0}};
    for (std::size_t i = 0; i < result.candidates.size(); ++i) {
        const Candidate& candidate = result.candidates[i];
        if (candidate.objectives.size() <= index || !candidate.objectives[0]) continue;
        const std::size_t curve = result.best == i ? 2 : candidate.on_front ? 1 : 0;
        chart.curves[curve].points.push_back(
            {*candidate.objectives[0], candidate.objectives[index], settings_text(candidate)});
    }
    return chart;
}

std::string design_table(const OptimizeResult& result, const Words& words) {
    std::string html = "<section><div class=\"wide\"><table><thead><tr>" +
                       element("th", "", words.design) + element("th", "", words.verdict);
    for (const Objective& objective : result.objectives) {
        html += element("th", "class=\"n\"", name_in(words, objective));
    }
    html += element("th", "", words.front) + "</tr></thead><tbody>\n";
    for (const Candidate& candidate : result.candidates) {
        html += "<tr>" + element("td", "", settings_text(candidate)) +
                verdict_cell(candidate.verdict, words);
        for (std::size_t i = 0; i < result.objectives.size(); ++i) {
            const bool has_value = i < candidate.objectives.size() && candidate.objectives[i];
            html += element(
                "td", "class=\"n\"",
                has_value ? humanised(*candidate.objectives[i], result.objectives[i].unit) : "n/a");
        }
        html += element("td", "", candidate.on_front ? words.yes : "") + "</tr>\n";
    }
    return html + "</tbody></table></div></section>\n";
}

}  // namespace

std::string write_optimum_html(const OptimizeResult& result, const std::string& title,
                               const Style& style) {
    const Words& words = words_of(style.language);
    std::string html =
        page_head(title + " - archsim", words) + "<header>" + element("h1", "", title);
    if (result.best) {
        const Candidate& best = result.candidates[*result.best];
        html += element("p", "class=\"banner pass\"",
                        fmt::format("{}: {} {}", settings_text(best), words.total_cost,
                                    humanised(best.cost, result.cost_unit)));
    } else {
        const bool is_whole = result.status == scenarios::Status::complete;
        html += element("p", is_whole ? "class=\"banner fail\"" : "class=\"banner undecided\"",
                        is_whole ? result.reason
                                 : fmt::format("{}: {}", words.partial,
                                               why_partial(result.status, result.reason)));
    }
    html += "</header>\n<main>\n<div class=\"charts\">\n";
    for (std::size_t i = 1; i < result.objectives.size(); ++i) {
        if (!has_values(result, i)) continue;
        html += chart_figure(pareto_chart(result, i, words), std::string{words.no_data});
    }
    html += "</div>\n" + design_table(result, words) + "</main>\n";
    return html + page_end("archsim optimize");
}

}  // namespace archsim::reports

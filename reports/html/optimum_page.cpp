// The designs of a search as a page: what each costs and what it is worth.
#include "reports/html/chart.hpp"
#include "reports/html/experiment_pages.hpp"
#include "reports/html/frame.hpp"
#include "reports/html/markup.hpp"

#include <fmt/format.h>

#include <cstddef>
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
        text += (text.empty() ? "" : ", ") + setting;
    }
    return text;
}

/// Where designs stand between cost (the first objective) and objective number `index`.
Chart pareto_chart(const OptimizeResult& result, std::size_t index, const Words& words) {
    const Objective& cost = result.objectives[0];
    const Objective& worth = result.objectives[index];
    Chart chart;
    chart.id = fmt::format("pareto-{}", index);
    chart.title = fmt::format("{} / {}", worth.name, cost.name);
    chart.x = {.label = cost.name, .unit = cost.unit};
    chart.y = {.label = worth.name, .unit = worth.unit};
    if (!worth.less_is_better) chart.y.low = std::nullopt;
    chart.is_scatter = true;
    chart.curves = {{std::string{words.on_front}, {}},
                    {std::string{words.others}, {}},
                    {std::string{words.chosen}, {}}};
    for (std::size_t i = 0; i < result.candidates.size(); ++i) {
        const Candidate& candidate = result.candidates[i];
        if (candidate.objectives.size() <= index || !candidate.objectives[0]) continue;
        const std::size_t curve = result.best == i ? 2 : candidate.on_front ? 0 : 1;
        chart.curves[curve].points.push_back(
            {*candidate.objectives[0], candidate.objectives[index]});
    }
    return chart;
}

std::string design_table(const OptimizeResult& result, const Words& words) {
    std::string html = "<section><div class=\"wide\"><table><thead><tr>" +
                       element("th", "", words.design) + element("th", "", words.verdict);
    for (const Objective& objective : result.objectives) html += element("th", "", objective.name);
    html += element("th", "", words.front) + "</tr></thead><tbody>\n";
    for (const Candidate& candidate : result.candidates) {
        html += "<tr>" + element("td", "", settings_text(candidate)) +
                element("td", "", name_of(candidate.verdict));
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
        html += element(
            "p", "class=\"banner pass\"",
            fmt::format("{}: {}", settings_text(best), humanised(best.cost, result.cost_unit)));
    } else {
        html += element("p", "class=\"banner fail\"", result.reason);
    }
    html += "</header>\n<main>\n<div class=\"charts\">\n";
    for (std::size_t i = 1; i < result.objectives.size(); ++i) {
        html += chart_figure(pareto_chart(result, i, words), std::string{words.no_data});
    }
    html += "</div>\n" + design_table(result, words) + "</main>\n";
    return html + page_end("archsim optimize");
}

}  // namespace archsim::reports

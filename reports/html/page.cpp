// The HTML report: one file that needs nothing else, readable without scripts, in light and dark,
// on a phone and on paper. Its policy forbids everything but its own style and script.
#include "reports/html/frame.hpp"
#include "reports/html/markup.hpp"
#include "reports/html/pictures.hpp"
#include "reports/html/tables.hpp"
#include "reports/html/words.hpp"
#include "reports/report.hpp"
#include "reports/scenario_texts.hpp"

#include <fmt/format.h>

#include <string>

namespace archsim::reports {

namespace {

std::string introduction_html(const scenarios::Result& result, const scenarios::Texts& texts,
                              const Words& words) {
    std::string run =
        fmt::format("{} {} {}, {} {}", result.replications,
                    result.replications == 1 ? words.replication : words.replications,
                    humanised(result.simulated.in_seconds(), "s"), words.seed, result.seed);
    if (result.warm_up > sim::Duration{}) {
        run += fmt::format(", {} {}", words.without_warm_up,
                           humanised(result.warm_up.in_seconds(), "s"));
    }
    std::string html = "<header>" + element("h1", "", result.scenario);
    if (!texts.description.empty()) html += element("p", "", texts.description);
    if (!texts.question.empty()) {
        html += "<p>" + element("strong", "", texts.question) + "</p>";
    }
    if (!texts.look_at.empty()) html += element("p", "", texts.look_at);
    if (!result.guide.empty()) html += element("p", "class=\"soft\"", result.guide);
    html += element("p", "class=\"soft\"", run);
    if (result.status != scenarios::Status::complete) {
        html += element(
            "p", "class=\"banner undecided\"",
            fmt::format("{}: {}", words.partial, why_partial(result.status, result.status_reason)));
    }
    return html + "</header>\n";
}

}  // namespace

std::string write_html(const scenarios::Result& result, const Style& style) {
    const Words& words = words_of(style.language);
    std::string html = page_head(result.scenario + " - archsim", words) +
                       introduction_html(result, texts_in(result, style.language), words);
    html += "<main>\n" + verdicts_html(result, words) + topology_html(result, words) +
            load_html(result, words) + distributions_html(result, words) +
            series_html(result, words) + stations_html(result, words);
    for (const scenarios::Section& section : result.sections) {
        if (section.is_for_drawing || section.name == "bottleneck") continue;
        html += section_html(section, words);
        if (section.name == "cap") html += witness_html(result, words);
        if (section.name == "tail") html += tail_html(result);
    }
    html += theory_html(result, words) + closing_html(result, words) + "</main>\n";
    html += page_end(fmt::format("archsim, fingerprint {:016x}", result.fingerprint));
    return html;
}

}  // namespace archsim::reports

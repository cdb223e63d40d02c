// archsim optimize: the cheapest design that meets what the scenario expects.
#include "scenarios/optimize.hpp"

#include "reports/html/experiment_pages.hpp"
#include "reports/search.hpp"
#include "tools/input.hpp"
#include "tools/progress.hpp"
#include "tools/searching.hpp"
#include "tools/terminal.hpp"

#include <fmt/format.h>

#include <utility>

namespace archsim::tools {

namespace {

using Kind = OptionSpec::Kind;

/// Designs that are tried without being asked for a sample.
constexpr std::int64_t designs_most = 10'000;

std::vector<OptionSpec> options() {
    std::vector<OptionSpec> all = {
        {Kind::argument, "file", "FILE", "Scenario with what is expected."}};
    for (const OptionSpec& option : scenario_options()) all.push_back(option);
    const std::vector<OptionSpec> own = {
        {Kind::values, "--choices", "POINTER=VALUES",
         "What may be chosen: 1..8 or a,b,c; several options make a grid."},
        {Kind::value, "--design", "DESIGN", "grid, or latin:N for a sample of N designs."},
        {Kind::values, "--minimise", "[FACTOR*]NAME",
         "What a design costs: a metric or the pointer of a number, summed over several options; "
         "cost/per_month without it."},
        {Kind::flag, "--all", "", "Show every design, not only the front."},
        {Kind::value, "--html", "FILE", "A page with the Pareto front as charts."},
        {Kind::value, "--lang", "LANGUAGE", "Of the headings in --html: en or pt."},
    };
    all.insert(all.end(), own.begin(), own.end());
    for (const OptionSpec& option : search_options()) all.push_back(option);
    return all;
}

std::optional<std::vector<scenarios::CostTerm>> cost_of(const Arguments& arguments) {
    std::vector<scenarios::CostTerm> terms;
    for (const std::string& text : arguments.texts("minimise")) {
        auto parsed = scenarios::parse_cost_term(text);
        if (const auto* const problem = std::get_if<std::string>(&parsed)) {
            complain("error: --minimise: " + *problem);
            return std::nullopt;
        }
        terms.push_back(std::get<scenarios::CostTerm>(std::move(parsed)));
    }
    if (terms.empty()) terms.push_back({1.0, "cost/per_month"});
    return terms;
}

std::optional<scenarios::VariantSpace> choices_of(const Arguments& arguments) {
    auto choices = variations_in(arguments, "choices");
    if (!choices) return std::nullopt;
    const auto design = scenarios::parse_design(arguments.text("design").value_or("grid"));
    if (const auto* const problem = std::get_if<std::string>(&design)) {
        complain("error: --design: " + *problem);
        return std::nullopt;
    }
    if (choices->empty()) {
        complain("error: nothing to choose\nhint: --choices nodes/web/instances=1..8");
        return std::nullopt;
    }
    scenarios::VariantSpace space{*std::move(choices), std::get<std::int64_t>(design)};
    if (space.size() > designs_most) {
        complain(fmt::format("error: more than {} designs\nhint: fewer values, or --design latin:N",
                             designs_most));
        return std::nullopt;
    }
    return space;
}

Exit run(const Arguments& arguments) {
    auto style = style_of(arguments.text("color").value_or("auto"));
    const auto language = language_of(arguments);
    auto trial = trial_options(arguments);
    auto cost = cost_of(arguments);
    auto choices = choices_of(arguments);
    if (!style || !language || !trial || !cost || !choices) return Exit::bad_input;
    style->language = *language;
    auto input = settled_input(arguments);
    if (!input) return Exit::bad_input;
    const models::Value* const expect = input->document.find("expect");
    if (expect == nullptr || expect->items().empty()) {
        complain("error: the scenario expects nothing, so every design would do");
        return Exit::bad_input;
    }
    scenarios::OptimizeResult result;
    {
        ProgressBar bar{arguments.has("quiet"), {}};
        trial->run.progress = bar.state();
        result = scenarios::optimize({std::move(input->document), input->folder,
                                      *std::move(choices), *std::move(cost), *trial});
    }
    const auto path = arguments.text("json");
    if (path) {
        const Exit written = write_output(*path, reports::write_optimum_json(result));
        if (written != Exit::ok) return written;
    }
    if (const auto page = arguments.text("html")) {
        const std::string title = "optimize " + *arguments.text("file");
        const Exit written = write_output(*page, write_optimum_html(result, title, *style));
        if (written != Exit::ok) return written;
    }
    if (!arguments.has("quiet") && path != "-")
        say(reports::write_optimum(result, *style, arguments.has("all")));
    if (result.status == scenarios::Status::interrupted) return interrupt_exit();
    if (result.status == scenarios::Status::limit) return Exit::limit;
    return result.best ? Exit::ok : Exit::failed;
}

}  // namespace

extern const Command optimize_command;
const Command optimize_command = {
    "optimize", "Find the cheapest design that meets every expectation.",
    "  archsim optimize my.json --choices nodes/web/instances=1..8 --minimise "
    "nodes/web/instances\n"
    "  archsim optimize my.json --choices nodes/web/instances=1..8 --choices "
    "nodes/cache/capacity=100,1000 --minimise \"40*nodes/web/instances\" --minimise "
    "\"0.02*nodes/cache/capacity\"\n"
    "Exit code 1: no design meets every expectation.\n",
    options, run};

}  // namespace archsim::tools

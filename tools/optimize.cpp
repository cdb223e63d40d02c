// archsim optimize: the cheapest design that meets what the scenario expects.
#include "scenarios/optimize.hpp"

#include "reports/html/experiment_pages.hpp"
#include "reports/search.hpp"
#include "scenarios/run.hpp"
#include "tools/input.hpp"
#include "tools/progress.hpp"
#include "tools/reporting.hpp"
#include "tools/searching.hpp"
#include "tools/terminal.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>
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
        {Kind::value, "--lang", "LANGUAGE", "Of the headings in --html: en or pt.", "en pt"},
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

/// Whether every term of the cost is a number of the first design or a metric of its run; else
/// complains. A first design that is none is left to the search, which says so.
bool knows_costs(const scenarios::OptimizeQuestion& question) {
    const auto design = scenarios::design_of(question, 0);
    if (!design) return true;
    for (const scenarios::CostTerm& term : question.cost) {
        const models::Value* const number = design->document.at("/" + term.name);
        if (number != nullptr && number->is_number()) continue;
        if (scenarios::is_of_instance(term.name)) continue;
        if (term.name == "cost/per_month" && !scenarios::has_metric(design->scenario, term.name)) {
            complain("error: no node has a \"price\", so designs have no cost");
            complain("hint: --minimise names another cost, such as nodes/web/instances");
            return false;
        }
        if (!knows_metric(design->scenario, term.name, "--minimise")) {
            complain("hint: the pointer of a number in the scenario will do as well");
            return false;
        }
    }
    return true;
}

Exit show(const Arguments& arguments, const scenarios::OptimizeResult& result,
          const reports::Style& style) {
    const auto path = arguments.text("json");
    const auto page = arguments.text("html");
    if (path) {
        const Exit written = write_output(*path, reports::write_optimum_json(result));
        if (written != Exit::ok) return written;
    }
    if (page) {
        const std::string title = "optimize " + *arguments.text("file");
        const Exit written = write_output(*page, write_optimum_html(result, title, style));
        if (written != Exit::ok) return written;
    }
    if (!arguments.has("quiet") && path != "-" && page != "-")
        say(reports::write_optimum(result, style, arguments.has("all")));
    return Exit::ok;
}

Exit run(const Arguments& arguments) {
    auto style = style_of(arguments.text("color").value_or("auto"));
    const auto language = language_of(arguments);
    auto trial = trial_options(arguments);
    auto cost = cost_of(arguments);
    auto choices = choices_of(arguments);
    if (!style || !language || !trial || !cost || !choices) return Exit::bad_input;
    constexpr std::array<std::string_view, 2> outputs = {"json", "html"};
    if (!leaves_one_stdout(arguments, outputs)) return Exit::bad_input;
    style->language = *language;
    auto input = settled_input(arguments);
    if (!input) return Exit::bad_input;
    const models::Value* const expect = input->document.find("expect");
    if (expect == nullptr || expect->items().empty()) {
        complain("error: the scenario expects nothing, so every design would do");
        return Exit::bad_input;
    }
    scenarios::OptimizeQuestion question{std::move(input->document), input->folder,
                                         *std::move(choices), *std::move(cost), *trial};
    if (!knows_costs(question)) return Exit::bad_input;
    scenarios::OptimizeResult result;
    {
        ProgressBar bar{arguments.has("quiet"), {}};
        question.trial.run.progress = bar.state();
        result = scenarios::optimize(question);
    }
    const Exit shown = show(arguments, result, *style);
    if (shown != Exit::ok) return shown;
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

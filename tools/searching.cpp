// Shared parts of capacity, optimize and tornado, and the tornado itself.
#include "tools/searching.hpp"

#include "reports/search.hpp"
#include "scenarios/load.hpp"
#include "sim/units_text.hpp"
#include "tools/input.hpp"
#include "tools/progress.hpp"
#include "tools/terminal.hpp"

#include <algorithm>
#include <thread>
#include <utility>

namespace archsim::tools {

std::vector<OptionSpec> search_options() {
    using Kind = OptionSpec::Kind;
    return {
        {Kind::value, "--first", "N", "Replications at the first look at a design; 4 without it."},
        {Kind::value, "--max-replications", "N",
         "Where a trial stops and goes by the values; 64 without it."},
        {Kind::value, "--jobs", "N", "Threads; without it one for each core."},
        {Kind::value, "--max-events", "N", "Stop a replication after this many events."},
        {Kind::value, "--json", "FILE", "The answer and everything tried, for programs."},
        {Kind::flag, "-q,--quiet", "", "No table and no progress."},
        {Kind::value, "--color", "WHEN", "auto, always or never.", "auto always never"},
    };
}

std::optional<scenarios::TrialOptions> trial_options(const Arguments& arguments) {
    const auto cores = static_cast<std::int64_t>(std::max(1u, std::thread::hardware_concurrency()));
    const auto jobs = whole_number(arguments, "jobs", 1, 1024, cores);
    const auto first = whole_number(arguments, "first", 2, 100'000, 4);
    const auto most = whole_number(arguments, "max-replications", 2, 100'000, 64);
    const auto events = whole_number(arguments, "max-events", 1, INT64_MAX, INT64_C(1) << 40);
    if (!jobs || !first || !most || !events) return std::nullopt;
    scenarios::TrialOptions made;
    made.run.jobs = static_cast<unsigned>(*jobs);
    made.run.max_events = static_cast<std::uint64_t>(*events);
    made.run.interrupt = &interrupt_flag();
    made.first = std::min(*first, *most);
    made.most = *most;
    return made;
}

std::optional<SettledInput> settled_input(const Arguments& arguments) {
    const std::string file = *arguments.text("file");
    const auto settings = settings_of(arguments);
    if (!settings) return std::nullopt;
    SettledInput input;
    models::Diagnostics diagnostics;
    auto document = scenarios::load_settled(file, *settings, input.sources, diagnostics);
    bool good = document.has_value();
    if (good) {
        input.folder = scenarios::folder_of(file);
        good = scenarios::read_scenario(*document, input.folder, input.sources, diagnostics)
                   .has_value();
    }
    if (const std::string text = diagnostics.format(input.sources); !text.empty()) complain(text);
    if (!good) return std::nullopt;
    input.document = *std::move(document);
    return input;
}

std::optional<std::vector<scenarios::Variation>> variations_in(const Arguments& arguments,
                                                               std::string_view option) {
    std::vector<scenarios::Variation> variations;
    for (const std::string& text : arguments.texts(option)) {
        auto parsed = scenarios::parse_variation(text);
        if (const auto* const problem = std::get_if<std::string>(&parsed)) {
            complain("error: --" + std::string{option} + ": " + *problem);
            return std::nullopt;
        }
        variations.push_back(std::get<scenarios::Variation>(std::move(parsed)));
    }
    return variations;
}

Exit run_tornado(const Arguments& arguments) {
    const auto style = style_of(arguments.text("color").value_or("auto"));
    const auto options = trial_options(arguments);
    auto variations = variations_in(arguments, "vary");
    const std::string swing_text = arguments.text("swing").value_or("10%");
    const auto swing = sim::parse_quantity<sim::Probability>(swing_text);
    if (!style || !options || !variations) return Exit::bad_input;
    if (!swing || (*swing).value() <= 0.0 || (*swing).value() >= 1.0) {
        complain("error: --swing is a percentage between 0% and 100%, not '" +
                 reports::printable(swing_text) + "'");
        return Exit::bad_input;
    }
    auto input = settled_input(arguments);
    if (!input) return Exit::bad_input;
    const std::string metric = *arguments.text("tornado");
    models::Diagnostics known;  // settled_input() has shown them.
    const auto scenario =
        scenarios::read_scenario(input->document, input->folder, input->sources, known);
    if (!scenario || !knows_metric(*scenario, metric, "--tornado")) return Exit::bad_input;
    if (variations->empty())
        *variations = scenarios::parameters_of(input->document, (*swing).value());
    scenarios::Sensitivity result;
    {
        const auto runs = static_cast<std::int64_t>(1 + 2 * variations->size());
        ProgressBar bar{arguments.has("quiet"),
                        scenario->duration * (scenario->replications * runs)};
        scenarios::RunOptions run = options->run;
        run.progress = bar.state();
        result =
            scenarios::find_sensitivity(input->document, input->folder, metric, *variations, run);
    }
    const auto path = arguments.text("json");
    if (path) {
        const Exit written = write_output(*path, reports::write_sensitivity_json(result));
        if (written != Exit::ok) return written;
    }
    if (!arguments.has("quiet") && path != "-") say(reports::write_sensitivity(result, *style));
    if (result.status == scenarios::Status::interrupted) return interrupt_exit();
    if (result.status == scenarios::Status::limit) return Exit::limit;
    return result.base ? Exit::ok : Exit::failed;
}

}  // namespace archsim::tools

// archsim sweep: one scenario with some of its parameters varied, as units of work that can be
// interrupted, resumed and spread over machines.
#include "tools/sweep.hpp"

#include "reports/atomic_file.hpp"
#include "reports/html/experiment_pages.hpp"
#include "reports/scalability.hpp"
#include "reports/sweep.hpp"
#include "scenarios/load.hpp"
#include "scenarios/run.hpp"
#include "tools/input.hpp"
#include "tools/progress.hpp"
#include "tools/reporting.hpp"
#include "tools/searching.hpp"
#include "tools/terminal.hpp"
#include "tools/version.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <thread>
#include <utility>

namespace archsim::tools {

namespace {

using Kind = OptionSpec::Kind;
using scenarios::Status;

std::vector<OptionSpec> options() {
    std::vector<OptionSpec> all = sweep_options();
    const std::vector<OptionSpec> own = {
        {Kind::value, "--tornado", "METRIC",
         "Instead: which parameter moves this metric most, one at a time under the same random "
         "numbers; without --vary every number and quantity of the nodes."},
        {Kind::value, "--swing", "PERCENT",
         "How far --tornado moves each of them; 10% without it."},
    };
    all.insert(all.end(), own.begin(), own.end());
    for (const OptionSpec& option : sweep_output_options()) all.push_back(option);
    return all;
}

std::optional<scenarios::VariantSpace> space_of(const Arguments& arguments) {
    auto variations = variations_in(arguments, "vary");
    if (!variations) return std::nullopt;
    if (variations->empty()) {
        complain("error: nothing to vary\nhint: --vary nodes/web/instances=1..8");
        return std::nullopt;
    }
    const auto design = scenarios::parse_design(arguments.text("design").value_or("grid"));
    if (const auto* const problem = std::get_if<std::string>(&design)) {
        complain("error: --design: " + *problem);
        return std::nullopt;
    }
    return scenarios::VariantSpace{*std::move(variations), std::get<std::int64_t>(design)};
}

Exit exit_for(const scenarios::JournalError& error) {
    complain((error.is_io ? "archsim: " : "error: ") + error.message);
    return error.is_io ? Exit::io : Exit::bad_input;
}

/// Whether nothing is asked of a share that only the whole has; else complains.
bool fits_shard(const Arguments& arguments, scenarios::Shard shard) {
    if (shard.count == 1) return true;
    for (const char* const option : {"csv", "html", "json", "metric", "usl"}) {
        if (!arguments.has(option)) continue;
        complain("error: --" + std::string{option} + ": a shard has no result of its own");
        complain("hint: archsim merge puts the journals together and takes --" +
                 std::string{option});
        return false;
    }
    return true;
}

Exit list_units(const scenarios::Plan& plan, scenarios::Shard shard) {
    say(fmt::format("plan_hash {}\nvariants {}\nreplications {}\nunits {}\n", plan.hash(),
                    plan.variants(), plan.replications(), plan.units()));
    for (std::int64_t i = shard.index; i < plan.units(); i += shard.count) {
        const scenarios::UnitId unit = plan.unit(i);
        std::string line =
            fmt::format("{} {} {}", i, plan.variant_id(unit.variant), unit.replication);
        for (const std::string& setting : plan.settings(unit.variant))
            line += " " + reports::printable(setting);
        say(line + "\n");
    }
    return Exit::ok;
}

/// Opens the journal that the command line names, or one without a name.
std::variant<scenarios::Journal, scenarios::JournalError> journal_of(const Arguments& arguments,
                                                                     const scenarios::Plan& plan) {
    const std::string header =
        models::Value::object(
            {{"plan_hash", models::Value::string(plan.hash())}, {"plan", plan.to_value()}})
            .to_json();
    const auto path = arguments.text("journal");
    if (!path) return scenarios::Journal::temporary(header);
    return scenarios::Journal::open(*path,
                                    arguments.has("resume") ? scenarios::Journal::Mode::resume
                                                            : scenarios::Journal::Mode::create,
                                    header);
}

/// What is left to say after the units of a share have run.
Exit end_of_shard(const scenarios::Plan& plan, const scenarios::UnitStore& store,
                  scenarios::Shard shard, Status status) {
    if (store.failed() > 0)
        complain(
            fmt::format("archsim: {} units failed; --resume tries them again", store.failed()));
    if (status == Status::interrupted) return interrupt_exit();
    if (store.limited() > 0)
        complain(fmt::format("archsim: {} units reached the limit on events", store.limited()));
    say(fmt::format("plan {}: shard {}/{} is complete; archsim merge puts the journals together\n",
                    plan.hash(), shard.index + 1, shard.count));
    return status == Status::limit ? Exit::limit : Exit::ok;
}

sim::Duration work_of(const scenarios::Plan& plan, std::size_t units) {
    const auto scenario = plan.scenario(0);
    if (!std::holds_alternative<scenarios::Scenario>(scenario)) return {};
    return std::get<scenarios::Scenario>(scenario).duration * static_cast<std::int64_t>(units);
}

/// What goes into files: the option that names one, and who writes it.
struct Form {
    std::string_view option;
    bool (*write)(const reports::Sweep&, const reports::Style&, const reports::Write&);
};
constexpr Form forms[] = {{"json", reports::write_sweep_json},
                          {"csv", reports::write_sweep_csv},
                          {"html", reports::write_sweep_html}};

/// Whether what --usl asks for can be had from the plan; else complains.
bool can_fit(const Arguments& arguments, const scenarios::Plan& plan) {
    if (!arguments.has("usl")) return true;
    const std::string problem = reports::scalability_problem(plan);
    if (problem.empty()) return true;
    complain("error: --usl: " + problem + "\nhint: --vary nodes/web/servers=1..16");
    return false;
}

/// Whether nothing was asked for that the tornado would leave undone, or that only it does; else
/// complains.
bool fits_tornado(const Arguments& arguments) {
    if (!arguments.has("tornado")) {
        if (!arguments.has("swing")) return true;
        complain("error: --swing says how far --tornado moves a parameter, and there is none");
        return false;
    }
    for (const char* const option : {"csv", "design", "dry-run", "html", "journal", "lang",
                                     "metric", "resume", "shard", "usl"}) {
        if (!arguments.has(option)) continue;
        complain("error: --" + std::string{option} +
                 " is for a sweep, and --tornado makes another answer");
        complain("hint: leave one of the two out; --json holds the whole tornado");
        return false;
    }
    if (!arguments.has("vary") || !arguments.has("swing")) return true;
    complain("error: --vary names the values that --tornado goes to, so --swing moves nothing");
    complain("hint: leave one of the two out");
    return false;
}

/// Whether every metric that an option names is one of some variant; else complains. Instances that
/// are added while a run goes on are known by then only.
bool knows_metrics_of(const Arguments& arguments, const char* option, const scenarios::Plan& plan) {
    constexpr std::int64_t most = 1000;  // variants that are asked
    for (const std::string& metric : arguments.texts(option)) {
        bool is_known = scenarios::is_of_instance(metric);
        for (std::int64_t i = 0; !is_known && i < std::min(plan.variants(), most); ++i) {
            const auto scenario = plan.scenario(i);
            const auto* const found = std::get_if<scenarios::Scenario>(&scenario);
            is_known = found != nullptr && scenarios::has_metric(*found, metric);
        }
        if (is_known) continue;
        const auto scenario = plan.scenario(0);
        if (const auto* const first = std::get_if<scenarios::Scenario>(&scenario)) {
            return knows_metric(*first, metric, "--" + std::string{option});
        }
    }
    return true;
}

/// Whether what is to be shown can be shown; else complains.
bool can_show(const Arguments& arguments, const scenarios::Plan& plan) {
    constexpr std::array<std::string_view, 3> outputs = {"json", "csv", "html"};
    return can_fit(arguments, plan) && knows_metrics_of(arguments, "metric", plan) &&
           knows_metrics_of(arguments, "usl", plan) && leaves_one_stdout(arguments, outputs);
}

/// How whole the units of a plan are.
Status status_of(const scenarios::UnitStore& store) {
    return store.failed() + store.limited() > 0 ? Status::limit : Status::complete;
}

Exit exit_of(Status status) {
    if (status == Status::interrupted) return interrupt_exit();
    return status == Status::limit ? Exit::limit : Exit::ok;
}

Exit run(const Arguments& arguments) {
    if (!fits_tornado(arguments)) return Exit::bad_input;
    if (arguments.has("tornado")) return run_tornado(arguments);
    const auto plan = plan_of(arguments);
    if (const auto* const exit = std::get_if<Exit>(&plan)) return *exit;
    return run_sweep(arguments, std::get<scenarios::Plan>(plan), scenarios::run_units);
}

}  // namespace

std::vector<OptionSpec> sweep_options() {
    std::vector<OptionSpec> all = {{Kind::argument, "file", "FILE", "Scenario to vary."}};
    for (const OptionSpec& option : scenario_options()) all.push_back(option);
    const std::vector<OptionSpec> own = {
        {Kind::values, "--vary", "POINTER=VALUES",
         "Values of a parameter: 1..8, 2..16:2 or a,b,c; several options make a grid."},
        {Kind::value, "--design", "DESIGN", "grid, or latin:N for a sample of N variants."},
        {Kind::flag, "--dry-run", "", "List the units and the plan's hash; run nothing."},
        {Kind::value, "--journal", "FILE", "Keep finished units here."},
        {Kind::flag, "--resume", "", "Go on with the journal after an interruption."},
        {Kind::value, "--shard", "I/N",
         "Run the I-th of N shares of the units; auto asks the job array around this process."},
        {Kind::value, "--jobs", "N", "Threads; without it one for each core."},
        {Kind::value, "--max-events", "N", "Stop a replication after this many events."},
    };
    all.insert(all.end(), own.begin(), own.end());
    return all;
}

std::vector<OptionSpec> sweep_output_options() {
    return {
        {Kind::values, "--metric", "METRIC", "A column of the table; may be repeated."},
        {Kind::value, "--usl", "METRIC",
         "Fit the universal scalability law to this metric over the one count that varies, and "
         "print its coefficients and the knee."},
        {Kind::value, "--json", "FILE", "All metrics of all variants (archsim.sweep/1)."},
        {Kind::value, "--csv", "FILE", "One line for each variant and metric."},
        {Kind::value, "--html", "FILE", "A page with a chart for each metric."},
        {Kind::value, "--lang", "LANGUAGE", "Of the headings in --html: en or pt.", "en pt"},
        {Kind::flag, "-q,--quiet", "", "No table and no progress."},
        {Kind::value, "--color", "WHEN", "auto, always or never.", "auto always never"},
    };
}

std::variant<scenarios::Plan, Exit> plan_of(const Arguments& arguments) {
    constexpr std::int64_t many = INT64_MAX;
    auto space = space_of(arguments);
    const auto events = whole_number(arguments, "max-events", 1, many, INT64_C(1) << 40);
    if (!space || !events) return Exit::bad_input;
    if (arguments.has("resume") && !arguments.has("journal")) {
        complain("error: --resume needs the --journal to go on with");
        return Exit::bad_input;
    }
    const std::string file = *arguments.text("file");
    const auto settings = settings_of(arguments);
    if (!settings) return Exit::bad_input;
    models::Sources sources;
    models::Diagnostics diagnostics;
    auto document = scenarios::load_settled(file, *settings, sources, diagnostics);
    if (const std::string text = diagnostics.format(sources); !text.empty()) complain(text);
    if (!document) return Exit::bad_input;
    auto plan =
        scenarios::Plan::make({*std::move(document), scenarios::folder_of(file), *std::move(space),
                               static_cast<std::uint64_t>(*events), std::string{version_text}},
                              sources);
    if (const auto* const problem = std::get_if<std::string>(&plan)) {
        complain(*problem);
        return Exit::bad_input;
    }
    return std::get<scenarios::Plan>(std::move(plan));
}

Exit run_sweep(const Arguments& arguments, const scenarios::Plan& plan,
               const scenarios::UnitRunner& runner) {
    const auto cores = static_cast<std::int64_t>(std::max(1u, std::thread::hardware_concurrency()));
    const auto jobs = whole_number(arguments, "jobs", 1, 1024, cores);
    const auto shard = arguments.has("shard") ? shard_of(*arguments.text("shard"))
                                              : std::optional<scenarios::Shard>{scenarios::Shard{}};
    if (!jobs || !shard || !fits_shard(arguments, *shard)) return Exit::bad_input;
    if (!language_of(arguments)) return Exit::bad_input;
    if (!can_show(arguments, plan)) return Exit::bad_input;
    if (arguments.has("dry-run")) return list_units(plan, *shard);
    if (shard->count > 1 && !arguments.has("journal")) {
        complain("error: a shard needs a --journal, for archsim merge");
        return Exit::bad_input;
    }
    auto journal = journal_of(arguments, plan);
    if (auto* const error = std::get_if<scenarios::JournalError>(&journal)) return exit_for(*error);
    scenarios::UnitStore store{plan};
    if (auto error = store.add(std::get<scenarios::Journal>(std::move(journal))))
        return exit_for(*error);
    const std::vector<scenarios::UnitId> pending = store.missing(*shard);
    scenarios::UnitsEnd end{};
    std::optional<scenarios::JournalError> failure;
    {
        ProgressBar bar{arguments.has("quiet"), work_of(plan, pending.size())};
        const scenarios::RunOptions options{.jobs = static_cast<unsigned>(*jobs),
                                            .interrupt = &interrupt_flag(),
                                            .progress = bar.state()};
        end = runner(plan, pending, options, [&](scenarios::UnitId, const std::string& json) {
            failure = store.append(json);
            return !failure.has_value();
        });
    }
    if (failure) return exit_for(*failure);
    const bool is_cut = end == scenarios::UnitsEnd::interrupted;
    if (shard->count > 1)
        return end_of_shard(plan, store, *shard, is_cut ? Status::interrupted : status_of(store));
    return show_sweep(arguments, plan, store, is_cut);
}

Exit show_sweep(const Arguments& arguments, const scenarios::Plan& plan,
                const scenarios::UnitStore& store, bool is_interrupted) {
    auto style = style_of(arguments.text("color").value_or("auto"));
    const auto language = language_of(arguments);
    if (!style || !language || !can_show(arguments, plan)) return Exit::bad_input;
    style->language = *language;
    const Status status = is_interrupted ? Status::interrupted : status_of(store);
    std::optional<scenarios::JournalError> failure;
    reports::Sweep sweep{
        plan,
        [&](std::int64_t variant) -> std::optional<scenarios::Result> {
            auto result = store.result(variant);
            if (auto* const error = std::get_if<scenarios::JournalError>(&result)) {
                failure = *error;
                return std::nullopt;
            }
            return std::get<scenarios::Result>(std::move(result));
        },
        status, arguments.texts("metric"), arguments.text("usl")};
    const reports::Write to_stdout = [](std::string_view piece) {
        say(piece);
        return true;
    };
    bool stdout_is_taken = false;
    for (const Form& form : forms) {
        const auto path = arguments.text(form.option);
        if (!path) continue;
        std::optional<reports::FileError> error;
        if (*path == "-") {
            stdout_is_taken = true;
            (void)form.write(sweep, *style, to_stdout);
        } else {
            error = reports::write_file_in_pieces(*path, [&](const reports::WritePiece& write) {
                return form.write(sweep, *style, write);
            });
        }
        if (failure) return exit_for(*failure);
        if (error) {
            complain("archsim: " + error->message());
            return Exit::io;
        }
    }
    if (!stdout_is_taken && !arguments.has("quiet"))
        (void)reports::write_sweep_table(sweep, *style, to_stdout);
    return failure ? exit_for(*failure) : exit_of(status);
}

extern const Command sweep_command;
const Command sweep_command = {
    "sweep", "Run variants of a scenario and show them side by side.",
    "  archsim sweep my.json --vary nodes/web/instances=1..8\n"
    "  archsim sweep my.json --vary nodes/users/arrivals=50/s,100/s --vary "
    "nodes/lb/policy=random,round_robin\n"
    "  archsim sweep my.json --vary nodes/web/instances=1..64 --design latin:20 --csv all.csv\n"
    "  archsim sweep my.json --vary nodes/web/instances=1..8 --journal j --resume\n"
    "  archsim sweep my.json --vary nodes/web/instances=1..8 --shard 2/4 --journal part.2\n"
    "  archsim sweep my.json --tornado users/latency/p99\n"
    "  archsim sweep my.json --vary nodes/web/servers=1..32 --usl users/throughput\n"
    "A sweep explores: its exit code does not depend on what variants make of `expect`.\n",
    options, run};

}  // namespace archsim::tools

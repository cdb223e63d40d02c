// archsim guide: runs the scenarios of the guide and writes the page that maps its sections to
// scenarios, commands and observed results, or checks that the page is current.
#include "reports/guide_page.hpp"
#include "reports/text.hpp"
#include "scenarios/expect.hpp"
#include "scenarios/experiment.hpp"
#include "tools/input.hpp"
#include "tools/progress.hpp"
#include "tools/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

namespace archsim::tools {

namespace {

using Kind = OptionSpec::Kind;
namespace files = std::filesystem;

std::vector<OptionSpec> options() {
    return {
        {Kind::arguments, "paths", "PATH...", "Scenario files, or folders of them."},
        {Kind::value, "--write", "FILE", "Write the page to this file; - is standard output."},
        {Kind::value, "--check", "FILE", "Exit 1 unless the entries in this file are current."},
        {Kind::value, "--jobs", "N", "Threads; without it one for each core."},
    };
}

/// The .json files given or in the folders given, in the order of their names.
std::optional<std::vector<std::string>> scenario_files(const std::vector<std::string>& paths) {
    std::vector<std::string> found;
    for (const std::string& path : paths) {
        std::error_code error;
        if (!files::is_directory(path, error)) {
            found.push_back(path);
            continue;
        }
        for (files::directory_iterator entry{path, error};
             !error && entry != files::directory_iterator{}; entry.increment(error)) {
            if (entry->path().extension() == ".json") found.push_back(entry->path().string());
        }
        if (error) {
            complain("archsim: cannot read " + path + ": " + error.message());
            return std::nullopt;
        }
    }
    std::ranges::sort(found);
    return found;
}

/// Says that the page has no entry, or where the page and the entry part: the first line of the
/// entry that is not in the page below its heading.
void complain_about(const std::string& page, const std::string& entry, const std::string& path) {
    const std::string heading = entry.substr(0, entry.find('\n') + 1);
    const std::size_t start = page.find(heading);
    if (start == std::string::npos) {
        complain("archsim: the page has no entry for " + path);
        return;
    }
    std::size_t same = 0;
    while (same < entry.size() && start + same < page.size() && page[start + same] == entry[same]) {
        ++same;
    }
    same = entry.rfind('\n', same == 0 ? 0 : same - 1) + 1;
    complain(fmt::format("archsim: the page is not current for {}; it should say here: {}", path,
                         reports::printable(entry.substr(same, entry.find('\n', same) - same))));
}

/// Compares the page in `path` with the entries. True if it has them all.
std::optional<bool> is_current(const std::string& path,
                               const std::vector<reports::GuideEntry>& entries) {
    std::ifstream file{path, std::ios::binary};
    if (!file) {
        complain("archsim: cannot read " + path);
        return std::nullopt;
    }
    const std::string page{std::istreambuf_iterator<char>{file}, {}};
    bool current = true;
    for (const reports::GuideEntry& entry : entries) {
        const std::string text = write_guide_entry(entry);
        if (page.find(text) != std::string::npos) continue;
        complain_about(page, text, entry.path);
        current = false;
    }
    return current;
}

/// Runs one scenario; nothing and an exit code where that failed.
std::optional<reports::GuideEntry> entry_of(const std::string& path, const Arguments& arguments,
                                            const scenarios::ExperimentOptions& experiment,
                                            Exit& exit) {
    const Input input = load_input(path, arguments);
    if (!input.scenario) {
        exit = input.exit;
        return std::nullopt;
    }
    reports::GuideEntry entry{path, scenarios::run_experiment(*input.scenario, experiment)};
    for (const scenarios::ExpectResult& expect : entry.result.expect) {
        if (expect.verdict == scenarios::Verdict::pass) continue;
        complain(fmt::format("archsim: {}: {}: {}", path, reports::printable(expect.expr),
                             name_of(expect.verdict)));
        exit = Exit::failed;
    }
    for (const std::string& warning : entry.result.warnings) {
        if (!warning.starts_with("a text of the scenario")) continue;
        complain("archsim: " + path + ": " + reports::printable(warning));
        exit = Exit::failed;
    }
    return entry;
}

Exit run(const Arguments& arguments) {
    const auto cores = static_cast<std::int64_t>(std::max(1u, std::thread::hardware_concurrency()));
    const auto jobs = whole_number(arguments, "jobs", 1, 1024, cores);
    const auto paths = scenario_files(arguments.texts("paths"));
    if (!jobs) return Exit::bad_input;
    if (!paths) return Exit::io;
    scenarios::ExperimentOptions experiment;
    experiment.run.jobs = static_cast<unsigned>(*jobs);
    experiment.run.interrupt = &interrupt_flag();
    std::vector<reports::GuideEntry> entries;
    Exit exit = Exit::ok;
    for (const std::string& path : *paths) {
        auto entry = entry_of(path, arguments, experiment, exit);
        if (interrupt_flag()) return interrupt_exit();
        if (!entry) return exit;
        entries.push_back(std::move(*entry));
    }
    if (const auto page = arguments.text("check")) {
        const std::optional<bool> current = is_current(*page, entries);
        if (!current) return Exit::io;
        if (!*current) {
            const std::string folder = files::path{*page}.parent_path().string();
            complain("hint: archsim guide " + folder + " --write " + *page);
            exit = Exit::failed;
        }
    }
    const auto target = arguments.text("write");
    if (target || !arguments.has("check")) {
        const Exit written = write_output(target.value_or("-"), write_guide_page(entries));
        if (written != Exit::ok) return written;
    }
    return exit;
}

}  // namespace

extern const Command guide_command;
const Command guide_command = {
    "guide", "Run the scenarios of the guide, and write or check the page about them.",
    "  archsim guide scenarios/guide --write scenarios/guide/README.md\n"
    "  archsim guide scenarios/guide/02_stampede.json --check scenarios/guide/README.md\n"
    "  archsim guide scenarios/twitter --write scenarios/twitter/RESULTS.md\n",
    options, run};

}  // namespace archsim::tools

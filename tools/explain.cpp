// archsim explain: what a kind, policy, distribution, fault, metric or error code is.
#include "models/catalog.hpp"
#include "models/diagnostic_codes.hpp"
#include "models/fault/fault.hpp"
#include "models/suggest.hpp"
#include "reports/text.hpp"
#include "scenarios/scenario.hpp"
#include "tools/terminal.hpp"

#include <algorithm>

namespace archsim::tools {

namespace {

using Kind = OptionSpec::Kind;
using models::SpecBase;

std::vector<OptionSpec> options() {
    return {{Kind::optional_argument, "what", "WHAT",
             "A kind, policy, distribution, fault, metric or error code; all of them without it."}};
}

/// Everything that declares itself, with the heading it stands under.
struct Entry {
    std::string_view heading;
    const SpecBase* spec;
};

std::vector<Entry> all_entries() {
    std::vector<Entry> entries;
    for (const auto* kind : models::node_kinds()) entries.push_back({"Nodes", &kind->spec()});
    for (const auto* kind : models::fault_kinds()) entries.push_back({"Faults", &kind->spec()});
    models::SchemaBuilder builder;
    for (const Entry& entry : std::vector<Entry>{entries}) {
        static_cast<void>(builder.reference(*entry.spec, models::SchemaBuilder::As::object));
    }
    for (const SpecBase* spec : builder.mentioned()) {
        const bool listed = std::any_of(entries.begin(), entries.end(),
                                        [spec](const Entry& e) { return e.spec == spec; });
        if (!listed) entries.push_back({"Parameters, policies and distributions", spec});
    }
    entries.push_back({"Files", &scenarios::Scenario::spec()});
    return entries;
}

void list_all(const std::vector<Entry>& entries) {
    std::string_view heading;
    for (const Entry& entry : entries) {
        if (entry.heading != heading) {
            heading = entry.heading;
            say("\n" + std::string(heading) + "\n");
        }
        std::string line = "  " + entry.spec->name();
        line.resize(std::max<std::size_t>(line.size() + 2, 30), ' ');
        say(line + entry.spec->summary() + "\n");
    }
    say("\nError codes\n");
    for (const models::CodeEntry& code : models::code_table) {
        std::string line = "  " + std::string(code.name);
        line.resize(std::max<std::size_t>(line.size() + 2, 30), ' ');
        say(line + std::string(code.explanation) + "\n");
    }
}

/// The metric that a word or the tail of a path names, in every kind that declares it.
bool explain_metric(const std::vector<Entry>& entries, const std::string& what) {
    bool found = false;
    for (const Entry& entry : entries) {
        for (const models::MetricInfo& metric : entry.spec->metrics()) {
            const bool is_named =
                what == metric.name ||
                ("/" + what + "/").find("/" + metric.name + "/") != std::string::npos;
            if (!is_named) continue;
            say(entry.spec->name() + "/" + metric.name + " [" + metric.unit + "]: " + metric.doc +
                "\n");
            found = true;
        }
    }
    return found;
}

Exit run(const Arguments& arguments) {
    const std::vector<Entry> entries = all_entries();
    const auto what = arguments.text("what");
    if (!what) {
        list_all(entries);
        return Exit::ok;
    }
    for (const Entry& entry : entries) {
        if (entry.spec->is_called(*what)) {
            say(entry.spec->explain());
            return Exit::ok;
        }
    }
    if (const auto code = models::code_named(*what)) {
        say(*what + ": " + std::string(models::entry_of(*code).explanation) + "\n");
        return Exit::ok;
    }
    if (explain_metric(entries, *what)) return Exit::ok;
    std::vector<std::string> names;
    for (const Entry& entry : entries) names.push_back(entry.spec->name());
    complain("error: nothing is called '" + reports::printable(*what) + "'");
    if (const auto hint = models::nearest(*what, names))
        complain("hint: did you mean " + *hint + "?");
    return Exit::bad_input;
}

}  // namespace

extern const Command explain_command;
const Command explain_command = {"explain", "Explain a kind, policy, metric or error code.",
                                 "  archsim explain\n"
                                 "  archsim explain load_balancer\n"
                                 "  archsim explain users/latency/p99\n"
                                 "  archsim explain unit_missing\n",
                                 options, run};

}  // namespace archsim::tools

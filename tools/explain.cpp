// archsim explain: what a kind, policy, distribution, fault, metric or error code is.
#include "models/catalog.hpp"
#include "models/diagnostic_codes.hpp"
#include "models/fault/fault.hpp"
#include "models/price.hpp"
#include "models/suggest.hpp"
#include "reports/text.hpp"
#include "scenarios/scenario.hpp"
#include "scenarios/system_metrics.hpp"
#include "tools/terminal.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace archsim::tools {

namespace {

using Kind = OptionSpec::Kind;
using models::SpecBase;

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
    entries.push_back({"Files", &models::PriceConfig::spec()});
    entries.push_back({"Files", &scenarios::HistoryConfig::spec()});
    entries.push_back({"Files", &scenarios::MetastabilityConfig::spec()});
    return entries;
}

std::vector<OptionSpec> options() {
    static const std::string names = [] {
        std::string all;
        for (const Entry& entry : all_entries()) all += entry.spec->name() + " ";
        for (const models::CodeEntry& code : models::code_table) {
            all += std::string{code.name} + " ";
        }
        all.pop_back();
        return all;
    }();
    return {{Kind::optional_argument, "what", "WHAT",
             "A kind, policy, distribution, fault, metric or error code; all of them without it.",
             names}};
}

/// Every metric with the kinds that have it.
std::map<std::string, std::string> metrics_by_name(const std::vector<Entry>& entries) {
    std::map<std::string, std::string> found;
    for (const Entry& entry : entries) {
        for (const models::MetricInfo& metric : entry.spec->metrics()) {
            std::string& kinds = found[metric.name];
            kinds += (kinds.empty() ? "" : ", ") + entry.spec->name();
        }
    }
    for (const scenarios::SystemMetric& metric : scenarios::system_metrics) {
        found[std::string{metric.name}] = "all together";
    }
    return found;
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
    say("\nMetrics\n");
    for (const auto& [name, kinds] : metrics_by_name(entries)) {
        std::string line = "  " + name;
        line.resize(std::max<std::size_t>(line.size() + 2, 30), ' ');
        say(line + kinds + "\n");
    }
    say("\nError codes\n");
    for (const models::CodeEntry& code : models::code_table) {
        std::string line = "  " + std::string(code.name);
        line.resize(std::max<std::size_t>(line.size() + 2, 30), ' ');
        say(line + std::string(code.explanation) + "\n");
    }
}

/// What the last part of a metric's path says.
struct Statistic {
    std::string_view name;
    std::string_view meaning;
};
constexpr std::array statistics = {
    Statistic{"mean", "the mean of all values"},
    Statistic{"p50", "the median: half of the values are below it"},
    Statistic{"p90", "90 % of the values are below it"},
    Statistic{"p95", "95 % of the values are below it"},
    Statistic{"p99", "99 % of the values are below it"},
    Statistic{"p99.9", "99.9 % of the values are below it"},
    Statistic{"max", "the largest value"},
};

/// A statistic by itself or at the end of a path such as "users/latency/p99".
bool explain_statistic(std::string_view what) {
    const std::size_t slash = what.rfind('/');
    const std::string_view last = slash == std::string_view::npos ? what : what.substr(slash + 1);
    for (const Statistic& statistic : statistics) {
        if (statistic.name != last) continue;
        say(std::string(statistic.name) + ": " + std::string(statistic.meaning) + "\n");
        return true;
    }
    return false;
}

/// "error[unit_missing]" as it is printed -> "unit_missing".
std::string_view without_severity(std::string_view what) {
    for (const std::string_view severity : {"error[", "warning["}) {
        if (!what.starts_with(severity) || !what.ends_with(']')) continue;
        what.remove_prefix(severity.size());
        what.remove_suffix(1);
    }
    return what;
}

/// What was probably meant: a name as a whole, or a metric as one part of a path.
std::string suggestion(const std::vector<Entry>& entries, const std::string& what) {
    std::vector<std::string> metrics;
    for (const Entry& entry : entries) {
        for (const models::MetricInfo& metric : entry.spec->metrics()) {
            metrics.push_back(metric.name);
        }
    }
    std::vector<std::string> names;
    for (const Entry& entry : entries) names.push_back(entry.spec->name());
    for (const models::CodeEntry& code : models::code_table) names.emplace_back(code.name);
    names.insert(names.end(), metrics.begin(), metrics.end());
    if (const auto whole = models::nearest(what, names)) return *whole;
    for (std::size_t from = 0; from <= what.size();) {
        const std::size_t end = std::min(what.find('/', from), what.size());
        const std::string part = what.substr(from, end - from);
        if (const auto meant = models::nearest(part, metrics)) return *meant;
        from = end + 1;
    }
    return {};
}

/// The metric that a word or the tail of a path names, in every kind that declares it.
bool explain_metric(const std::vector<Entry>& entries, const std::string& what) {
    bool found = false;
    for (const scenarios::SystemMetric& metric : scenarios::system_metrics) {
        if (what != metric.name) continue;
        say(what + " [" + std::string{metric.unit} + "]: " + std::string{metric.doc} + "\n");
        return true;
    }
    for (const Entry& entry : entries) {
        for (const models::MetricInfo& metric : entry.spec->metrics()) {
            const bool is_named =
                what == metric.name ||
                ("/" + what + "/").find("/" + metric.name + "/") != std::string::npos;
            if (!is_named) continue;
            // One of the whole system has its full name already.
            const bool is_whole = metric.name.starts_with("system/");
            say((is_whole ? "" : entry.spec->name() + "/") + metric.name + " [" + metric.unit +
                "]: " + metric.doc + "\n");
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
    if (const auto code = models::code_named(without_severity(*what))) {
        say(std::string(models::entry_of(*code).name) + ": " +
            std::string(models::entry_of(*code).explanation) + "\n");
        return Exit::ok;
    }
    const bool is_metric = explain_metric(entries, *what);
    if ((is_metric || what->find('/') == std::string::npos) && explain_statistic(*what)) {
        return Exit::ok;
    }
    if (is_metric) return Exit::ok;
    complain("error: nothing is called '" + reports::printable(*what) + "'");
    if (const std::string meant = suggestion(entries, *what); !meant.empty()) {
        complain("hint: did you mean " + meant + "?");
    }
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

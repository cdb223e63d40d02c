// Metrics by path become families with labels, in the two text formats of the Prometheus world.
// Sources: "Exposition formats" of the Prometheus documentation; OpenMetrics 1.0.
#include "reports/exports.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace archsim::reports {

namespace {

using scenarios::MetricResult;
using scenarios::Result;

using Labels = std::vector<std::pair<std::string_view, std::string>>;

/// Samples of one name. `unit` is the end of the name, or "".
struct Family {
    std::string help;
    std::string_view unit;
    std::vector<std::string> samples{};
};

/// By name, so that the samples of a family stand together.
using Families = std::map<std::string, Family, std::less<>>;

std::string_view suffix_of(std::string_view unit) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 7> suffixes = {{
        {"s", "seconds"},
        {"1/s", "per_second"},
        {"ratio", "ratio"},
        {"bytes", "bytes"},
        {"bytes/s", "bytes_per_second"},
        {"usd", "usd"},
        {"usd/month", "usd_per_month"},
    }};
    const auto* const found =
        std::ranges::find(suffixes, unit, &std::pair<std::string_view, std::string_view>::first);
    return found != suffixes.end() ? found->second : std::string_view{};
}

/// Letters, digits and underscores; anything else becomes an underscore.
std::string words_of(std::string_view text) {
    std::string words;
    for (const char c : text) {
        const bool fits =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (fits || (!words.empty() && words.back() != '_')) words += fits ? c : '_';
    }
    while (words.ends_with('_')) words.pop_back();
    return words;
}

/// Text between quotes, or after HELP: backslash, line break and quote are escaped.
std::string quoted_text(std::string_view text) {
    std::string safe;
    for (const char c : printable(text)) {
        if (c == '\\' || c == '"') safe += '\\';
        safe += c;
    }
    return safe;
}

/// "p99.9" is 0.999.
std::string quantile_of(std::string_view statistic) {
    if (statistic.size() < 2 || statistic.front() != 'p') return "";
    std::string digits{statistic.substr(1)};
    if (digits.find_first_not_of("0123456789.") != std::string::npos) return "";
    const std::size_t point = std::min(digits.find('.'), digits.size());
    if (point < digits.size()) digits.erase(point, 1);
    digits.insert(0, point == 1 ? "0.0" : "0.");
    while (digits.ends_with('0')) digits.pop_back();
    return digits;
}

/// A path in its parts: "web/0/utilisation" is node web, part 0 and words utilisation. Whatever a
/// scenario names or counts is a part, so that families do not depend on it.
struct Path {
    std::string node{};
    std::string part{};
    std::string words{};
    std::string quantile{};
};

/// Whether `owner`/`step` is a part of the owner, such as an operation, a member or a location: it
/// has load or utilisation of its own, or something else that the owner has as a whole.
bool is_part(const Result& result, const std::string& owner, std::string_view step) {
    constexpr std::array own = {"offered", "utilisation", "arrivals"};
    const std::string prefix = fmt::format("{}/{}/", owner, step);
    auto metric = std::ranges::lower_bound(result.metrics, prefix, {}, &MetricResult::name);
    for (; metric != result.metrics.end() && metric->name.starts_with(prefix); ++metric) {
        const std::string what = metric->name.substr(prefix.size());
        if (std::ranges::find(own, what) != own.end()) return true;
        if (find_metric(result, fmt::format("{}/{}", owner, what)) != nullptr) return true;
    }
    return false;
}

/// Where the name ends that follows a word for things of its sort: of a balancer's backends all but
/// the last step, of the others one step. Nothing if the path begins with no such word.
std::optional<std::size_t> end_of_name(std::string_view steps, std::string_view word) {
    if (!steps.starts_with(word)) return std::nullopt;
    const std::size_t end = word == "backend/" ? steps.rfind('/') : steps.find('/', word.size());
    if (end == std::string_view::npos || end <= word.size()) return std::nullopt;
    return end;
}

/// The end of the last step that is a number, such as that of a member; nothing if none is.
std::optional<std::size_t> end_of_number(std::string_view steps) {
    std::optional<std::size_t> found;
    for (std::size_t begin = 0; begin < steps.size();) {
        const std::size_t end = std::min(steps.find('/', begin), steps.size());
        const std::string_view step = steps.substr(begin, end - begin);
        const bool is_number = step.find_first_not_of("0123456789") == std::string_view::npos;
        if (is_number && !step.empty()) found = end;
        begin = end + 1;
    }
    return found;
}

/// "cost/web/sent/brazil" is node web, part brazil and words cost/sent; "cost/per_month" has no
/// node.
Path path_of_cost(const Result& result, std::string_view name) {
    Path path;
    std::string_view rest = name.substr(name.find('/') + 1);
    const std::string_view first = rest.substr(0, rest.find('/'));
    const auto is_it = [first](const scenarios::NodeResult& node) { return node.name == first; };
    if (std::ranges::none_of(result.nodes, is_it)) {
        path.words = std::string{name};
        return path;
    }
    path.node = std::string{first};
    path.words = "cost";
    if (rest.size() == first.size()) return path;
    rest.remove_prefix(first.size() + 1);
    const std::size_t slash = rest.find('/');
    path.words += "/" + std::string{rest.substr(0, slash)};
    if (slash != std::string_view::npos) path.part = std::string{rest.substr(slash + 1)};
    return path;
}

/// Fills in part and words from what comes after the node.
void split_steps(const Result& result, std::string_view steps, Path& path) {
    for (const std::string_view word : {"backend/", "site/", "subscription/", "fan_out/"}) {
        const auto end = end_of_name(steps, word);
        // An operation may have the name of such a word.
        if (!end || is_part(result, path.node, word.substr(0, word.size() - 1))) continue;
        path.part = std::string{steps.substr(word.size(), *end - word.size())};
        path.words = std::string{word} + std::string{steps.substr(*end + 1)};
        return;
    }
    std::size_t end = 0;
    if (const auto number = end_of_number(steps)) {
        end = *number;
    } else if (const std::size_t slash = steps.find('/');
               slash != std::string_view::npos &&
               is_part(result, path.node, steps.substr(0, slash))) {
        end = slash;
    }
    if (end == steps.size()) {  // "k_staleness/2": the number comes last
        end = steps.rfind('/') + 1;
        path.words = std::string{steps.substr(0, end == 0 ? 0 : end - 1)};
        path.part = std::string{steps.substr(end)};
        return;
    }
    path.part = std::string{steps.substr(0, end)};
    path.words = std::string{steps.substr(end == 0 ? 0 : end + 1)};
}

Path path_of(const Result& result, std::string_view name) {
    if (name.starts_with("cost/")) return path_of_cost(result, name);
    Path path;
    std::size_t slash = name.find('/');
    path.node = std::string{name.substr(0, slash)};
    if (slash == std::string_view::npos) {
        std::swap(path.node, path.words);
        return path;
    }
    std::string_view rest = name.substr(slash + 1);
    slash = rest.rfind('/');
    if (slash != std::string_view::npos) path.quantile = quantile_of(rest.substr(slash + 1));
    if (!path.quantile.empty()) rest = rest.substr(0, slash);
    split_steps(result, rest, path);
    return path;
}

std::string sample(const std::string& name, const Labels& labels, double value) {
    std::string text = name;
    char before = '{';
    for (const auto& [label, content] : labels) {
        if (content.empty()) continue;
        text += fmt::format("{}{}=\"{}\"", before, label, quoted_text(content));
        before = ',';
    }
    return text + (before == ',' ? "} " : " ") + fmt::format("{}", value);
}

class Exposition {
public:
    explicit Exposition(const Result& result) : result_{&result} {}

    void add(const std::string& words, std::string_view unit, const std::string& help,
             Labels labels, double value) {
        std::string name = "archsim_" + words_of(words);
        if (!unit.empty() && !name.ends_with(fmt::format("_{}", unit))) {
            name += fmt::format("_{}", unit);
        }
        labels.insert(labels.begin(), {"scenario", result_->scenario});
        Family& family = families_.try_emplace(name, Family{help, unit}).first->second;
        family.samples.push_back(sample(name, labels, value));
    }

    void add(const MetricResult& metric) {
        if (!metric.value) return;
        const Path path = path_of(*result_, metric.name);
        const std::string words = path.words + (path.quantile.empty() ? "" : "_quantile");
        const std::string help = path.words + " of nodes and edges in a finished simulation";
        const std::string_view unit = suffix_of(metric.unit);
        const Labels labels = {{"metric", metric.name},
                               {"node", path.node},
                               {"part", path.part},
                               {"q", path.quantile}};
        add(words, unit, help, labels, *metric.value);
        if (!metric.ci95) return;
        add(words + "_ci95_low", unit, help + ", lower end of its 95 % interval", labels,
            metric.ci95->low);
        add(words + "_ci95_high", unit, help + ", upper end of its 95 % interval", labels,
            metric.ci95->high);
    }

    void add_run() {
        add("run_simulated", "seconds", "Simulated time of one replication", {},
            result_->simulated.in_seconds());
        add("run_replications", "", "Replications that the metrics stand on", {},
            result_->replications);
        add("run_is_complete", "", "1 if the run came to its end, 0 if it was cut short", {},
            result_->status == scenarios::Status::complete ? 1.0 : 0.0);
        add("single_points_of_failure", "", "Nodes without which requests fail", {},
            static_cast<double>(result_->spof.size()));
        for (std::size_t i = 0; i < result_->expect.size(); ++i) {
            const auto& expect = result_->expect[i];
            add("expectation_holds", "", "1 if the expectation holds, 0 if not or not decided",
                {{"number", fmt::format("{}", i)},
                 {"expectation", expect.expr},
                 {"metric", expect.metric},
                 {"verdict", std::string{name_of(expect.verdict)}}},
                expect.verdict == scenarios::Verdict::pass ? 1.0 : 0.0);
        }
        for (const auto& theory : result_->theory) {
            const MetricResult* const metric = find_metric(*result_, theory.metric);
            const Path path = path_of(*result_, theory.metric);
            add("theory_" + path.words + (path.quantile.empty() ? "" : "_quantile"),
                suffix_of(metric != nullptr ? metric->unit : ""), path.words + " by a closed form",
                {{"metric", theory.metric},
                 {"node", path.node},
                 {"part", path.part},
                 {"q", path.quantile},
                 {"formula", theory.formula}},
                theory.value);
        }
    }

    [[nodiscard]] std::string text(bool is_openmetrics) const {
        std::string lines = info(is_openmetrics);
        for (const auto& [name, family] : families_) {
            lines += fmt::format("# HELP {} {}\n# TYPE {} gauge\n", name, quoted_text(family.help),
                                 name);
            if (is_openmetrics && !family.unit.empty())
                lines += fmt::format("# UNIT {} {}\n", name, family.unit);
            for (const std::string& line : family.samples) lines += line + "\n";
        }
        return is_openmetrics ? lines + "# EOF\n" : lines;
    }

private:
    /// What run this is. A family of type info has a suffix in OpenMetrics that its name lacks.
    [[nodiscard]] std::string info(bool is_openmetrics) const {
        const std::string family = is_openmetrics ? "archsim_run" : "archsim_run_info";
        const Labels labels = {{"scenario", result_->scenario},
                               {"seed", fmt::format("{}", result_->seed)},
                               {"status", std::string{name_of(result_->status)}},
                               {"fingerprint", fmt::format("{:016x}", result_->fingerprint)}};
        return fmt::format("# HELP {} Which run of which scenario this is\n# TYPE {} {}\n{}\n",
                           family, family, is_openmetrics ? "info" : "gauge",
                           sample("archsim_run_info", labels, 1.0));
    }

    const Result* result_;
    Families families_{};
};

std::string exposition(const Result& result, bool is_openmetrics) {
    Exposition all{result};
    for (const MetricResult& metric : result.metrics) all.add(metric);
    all.add_run();
    return all.text(is_openmetrics);
}

}  // namespace

std::string write_prometheus(const Result& result) { return exposition(result, false); }

std::string write_openmetrics(const Result& result) { return exposition(result, true); }

}  // namespace archsim::reports

// The plain data of a finished experiment: everything that a report may show, nothing computed.
// The runner fills it, the reports read it. A chapter that has more to tell than metrics adds a
// `Section` and is shown by every report without a change there.
#pragma once

#include "scenarios/texts.hpp"
#include "sim/statistics.hpp"
#include "sim/units.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace archsim::scenarios {

using sim::Interval;

/// Where the interval of a metric comes from.
enum class Method : std::uint8_t {
    replications,  ///< Student t over independent replications.
    batch_means,   ///< Student t over the batch means of one replication.
    point,         ///< No interval: a single value.
};

/// "replications", "batch_means" or "point".
[[nodiscard]] constexpr std::string_view name_of(Method method) {
    constexpr std::string_view names[] = {"replications", "batch_means", "point"};
    return names[static_cast<int>(method)];
}

/// One metric over all replications.
struct MetricResult {
    std::string name;  ///< Path as in the contract, such as "users/latency/p99".
    std::string unit;  ///< "s", "1/s", "ratio", "count", "bytes", "bytes/s", "usd" ... or "".
    std::optional<double> value{};   ///< Absent when it could not be measured; always finite.
    std::optional<Interval> ci95{};  ///< 95 % confidence interval of the value.
    int n = 0;                       ///< Replications (or batches) behind the value.
    Method method = Method::point;   ///< Where the interval comes from.
    std::string reason{};            ///< Why the value, or else its interval, is absent.
    std::optional<double> standard_error{};  ///< Of the value, wherever there is an interval.
};

/// The closed form that holds for a station's assumptions, beside the measured metric.
struct TheoryResult {
    std::string metric;   ///< Path of the metric that it predicts.
    double value = 0.0;   ///< In the unit of the metric; finite.
    std::string formula;  ///< The name of the closed form, such as "M/M/c, Erlang C".
    std::optional<double> deviation_sigmas{};  ///< (measured - value) / standard error.
};

/// What an expectation came to.
enum class Verdict : std::uint8_t {
    pass,       ///< The whole interval meets the bound.
    fail,       ///< No part of the interval meets the bound.
    undecided,  ///< The bound lies inside the interval.
    no_data,    ///< The metric was not measured or does not exist.
};

/// "pass", "fail", "undecided" or "no_data".
[[nodiscard]] constexpr std::string_view name_of(Verdict verdict) {
    constexpr std::string_view names[] = {"pass", "fail", "undecided", "no_data"};
    return names[static_cast<int>(verdict)];
}

/// One entry of the scenario's `expect`, judged.
struct ExpectResult {
    std::string expr;                  ///< As written in the scenario.
    std::string metric;                ///< The path in it.
    std::string comparison;            ///< "<=", "<", ">=", ">" or "==".
    double bound = 0.0;                ///< In the unit of the metric.
    std::optional<double> observed{};  ///< The metric's value.
    Verdict verdict = Verdict::no_data;
    std::string note{};  ///< What a reader must know of this verdict, or "".
};

/// A single point of failure.
struct SpofResult {
    std::string node;              ///< Its address, such as "lb" or "db/primary".
    std::string reason;            ///< What stops when it does.
    std::optional<double> lost{};  ///< Share of answers lost in a run without it, if one was made.
    /// Of several members, whether the failure of one is enough, or of a helper. Not written.
    bool by_member = true, by_helper = false;
};

/// A line of the bill: so much of something, at a price, a month.
struct CostLine {
    std::string node;
    std::string item;       ///< "instances", "requests", "writes", "storage", "sent[/<region>]".
    double quantity = 0.0;  ///< What the price was multiplied by.
    std::string unit{};     ///< Of the quantity: "count" or "bytes".
    std::string note{};     ///< What the quantity is: "on average", "a month", "as given".
    std::string price{};    ///< As in the scenario, such as "$0.0832/h".
    sim::Money amount{};    ///< For a month.
};

/// What the nodes with a price cost in a month, and by which assumptions.
struct Bill {
    std::vector<CostLine> lines{};                 ///< By node, then as its prices are declared.
    std::optional<double> per_million_requests{};  ///< In dollars.
    std::vector<std::string> assumptions{};        ///< Empty if and only if no node has a price.

    [[nodiscard]] sim::Money total() const;
    /// The sum of each node's lines.
    [[nodiscard]] std::map<std::string, sim::Money> by_node() const;
};

/// A node as the reports name it.
struct NodeResult {
    std::string name;
    std::string kind;
};

/// A value of a table or a fact: nothing, a number, a text or a statement that is true or false.
using Cell = std::variant<std::monostate, double, std::string, bool>;

/// A number that may be missing.
[[nodiscard]] inline Cell cell_of(const std::optional<double>& number) {
    return number ? Cell{*number} : Cell{};
}
/// The number in a cell, if it holds one.
[[nodiscard]] std::optional<double> number_in(const Cell& cell);
/// The text in a cell; nothing if it holds none.
[[nodiscard]] std::string text_in(const Cell& cell);

/// The heading of a table's column.
struct Column {
    std::string name;    ///< snake_case, unique in the table.
    std::string unit{};  ///< As in MetricResult, for the numbers in it.
};

/// Rows of cells under named columns. Requires: every row has one cell a column.
struct Table {
    std::string name;   ///< snake_case, unique in its section.
    std::string title;  ///< For people.
    std::vector<Column> columns{};
    std::vector<std::vector<Cell>> rows{};
};

/// A named value outside any table.
struct Fact {
    std::string name;  ///< snake_case, unique in its section and unlike the names of its tables.
    Cell value{};
    std::string unit{};
};

/// A chapter of the result: "cap", "series", "slowest_requests" ...
struct Section {
    std::string name;   ///< snake_case; the key in the result's JSON, unlike the fixed keys there.
    std::string title;  ///< For people.
    std::vector<Fact> facts{};
    std::vector<Table> tables{};
    bool is_for_drawing = false;  ///< Points of curves and the like: pictures are made of it, and
                                  ///< text reports leave it out.
};

/// The section called `name`, or nullptr. The table of a section, likewise.
[[nodiscard]] const Section* find_section(const std::vector<Section>& sections,
                                          std::string_view name);
[[nodiscard]] const Table* find_table(const Section& section, std::string_view name);

/// How the run ended.
enum class Status : std::uint8_t {
    complete,
    interrupted,  ///< By a signal; the result covers the time simulated until then.
    limit,        ///< A limit on events, time or memory was reached; likewise partial.
};

/// "complete", "interrupted" or "limit".
[[nodiscard]] constexpr std::string_view name_of(Status status) {
    constexpr std::string_view names[] = {"complete", "interrupted", "limit"};
    return names[static_cast<int>(status)];
}

/// A finished experiment.
struct Result {
    std::string scenario;
    std::string description{};
    std::string question{};  ///< That the scenario answers, or "".
    std::string look_at{};   ///< What to look at, or "".
    Texts pt{};              ///< The three texts above in Portuguese.
    std::string guide{};     ///< The section of the guide that it comes from, or "".
    std::uint64_t seed = 1;
    int replications = 1;  ///< Those that the numbers below stand on.
    Status status = Status::complete;
    std::string status_reason{};          ///< Why it is not complete, or "".
    sim::Duration simulated{};            ///< Simulated time of one replication, warm-up included.
    sim::Duration warm_up{};              ///< Its first part, which the metrics leave out.
    std::uint64_t events = 0;             ///< Over all replications.
    std::uint64_t fingerprint = 0;        ///< Of the order and content of all events.
    std::vector<NodeResult> nodes{};      ///< Sorted by name.
    std::vector<MetricResult> metrics{};  ///< Sorted by name, names unique.
    std::vector<TheoryResult> theory{};
    std::vector<ExpectResult> expect{};  ///< In the order of the scenario.
    std::vector<SpofResult> spof{};
    Bill cost{};
    std::vector<std::string> assumptions{};
    std::vector<std::string> warnings{};
    std::vector<Section> sections{};
};

/// The metric called `name`, or nullptr. O(log n). Requires: metrics sorted by name.
[[nodiscard]] const MetricResult* find_metric(const Result& result, std::string_view name);

/// Sorts metrics and theory by name, as the reports need them. Call once they are all there.
void sort_by_name(Result& result);

}  // namespace archsim::scenarios

// archsim.result/1 into a Result. What is a section is told by its shape: an object with a title.
#include "reports/result_reader.hpp"

#include "reports/document_reader.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace archsim::reports {

namespace {

using models::Code;
using scenarios::Result;

constexpr std::uint64_t any_count = std::numeric_limits<std::uint64_t>::max();
constexpr auto any_int = static_cast<std::uint64_t>(std::numeric_limits<int>::max());

/// Keys of the document that are no sections.
constexpr std::string_view own_keys[] = {
    "schema", "scenario",    "description",   "question", "look_at",     "pt",
    "guide",  "seed",        "replications",  "status",   "simulated_s", "warm_up_s",
    "events", "fingerprint", "status_reason", "nodes",    "metrics",     "theory",
    "expect", "spof",        "assumptions",   "warnings", "cost",        "sections"};

/// The value whose name stands in the part. Requires: the values count from 0 to `last`.
template <class Enum>
Enum choice(DocumentReader& reader, const Part& of, std::string_view key, Enum last) {
    const std::string word = reader.text(of, key);
    std::string accepted;
    for (int i = 0; i <= static_cast<int>(last); ++i) {
        const auto value = static_cast<Enum>(i);
        if (name_of(value) == word) return value;
        accepted += (i == 0 ? "" : ", ") + std::string{name_of(value)};
    }
    if (const auto part = reader.find(of, key); part && part->value->is_string()) {
        reader.object(Code::unknown_name,
                      models::quoted(word) + " is none of the accepted words: " + accepted, *part);
    }
    return last;
}

scenarios::MetricResult metric_of(DocumentReader& reader, const Part& part) {
    reader.refuse_others(part, {"unit", "n", "value", "ci95", "method", "reason"});
    scenarios::MetricResult metric{.name = DocumentReader::key_of(part),
                                   .unit = reader.text(part, "unit"),
                                   .value = reader.number_if_any(part, "value")};
    metric.n = static_cast<int>(reader.count(part, "n", any_int));
    metric.reason = reader.text_if_any(part, "reason");
    if (metric.value) metric.method = choice(reader, part, "method", scenarios::Method::point);
    if (reader.find(part, "ci95")) {
        const auto ends = reader.items(part, "ci95");
        if (ends.size() == 2) {
            metric.ci95 = scenarios::Interval{reader.number(ends[0]), reader.number(ends[1])};
        } else {
            reader.object(Code::bad_value, "an interval has two ends", part);
        }
    }
    return metric;
}

scenarios::TheoryResult theory_of(DocumentReader& reader, const Part& part) {
    reader.refuse_others(part, {"value", "formula", "deviation_sigmas"});
    return {DocumentReader::key_of(part), reader.number(part, "value"),
            reader.text(part, "formula"), reader.number_if_any(part, "deviation_sigmas")};
}

scenarios::ExpectResult expect_of(DocumentReader& reader, const Part& part) {
    reader.refuse_others(part,
                         {"expr", "metric", "comparison", "bound", "verdict", "observed", "note"});
    scenarios::ExpectResult expect{.expr = reader.text(part, "expr"),
                                   .metric = reader.text(part, "metric"),
                                   .comparison = reader.text(part, "comparison")};
    expect.bound = reader.number(part, "bound");
    expect.observed = reader.number_if_any(part, "observed");
    expect.verdict = choice(reader, part, "verdict", scenarios::Verdict::no_data);
    expect.note = reader.text_if_any(part, "note");
    return expect;
}

scenarios::Cell cell_of(DocumentReader& reader, const Part& part) {
    if (part.value->is_null()) return {};
    if (part.value->is_boolean()) return part.value->as_boolean();
    if (part.value->is_string()) return part.value->text();
    return reader.number(part);
}

/// The unit of `name` that an object "units" beside it gives, or "".
std::string unit_of(DocumentReader& reader, const Part& of, std::string_view name) {
    const auto units = reader.find(of, "units");
    return units ? reader.text_if_any(*units, name) : "";
}

scenarios::Table table_of(DocumentReader& reader, const Part& part) {
    reader.refuse_others(part, {"title", "columns", "units", "rows"});
    scenarios::Table table{DocumentReader::key_of(part), reader.text(part, "title"), {}, {}};
    const auto rows = reader.items(part, "rows");
    std::vector<std::string> names;
    if (reader.find(part, "columns")) {
        names = reader.texts(part, "columns");
    } else if (!rows.empty()) {
        // Written before results told the order of columns.
        for (const models::Member& member : rows.front().value->members()) {
            names.push_back(member.key);
        }
    }
    for (const std::string& name : names) {
        table.columns.push_back({name, unit_of(reader, part, name)});
    }
    for (const Part& row : rows) {
        std::vector<scenarios::Cell> cells;
        for (const std::string& name : names) {
            const auto cell = reader.need(row, name);
            cells.push_back(cell ? cell_of(reader, *cell) : scenarios::Cell{});
        }
        if (row.value->members().size() > names.size()) {
            reader.object(Code::unknown_key, "the row has cells outside the columns", row);
        }
        table.rows.push_back(std::move(cells));
    }
    return table;
}

/// Sorts `things` as the list of names at `key` has them; what it does not name comes last.
template <class Things>
void put_in_order(DocumentReader& reader, const Part& of, std::string_view key, Things& things) {
    if (!reader.find(of, key)) return;
    const std::vector<std::string> order = reader.texts(of, key);
    std::ranges::stable_sort(things, {}, [&order](const auto& thing) {
        return std::ranges::find(order, thing.name) - order.begin();
    });
}

scenarios::Section section_of(DocumentReader& reader, const Part& part) {
    scenarios::Section section{.name = DocumentReader::key_of(part),
                               .title = reader.text(part, "title")};
    for (const models::Member& member : part.value->members()) {
        const Part inside{&member.value, part.pointer + "/" + models::pointer_step(member.key)};
        if (member.key == "title" || member.key == "units" || member.key == "order") continue;
        if (member.key == "is_for_drawing") {
            if (!member.value.is_boolean()) {
                reader.object(Code::wrong_type, "true or false was expected", inside);
            } else {
                section.is_for_drawing = member.value.as_boolean();
            }
        } else if (member.value.is_object()) {
            section.tables.push_back(table_of(reader, inside));
        } else {
            section.facts.push_back(
                {member.key, cell_of(reader, inside), unit_of(reader, part, member.key)});
        }
    }
    put_in_order(reader, part, "order", section.facts);
    put_in_order(reader, part, "order", section.tables);
    return section;
}

std::uint64_t fingerprint_of(DocumentReader& reader, const Part& whole) {
    const std::string digits = reader.text(whole, "fingerprint");
    std::uint64_t fingerprint = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), fingerprint, 16);
    if (digits.size() == 16 && error == std::errc{} && end == digits.data() + digits.size()) {
        return fingerprint;
    }
    if (const auto part = reader.find(whole, "fingerprint"); part && part->value->is_string()) {
        reader.object(Code::bad_value, "a fingerprint has 16 hexadecimal digits", *part);
    }
    return 0;
}

sim::Duration time_of(DocumentReader& reader, const Part& whole, std::string_view key) {
    const double seconds = reader.number(whole, key);
    if (seconds >= 0.0 && seconds <= sim::Duration::longest().in_seconds()) {
        return sim::Duration::from_seconds(seconds);
    }
    if (const auto part = reader.find(whole, key)) {
        reader.object(Code::out_of_range, "a time of 0 s to 100 years was expected", *part);
    }
    return {};
}

void read_header(DocumentReader& reader, const Part& whole, Result& result) {
    result.scenario = reader.text(whole, "scenario");
    result.description = reader.text_if_any(whole, "description");
    result.question = reader.text_if_any(whole, "question");
    result.look_at = reader.text_if_any(whole, "look_at");
    if (const auto pt = reader.find(whole, "pt")) {
        reader.refuse_others(*pt, {"description", "question", "look_at"});
        result.pt = {reader.text_if_any(*pt, "description"), reader.text_if_any(*pt, "question"),
                     reader.text_if_any(*pt, "look_at")};
    }
    result.guide = reader.text_if_any(whole, "guide");
    result.seed = reader.count(whole, "seed", any_count);
    result.replications = static_cast<int>(reader.count(whole, "replications", any_int));
    result.status = choice(reader, whole, "status", scenarios::Status::limit);
    result.status_reason = reader.text_if_any(whole, "status_reason");
    result.simulated = time_of(reader, whole, "simulated_s");
    result.warm_up = time_of(reader, whole, "warm_up_s");
    result.events = reader.count(whole, "events", any_count);
    result.fingerprint = fingerprint_of(reader, whole);
}

void read_cost(DocumentReader& reader, const Part& whole, Result& result) {
    const auto cost = reader.find(whole, "cost");
    if (!cost) return;
    reader.refuse_others(*cost, {"unit", "per_month", "nodes"});
    constexpr double most = 9e9;  // Dollars that an amount can hold, and so their sum.
    double together = 0.0;
    for (const Part& node : reader.members(*cost, "nodes")) {
        const double dollars = reader.number(node);
        if (together + std::abs(dollars) > most) {
            reader.object(Code::out_of_range, "no amount of money is that large", node);
            continue;
        }
        together += std::abs(dollars);
        result.cost.emplace(DocumentReader::key_of(node),
                            sim::Money::nanodollars(std::llround(dollars * 1e9)));
    }
}

void read_sections(DocumentReader& reader, const Part& whole, Result& result) {
    for (const models::Member& member : whole.value->members()) {
        if (std::ranges::find(own_keys, member.key) != std::end(own_keys)) continue;
        const Part part{&member.value, "/" + models::pointer_step(member.key)};
        if (member.value.find("title") == nullptr) {
            reader.object(Code::unknown_key,
                          models::quoted(member.key) +
                              " is no part of a result, nor a section, which would have a title",
                          part);
            continue;
        }
        result.sections.push_back(section_of(reader, part));
    }
    put_in_order(reader, whole, "sections", result.sections);
}

}  // namespace

std::optional<Result> read_result(const models::Value& document, models::Diagnostics& diagnostics) {
    DocumentReader reader{diagnostics};
    const Part whole{&document, ""};
    const models::Value* const schema = document.find("schema");
    if (schema == nullptr || !schema->is_string() || schema->text() != "archsim.result/1") {
        reader.object(Code::bad_value,
                      "this is no result: \"schema\" is not \"archsim.result/1\", as in what "
                      "archsim run --json writes",
                      {schema != nullptr ? schema : &document, schema != nullptr ? "/schema" : ""});
        return std::nullopt;
    }
    Result result;
    read_header(reader, whole, result);
    for (const Part& node : reader.members(whole, "nodes")) {
        result.nodes.push_back({DocumentReader::key_of(node), reader.text(node, "kind")});
    }
    for (const Part& metric : reader.members(whole, "metrics")) {
        result.metrics.push_back(metric_of(reader, metric));
    }
    for (const Part& theory : reader.members(whole, "theory")) {
        result.theory.push_back(theory_of(reader, theory));
    }
    for (const Part& expect : reader.items(whole, "expect")) {
        result.expect.push_back(expect_of(reader, expect));
    }
    for (const Part& spof : reader.items(whole, "spof")) {
        reader.refuse_others(spof, {"node", "reason", "lost"});
        result.spof.push_back({reader.text(spof, "node"), reader.text(spof, "reason"),
                               reader.number_if_any(spof, "lost")});
    }
    result.assumptions = reader.texts(whole, "assumptions");
    result.warnings = reader.texts(whole, "warnings");
    read_cost(reader, whole, result);
    read_sections(reader, whole, result);
    sort_by_name(result);
    std::ranges::sort(result.nodes, {}, &scenarios::NodeResult::name);
    if (!reader.is_good()) return std::nullopt;
    return result;
}

}  // namespace archsim::reports

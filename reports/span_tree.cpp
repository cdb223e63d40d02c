// From the tables of the section "slowest" to spans with parents.
#include "reports/span_tree.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace archsim::reports {

namespace {

using scenarios::Cell;
using scenarios::text_in;
using Row = std::vector<Cell>;
using Role = TreeSpan::Role;

std::optional<std::int64_t> time_of(const Cell& cell) {
    const std::optional<double> seconds = scenarios::number_in(cell);
    if (!seconds) return std::nullopt;
    return std::llround(*seconds * 1e9);
}

std::size_t number_of(const Cell& cell) {
    return static_cast<std::size_t>(std::max(scenarios::number_in(cell).value_or(0.0), 0.0));
}

/// The latest begun stay of the request at `node` that encloses the stretch, else its root.
std::size_t parent_of(const std::vector<TreeSpan>& spans, std::size_t root, const std::string& node,
                      std::int64_t begin, std::int64_t end) {
    std::size_t found = root;
    for (std::size_t i = root + 1; i < spans.size(); ++i) {
        const TreeSpan& span = spans[i];
        if (span.role != Role::serve || span.node != node) continue;
        if (span.begin > begin || span.end < end) continue;
        if (found == root || span.begin >= spans[found].begin) found = i;
    }
    return found;
}

void add_call(const Row& row, std::size_t request, std::size_t root, std::vector<TreeSpan>& spans) {
    const std::int64_t begin = time_of(row[4]).value_or(0);
    const std::int64_t end = time_of(row[5]).value_or(begin);
    const std::string from = text_in(row[2]);
    const std::string at = text_in(row[3]);
    const std::string outcome = text_in(row[8]);
    const std::size_t call = spans.size();
    spans.push_back({Role::call, request, parent_of(spans, root, from, begin, end), from,
                     from + "->" + at + " " + text_in(row[1]), outcome, begin, end});
    const auto delivered = time_of(row[6]);
    if (!delivered) return;
    spans.push_back({Role::serve, request, call, at, at, outcome, *delivered,
                     std::max(*delivered, time_of(row[7]).value_or(end))});
}

void add_work(const Row& row, std::size_t request, std::size_t root, std::vector<TreeSpan>& spans) {
    const std::int64_t begin = time_of(row[4]).value_or(0);
    const std::int64_t end = time_of(row[5]).value_or(begin);
    const std::string at = text_in(row[3]);
    const Role role = text_in(row[1]) == "queue" ? Role::queue : Role::service;
    spans.push_back({role, request, parent_of(spans, root, at, begin, end), at, text_in(row[1]),
                     text_in(row[8]), begin, end});
}

}  // namespace

std::vector<TreeSpan> span_tree(const scenarios::Result& result) {
    std::vector<TreeSpan> spans;
    const auto* const section = scenarios::find_section(result.sections, "slowest");
    if (section == nullptr) return spans;
    const auto* const requests = scenarios::find_table(*section, "requests");
    const auto* const rows = scenarios::find_table(*section, "spans");
    if (requests == nullptr || rows == nullptr) return spans;
    if (requests->columns.size() < 6 || rows->columns.size() < 9) return spans;
    for (const Row& request : requests->rows) {
        const std::size_t number = number_of(request[0]);
        const std::size_t root = spans.size();
        const std::int64_t begin = time_of(request[3]).value_or(0);
        spans.push_back({Role::request, number, TreeSpan::no_parent, text_in(request[1]),
                         text_in(request[1]) + " " + text_in(request[2]), text_in(request[5]),
                         begin, time_of(request[4]).value_or(begin)});
        for (const bool is_work : {false, true}) {
            for (const Row& row : rows->rows) {
                if (number_of(row[0]) != number) continue;
                if (text_in(row[1]).starts_with("try") == is_work) continue;
                (is_work ? add_work : add_call)(row, number, root, spans);
            }
        }
    }
    return spans;
}

}  // namespace archsim::reports

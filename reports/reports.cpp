// The one table of reports.
#include "reports/exports.hpp"
#include "reports/report.hpp"

#include <algorithm>

namespace archsim::reports {

namespace {

constexpr Report table[] = {
    {"summary", "what came out, for the terminal", write_summary},
    {"json", "everything, for programs (archsim.result/1)",
     [](const scenarios::Result& result, const Style&) { return write_json(result); }},
    {"csv", "one line a metric, for spreadsheets",
     [](const scenarios::Result& result, const Style&) { return write_csv(result); }},
    {"html", "everything, for a browser: one file that needs nothing else", write_html},
    {"markdown", "verdicts and main numbers as Markdown tables",
     [](const scenarios::Result& result, const Style&) { return write_markdown(result); }},
    {"ndjson", "numbers, findings and assumptions, one JSON object a line",
     [](const scenarios::Result& result, const Style&) { return write_ndjson(result); }},
    {"prometheus", "the metrics as Prometheus reads them (text format)",
     [](const scenarios::Result& result, const Style&) { return write_prometheus(result); }},
    {"openmetrics", "the metrics as OpenMetrics 1.0",
     [](const scenarios::Result& result, const Style&) { return write_openmetrics(result); }},
    {"hgrm", "latency distributions in the percentile format of HdrHistogram",
     [](const scenarios::Result& result, const Style&) { return write_hgrm(result); }},
    {"perfetto", "the slowest requests for ui.perfetto.dev and chrome://tracing",
     [](const scenarios::Result& result, const Style&) { return write_perfetto(result); }},
    {"otlp", "the slowest requests as OpenTelemetry traces (OTLP JSON)",
     [](const scenarios::Result& result, const Style&) { return write_otlp(result); }},
};

}  // namespace

std::span<const Report> all_reports() { return table; }

const Report* find_report(std::string_view name) {
    const auto* const found = std::ranges::find(table, name, &Report::name);
    return found != std::end(table) ? found : nullptr;
}

}  // namespace archsim::reports

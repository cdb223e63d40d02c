// Results in the forms that other tools read: Markdown, NDJSON, Prometheus and OpenMetrics text,
// HdrHistogram percentiles, traces for Perfetto and OpenTelemetry.
#pragma once

#include "reports/text.hpp"
#include "scenarios/result.hpp"

#include <string>

namespace archsim::reports {

/// Verdicts, main metrics, chapters and warnings as Markdown tables, for a pull request or a wiki.
[[nodiscard]] std::string write_markdown(const scenarios::Result& result);

/// One JSON object a line, each with a "kind": run (with the texts in English), node, metric,
/// theory, expect, spof, cost, cost_assumption, assumption, warning, row (of a table in a section)
/// and fact.
[[nodiscard]] std::string write_ndjson(const scenarios::Result& result);

/// The metrics in the text format 0.0.4 of Prometheus, for a push gateway or node_exporter's
/// textfile collector. All are gauges: what a finished run came to. Families are named
/// archsim_WORDS[_quantile]_UNIT, with labels scenario, metric (the whole path), node, part and q
/// (0.99; the label "quantile" is for summaries); intervals are in the families ..._ci95_low_UNIT
/// and ..._ci95_high_UNIT. What was not measured has no sample.
[[nodiscard]] std::string write_prometheus(const scenarios::Result& result);

/// The same as OpenMetrics 1.0, which also has units and an end.
[[nodiscard]] std::string write_openmetrics(const scenarios::Result& result);

/// The latency distributions of replication 0 in the percentile format of HdrHistogram (.hgrm), in
/// milliseconds: one block a load source, each after a comment with its name. Empty but for a
/// comment if the result has no section "distributions".
[[nodiscard]] std::string write_hgrm(const scenarios::Result& result);

/// The slowest requests of replication 0 in the trace event format, for ui.perfetto.dev and
/// chrome://tracing: one process a request, one thread a node. No events if the result has no
/// section "slowest".
[[nodiscard]] std::string write_perfetto(const scenarios::Result& result);

/// The same requests as OTLP JSON (OpenTelemetry), one resource a node; simulated time counts from
/// the Unix epoch.
[[nodiscard]] std::string write_otlp(const scenarios::Result& result);

}  // namespace archsim::reports

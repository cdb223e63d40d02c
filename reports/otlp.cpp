// The slowest requests as OTLP JSON, which OpenTelemetry collectors, Jaeger and Tempo take in.
// Source: OpenTelemetry Protocol 1.3, JSON encoding (ids in hex, 64-bit integers as strings).
#include "models/document.hpp"
#include "reports/exports.hpp"
#include "reports/span_tree.hpp"

#include <fmt/format.h>

#include <map>
#include <string>
#include <vector>

namespace archsim::reports {

namespace {

using models::Value;

Value attribute(const char* key, const std::string& value) {
    return Value::object({{"key", Value::string(key)},
                          {"value", Value::object({{"stringValue", Value::string(value)}})}});
}

/// SpanKind of the protocol: internal, server or client.
int kind_of(TreeSpan::Role role) {
    switch (role) {
        case TreeSpan::Role::call:
            return 3;
        case TreeSpan::Role::serve:
            return 2;
        default:
            return 1;
    }
}

std::string span_id(std::size_t index) { return fmt::format("{:016x}", index + 1); }

Value span_value(const scenarios::Result& result, const TreeSpan& span, std::size_t index) {
    const bool is_ok = span.outcome == "ok";
    Value value = Value::object(
        {{"traceId",
          Value::string(fmt::format("{:016x}{:016x}", result.fingerprint, span.request + 1))},
         {"spanId", Value::string(span_id(index))}});
    if (span.parent != TreeSpan::no_parent) {
        value.append("parentSpanId", Value::string(span_id(span.parent)));
    }
    value.append("name", Value::string(span.name));
    value.append("kind", Value::number(std::to_string(kind_of(span.role))));
    value.append("startTimeUnixNano", Value::string(std::to_string(span.begin)));
    value.append("endTimeUnixNano", Value::string(std::to_string(span.end)));
    value.append("attributes", Value::array({attribute("archsim.role", name_of(span.role)),
                                             attribute("archsim.outcome", span.outcome)}));
    value.append("status", Value::object({{"code", Value::number(is_ok ? "1" : "2")}}));
    return value;
}

/// The spans of one node, as a resource.
Value resource(const std::string& scenario, const std::string& node, std::vector<Value> spans) {
    Value scope = Value::object({{"scope", Value::object({{"name", Value::string("archsim")}})},
                                 {"spans", Value::array(std::move(spans))}});
    return Value::object(
        {{"resource",
          Value::object({{"attributes", Value::array({attribute("service.name", node),
                                                      attribute("archsim.scenario", scenario)})}})},
         {"scopeSpans", Value::array({std::move(scope)})}});
}

}  // namespace

std::string write_otlp(const scenarios::Result& result) {
    const std::vector<TreeSpan> spans = span_tree(result);
    std::map<std::string, std::vector<Value>> by_node;
    for (std::size_t i = 0; i < spans.size(); ++i) {
        by_node[spans[i].node].push_back(span_value(result, spans[i], i));
    }
    std::vector<Value> resources;
    for (auto& [node, list] : by_node) {
        resources.push_back(resource(result.scenario, node, std::move(list)));
    }
    return Value::object({{"resourceSpans", Value::array(std::move(resources))}}).to_json() + "\n";
}

}  // namespace archsim::reports

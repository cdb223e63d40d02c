// Members are added in the order of their names, so that documents are sorted throughout.
#include "reports/json_values.hpp"

#include "sim/check.hpp"

#include <cmath>

namespace archsim::reports {

using models::Value;

Value number_or_null(const std::optional<double>& number) {
    if (!number) return Value::null();
    ARCHSIM_CHECK(std::isfinite(*number), "{} in a report", *number);
    return Value::real(*number);
}

Value interval_or_null(const std::optional<scenarios::Interval>& interval) {
    if (!interval) return Value::null();
    return Value::array({number_or_null(interval->low), number_or_null(interval->high)});
}

Value texts(const std::vector<std::string>& all) {
    Value list = Value::array();
    for (const std::string& one : all) list.push(Value::string(one));
    return list;
}

Value metric_value(const scenarios::MetricResult& metric) {
    Value json = Value::object();
    if (metric.ci95) json.append("ci95", interval_or_null(metric.ci95));
    if (metric.value) json.append("method", Value::string(std::string{name_of(metric.method)}));
    json.append("n", Value::integer(metric.n));
    if (!metric.reason.empty()) json.append("reason", Value::string(metric.reason));
    json.append("unit", Value::string(metric.unit));
    if (metric.value) json.append("value", number_or_null(metric.value));
    return json;
}

Value expect_value(const scenarios::ExpectResult& expect) {
    Value json = Value::object();
    json.append("bound", number_or_null(expect.bound));
    json.append("comparison", Value::string(expect.comparison));
    json.append("expr", Value::string(expect.expr));
    json.append("metric", Value::string(expect.metric));
    if (!expect.note.empty()) json.append("note", Value::string(expect.note));
    if (expect.observed) json.append("observed", number_or_null(expect.observed));
    json.append("verdict", Value::string(std::string{name_of(expect.verdict)}));
    return json;
}

}  // namespace archsim::reports

// The slowest requests in the trace event format that Perfetto and chrome://tracing read: one
// process a request, one thread a node.
// Source: "Trace Event Format", Google, revision of 2016 (phases X and M; microseconds).
#include "models/document.hpp"
#include "reports/exports.hpp"
#include "reports/span_tree.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace archsim::reports {

namespace {

using models::Value;

Value count(std::size_t number) { return Value::number(std::to_string(number)); }

/// Nanoseconds as microseconds, with all digits.
Value microseconds(std::int64_t nanoseconds) {
    return Value::number(fmt::format("{}.{:03}", nanoseconds / 1000, nanoseconds % 1000));
}

Value naming(const char* what, std::size_t process, std::size_t thread, const std::string& name) {
    return Value::object({{"ph", Value::string("M")},
                          {"name", Value::string(what)},
                          {"pid", count(process)},
                          {"tid", count(thread)},
                          {"args", Value::object({{"name", Value::string(name)}})}});
}

Value slice(const TreeSpan& span, std::size_t process, std::size_t thread) {
    return Value::object({{"ph", Value::string("X")},
                          {"name", Value::string(span.name)},
                          {"cat", Value::string(name_of(span.role))},
                          {"pid", count(process)},
                          {"tid", count(thread)},
                          {"ts", microseconds(span.begin)},
                          {"dur", microseconds(span.end - span.begin)},
                          {"args", Value::object({{"outcome", Value::string(span.outcome)}})}});
}

}  // namespace

std::string write_perfetto(const scenarios::Result& result) {
    std::vector<Value> events;
    std::map<std::pair<std::size_t, std::string>, std::size_t> threads;
    std::size_t last_thread = 0;
    std::size_t last_process = 0;
    for (const TreeSpan& span : span_tree(result)) {
        const std::size_t process = span.request + 1;
        if (process != last_process) last_thread = 0;
        last_process = process;
        const auto [place, is_new] = threads.try_emplace({process, span.node}, last_thread + 1);
        const std::size_t thread = place->second;
        if (is_new) {
            ++last_thread;
            events.push_back(naming("thread_name", process, thread, span.node));
        }
        if (span.role == TreeSpan::Role::request) {
            const std::string name = fmt::format("request {}: {}", process, span.name);
            events.push_back(naming("process_name", process, thread, name));
        }
        events.push_back(slice(span, process, thread));
    }
    const Value document = Value::object(
        {{"traceEvents", Value::array(std::move(events))},
         {"displayTimeUnit", Value::string("ms")},
         {"otherData", Value::object({{"scenario", Value::string(result.scenario)}})}});
    return document.to_json() + "\n";
}

}  // namespace archsim::reports

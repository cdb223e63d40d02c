// Writes histories; numbers only, so no text needs escaping.
#include "reports/consistency/history_file.hpp"

#include <fmt/format.h>

namespace archsim::reports {
namespace {

using models::Operation;

std::string value_of(models::Version version) {
    return version == models::initial_version ? "null" : fmt::format("{}", version);
}

}  // namespace

std::string history_header() { return "{\"history\":\"archsim.history/1\",\"time\":\"ns\"}\n"; }

std::string to_line(const Operation& operation) {
    const bool is_write = operation.kind == models::Access::write;
    const bool has_end = operation.ending != models::Ending::in_flight;
    std::string line =
        fmt::format("{{\"op\":\"{}\",\"key\":{},", is_write ? "write" : "read", operation.key);
    if (is_write || operation.ending == models::Ending::ok) {
        line += fmt::format("\"value\":{},", value_of(operation.version));
    }
    line += fmt::format("\"start\":{},", operation.invoked.count());
    if (has_end) line += fmt::format("\"end\":{},", operation.completed.count());
    line += fmt::format("\"outcome\":\"{}\",\"order\":[{}", name_of(operation.ending),
                        operation.invoked_order);
    if (has_end) line += fmt::format(",{}", operation.completed_order);
    line += fmt::format("],\"session\":{},\"side\":{}}}\n", operation.session, operation.side);
    return line;
}

std::string to_line(const models::VersionRecord& record) {
    return fmt::format(
        "{{\"created\":{},\"key\":{},\"replaces\":{},\"position\":{},\"at\":{},\"node\":{}}}\n",
        value_of(record.version), record.key, value_of(record.parent), record.position,
        record.created.count(), record.origin);
}

std::string to_line(const models::Application& application) {
    return fmt::format("{{\"applied\":{},\"key\":{},\"at\":{},\"replica\":{},\"replicas\":{}}}\n",
                       value_of(application.version), application.key, application.at.count(),
                       application.replica, application.replicas);
}

std::string to_line(const models::FaultRecord& record) {
    return fmt::format(
        "{{\"fault\":\"{}\",\"id\":{},\"begins\":{},\"at\":{},\"node\":{},\"complete\":{}}}\n",
        name_of(record.kind), record.id, record.begins, record.at.count(), record.node,
        record.complete);
}

std::string settled_line(std::uint64_t key, models::Version version) {
    return fmt::format("{{\"settled\":{},\"key\":{}}}\n", value_of(version), key);
}

}  // namespace archsim::reports

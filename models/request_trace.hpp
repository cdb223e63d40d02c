// Recorded requests, read from a file before the run starts.
#pragma once

#include "models/spec.hpp"
#include "sim/units.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace archsim::models {

/// One line of a trace: time, operation, key, size.
struct TraceRecord {
    sim::Duration at;             ///< Since the start of the run; never less than the line before.
    std::uint32_t operation = 0;  ///< Index into RequestTrace::operations.
    std::uint64_t key = 0;        ///< A text key is numbered in order of first appearance.
    sim::Bytes size;
};

/// A whole trace.
struct RequestTrace {
    std::vector<std::string> operations;
    std::vector<TraceRecord> records;
};

/// The name of a trace file, relative to the scenario. The reader records it, so that the loader
/// can read it.
struct TraceFile {
    std::string name;
    bool operator==(const TraceFile&) const = default;
};
template <>
struct Codec<TraceFile> {
    static std::optional<TraceFile> read(const Value& value, Reader& reader);
    static Value write(const TraceFile& file);
    static Value schema(SchemaBuilder& builder);
    static std::string type();
};

/// Every trace that a scenario names, by the name it uses.
using TraceFiles = std::map<std::string, RequestTrace>;

}  // namespace archsim::models

// The name of a trace in a scenario.
#include "models/request_trace.hpp"

namespace archsim::models {

std::optional<TraceFile> Codec<TraceFile>::read(const Value& value, Reader& reader) {
    const std::optional<std::string> name = Codec<std::string>::read(value, reader);
    if (!name) return std::nullopt;
    reader.refer(*name, value.spot(), FoundReference::To::trace);
    return TraceFile{*name};
}

Value Codec<TraceFile>::write(const TraceFile& file) { return Value::string(file.name); }

Value Codec<TraceFile>::schema(SchemaBuilder& builder) {
    return Codec<std::string>::schema(builder);
}

std::string Codec<TraceFile>::type() { return "file name"; }

}  // namespace archsim::models

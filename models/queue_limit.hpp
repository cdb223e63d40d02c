// How many may wait: a number of places, or the word "unbounded".
#pragma once

#include "models/spec.hpp"

#include <cstdint>
#include <optional>

namespace archsim::models {

/// Places to wait, those in service not counted; nothing means without limit.
struct QueueLimit {
    std::optional<std::uint64_t> places = std::nullopt;
    bool operator==(const QueueLimit&) const = default;
};

/// Written as a count or as "unbounded".
template <>
struct Codec<QueueLimit> {
    static std::optional<QueueLimit> read(const Value& value, Reader& reader);
    static Value write(const QueueLimit& limit);
    static Value schema(SchemaBuilder& builder);
    static std::string type();
};

}  // namespace archsim::models

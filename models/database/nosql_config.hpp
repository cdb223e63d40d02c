// What a scenario writes about a NoSQL database: its profile, and what each operation asks for.
#pragma once

#include "models/choice.hpp"
#include "models/distribution_codec.hpp"
#include "models/queue_limit.hpp"
#include "models/spec.hpp"
#include "sim/distribution.hpp"
#include "sim/units.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace archsim::models {

/// What a NoSQL database can be asked for in one call.
enum class NosqlCall : std::uint8_t {
    get,       ///< Reads the value of one key.
    put,       ///< Writes the value of one key.
    scan,      ///< Reads neighbouring rows.
    traverse,  ///< Follows edges from one vertex.
};

template <>
struct EnumNames<NosqlCall> {
    static constexpr std::array<EnumName<NosqlCall>, 4> names{{
        {NosqlCall::get, "get"},
        {NosqlCall::put, "put"},
        {NosqlCall::scan, "scan"},
        {NosqlCall::traverse, "traverse"},
    }};
};

/// What an operation asks for.
struct NosqlOperationConfig {
    NosqlCall call = NosqlCall::get;
    std::int64_t items = 1;
    std::int64_t depth = 1;
    std::int64_t fan_out = 1;
    static const Spec<NosqlOperationConfig>& spec();

    /// Edges that a traversal follows: fan_out on the first level, fan_out squared on the second.
    [[nodiscard]] double edges() const;
    /// Parts of a value, rows or edges.
    [[nodiscard]] double parts() const;
};

/// Opaque values under keys.
struct KeyValueProfile {
    static const Spec<KeyValueProfile>& spec();
};
/// Documents with parts inside.
struct DocumentProfile {
    sim::Distribution part_time;
    static const Spec<DocumentProfile>& spec();
};
/// Rows of a partition, sorted, each of columns.
struct ColumnFamilyProfile {
    sim::Distribution row_time;
    static const Spec<ColumnFamilyProfile>& spec();
};
/// Vertices and edges.
struct GraphProfile {
    sim::Distribution edge_time;
    static const Spec<GraphProfile>& spec();
};

/// One of the profiles.
using NosqlProfile = OneOf<KeyValueProfile, DocumentProfile, ColumnFamilyProfile, GraphProfile>;

/// Whether databases of this profile answer such a call.
[[nodiscard]] bool offers(const NosqlProfile& profile, NosqlCall call);
/// Work for each part of a value, row or edge of a call, beyond that for the call itself.
[[nodiscard]] sim::Distribution item_time(const NosqlProfile& profile, NosqlCall call);

/// The parameters of a NoSQL database.
struct NosqlConfig {
    NosqlProfile profile;
    InOrder<NosqlOperationConfig> operations;
    std::int64_t servers = 1;
    QueueLimit queue;
    sim::Distribution get_time;
    sim::Distribution put_time;
    sim::Bytes value_size;
    bool durable = true;
    static const Spec<NosqlConfig>& spec();
};

}  // namespace archsim::models

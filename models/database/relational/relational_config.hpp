// What a scenario writes about a relational database.
#pragma once

#include "models/codec.hpp"
#include "models/distribution_codec.hpp"
#include "models/key_source_codec.hpp"
#include "models/queue_limit.hpp"
#include "models/spec.hpp"
#include "sim/distribution.hpp"
#include "sim/key_source.hpp"
#include "sim/units.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace archsim::models {

/// What a transaction is protected from, weakest first.
enum class Isolation : std::uint8_t { read_uncommitted, read_committed, snapshot, serializable };

template <>
struct EnumNames<Isolation> {
    static constexpr std::array<EnumName<Isolation>, 4> names{{
        {Isolation::read_uncommitted, "read_uncommitted"},
        {Isolation::read_committed, "read_committed"},
        {Isolation::snapshot, "snapshot"},
        {Isolation::serializable, "serializable"},
    }};
};

/// The most rows that one transaction may touch.
inline constexpr std::int64_t transaction_rows_most = 10'000;

/// One statement of a transaction: exactly one of read, write and think.
struct StatementConfig {
    std::optional<std::int64_t> read = std::nullopt;   ///< Number of the first row read.
    std::optional<std::int64_t> write = std::nullopt;  ///< Number of the first row written.
    std::optional<sim::Distribution> think = std::nullopt;
    std::int64_t rows = 1;
    bool for_update = false;
    static const Spec<StatementConfig>& spec();

    /// How many rows the transaction has at least, so that this statement finds its own.
    [[nodiscard]] std::int64_t rows_needed() const {
        return think ? 0 : (read ? *read : write.value_or(0)) + rows;
    }
};

/// What the database does for one operation.
struct TransactionConfig {
    std::vector<StatementConfig> statements;
    std::optional<sim::KeySource> keys = std::nullopt;
    sim::Probability rollback;
    static const Spec<TransactionConfig>& spec();

    /// How many rows it touches: the numbers in its statements are below.
    [[nodiscard]] std::int64_t rows() const;
};

/// The write-ahead log.
struct WriteAheadConfig {
    sim::Distribution flush_time;
    sim::Duration window;
    std::optional<std::int64_t> batch = std::nullopt;
    static const Spec<WriteAheadConfig>& spec();
};

/// The parameters of a relational database.
struct RelationalConfig {
    Isolation isolation = Isolation::read_committed;
    InOrder<TransactionConfig> transactions;
    std::optional<std::int64_t> connections = std::nullopt;
    QueueLimit connection_queue;
    std::int64_t servers = 1;
    QueueLimit queue;
    sim::Distribution statement_time;
    sim::Distribution read_time;
    sim::Distribution write_time;
    std::int64_t attempts = 1;
    sim::Distribution backoff;
    bool durable_commit = true;
    WriteAheadConfig log;
    sim::Bytes value_size;
    static const Spec<RelationalConfig>& spec();
};

}  // namespace archsim::models

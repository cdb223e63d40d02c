// The values of rows in several versions, so that a snapshot can be read while others write.
#pragma once

#include "models/database/relational/schedule.hpp"
#include "models/history.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

namespace archsim::models {

/// Place of a commit in the log, from 1; 0 is the start.
using CommitPosition = std::uint64_t;

/// One value of a row.
struct RowVersion {
    TransactionId writer = 0;
    Version shown = initial_version;  ///< What clients get as the version of the data.
    CommitPosition commit = 0;
};

/// Committed versions of every row, in the order of their commits, and at most one that is not
/// committed yet. Rows that nobody has written hold the initial version.
class RowVersions {
public:
    /// The newest committed version. O(1).
    [[nodiscard]] RowVersion newest(std::uint64_t row) const;
    /// The newest that was committed up to `snapshot`. O(versions kept of the row).
    [[nodiscard]] RowVersion as_of(std::uint64_t row, CommitPosition snapshot) const;
    /// The version that is not committed yet, if there is one.
    [[nodiscard]] std::optional<RowVersion> uncommitted(std::uint64_t row) const;

    /// Writes a version that only commit() makes final; it replaces one that is not committed.
    void write(std::uint64_t row, TransactionId writer, Version shown);
    /// Commits the version of `row` that is not committed, and drops those that no reader of a
    /// snapshot from `needed` on can see. Requires: there is one; commits come in order.
    void commit(std::uint64_t row, CommitPosition commit, CommitPosition needed);
    /// Takes the version back that is not committed. Requires: there is one.
    void roll_back(std::uint64_t row);
    /// Forgets the versions of `row` that were committed after `kept`; returns how many.
    std::size_t forget_after(std::uint64_t row, CommitPosition kept);

    /// All rows ever written, in the order of the first write.
    [[nodiscard]] const std::vector<std::uint64_t>& rows() const { return written_; }
    /// Committed versions that are kept of a row, the initial one not counted.
    [[nodiscard]] std::size_t kept(std::uint64_t row) const;

private:
    struct Row {
        std::vector<RowVersion> committed;
        std::optional<RowVersion> pending;
    };
    [[nodiscard]] const Row* find(std::uint64_t row) const;
    [[nodiscard]] Row& existing(std::uint64_t row);

    std::unordered_map<std::uint64_t, Row> rows_;  // looked up, never gone through
    std::vector<std::uint64_t> written_;
};

}  // namespace archsim::models

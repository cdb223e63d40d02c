// Which version grew from which, over all sites: for counting what conflict resolution has thrown
// away, which nobody in the database can know.
#pragma once

#include "models/history.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace archsim::models {

/// The versions of one database. O(1) amortised but for losses().
class Lineage {
public:
    /// Notes a version; whether it is new.
    bool add(Version version) {
        Row& row = at(version);
        if (row.is_known) return false;
        row.is_known = true;
        return true;
    }
    /// A site has taken the write of it; whether it had not done so before.
    bool take(Version version, std::size_t site) {
        Row& row = at(version);
        const auto bit = static_cast<std::uint8_t>(1U << site);
        if ((row.takers & bit) != 0) return false;
        row.takers = static_cast<std::uint8_t>(row.takers | bit);
        return true;
    }
    /// Whether add() was told of it.
    [[nodiscard]] bool knows(Version version) const {
        return version < rows_.size() && rows_[version].is_known;
    }
    /// `version` replaced `parent` where it was made. Requires: add(version).
    void replaced(Version version, Version parent) {
        parents_.push_back({parent, rows_[version].first});
        rows_[version].first = static_cast<std::uint32_t>(parents_.size());
    }
    /// A client has been told of it.
    void acknowledge(Version version) { at(version).is_acknowledged = true; }
    /// It has met a concurrent one; whether that is new.
    bool meet(Version version) {
        Row& row = at(version);
        const bool is_new = !row.is_in_conflict;
        row.is_in_conflict = true;
        return is_new;
    }

    /// Acknowledged versions that the values of a key did not grow from.
    struct Losses {
        std::uint64_t discarded = 0;  ///< At no site.
        std::uint64_t lost = 0;       ///< Only at sites that are down.
    };
    /// What has become of all versions, from the values that sites which are up hold and those that
    /// the others hold. O(versions).
    [[nodiscard]] Losses losses(const std::vector<Version>& up,
                                const std::vector<Version>& down) const {
        std::vector<bool> is_alive(rows_.size());
        std::vector<bool> is_kept(rows_.size());
        mark(up, is_alive);
        mark(up, is_kept);
        mark(down, is_kept);
        Losses losses;
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            if (!rows_[i].is_acknowledged || is_alive[i]) continue;
            ++(is_kept[i] ? losses.lost : losses.discarded);
        }
        return losses;
    }

private:
    struct Row {
        std::uint32_t first = 0;  // of its parents, counted from 1; 0 is none
        std::uint8_t takers = 0;  // bit i: site i
        bool is_known = false;
        bool is_acknowledged = false;
        bool is_in_conflict = false;
    };
    struct Parent {
        Version version = initial_version;
        std::uint32_t next = 0;
    };
    Row& at(Version version) {
        if (rows_.size() <= version) rows_.resize(version + 1);
        return rows_[version];
    }
    void mark(std::vector<Version> open, std::vector<bool>& is_marked) const {
        while (!open.empty()) {
            const Version version = open.back();
            open.pop_back();
            if (is_marked[version]) continue;
            is_marked[version] = true;
            for (std::uint32_t i = rows_[version].first; i != 0; i = parents_[i - 1].next) {
                open.push_back(parents_[i - 1].version);
            }
        }
    }

    std::vector<Row> rows_;  // by version
    std::vector<Parent> parents_;
};

}  // namespace archsim::models

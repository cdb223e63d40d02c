// All logs of a consensus database in one tree: an entry names the one before it, so that the name
// of an entry means a whole log, and two logs that share an entry are equal up to it.
#pragma once

#include "models/database/versioned_data.hpp"
#include "sim/units.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

namespace archsim::models {

/// Names an entry, in the order of their creation from 1; 0 is the empty log.
using EntryId = std::uint64_t;

/// A write, or with the initial version the mark that begins a term.
struct TreeEntry {
    std::uint64_t key = 0;
    Version version = initial_version;
    std::uint64_t term = 0;  ///< Of the leader that created it.
    LogPosition position = 0;
    EntryId previous = 0;  ///< The entry before it in the log.
    EntryId twin = 0;      ///< An earlier entry that carries the same version, in another log.
    sim::Instant created;
    bool is_committed = false;
    bool is_acknowledged = false;  ///< A client has been told.
};

/// The entries that some member may still lack.
class EntryTree {
public:
    /// Adds an entry, which gets its twin, and returns its name. O(1) amortised.
    EntryId add(TreeEntry entry) {
        const EntryId id = base_ + entries_.size() + 1;
        if (entry.version != initial_version) {
            if (latest_.size() <= entry.version) latest_.resize(entry.version + 1);
            entry.twin = latest_[entry.version];
            latest_[entry.version] = id;
        }
        entries_.push_back(entry);
        return id;
    }
    /// Requires: holds(id). O(1).
    [[nodiscard]] TreeEntry& at(EntryId id) {
        return entries_[static_cast<std::size_t>(id - base_ - 1)];
    }
    [[nodiscard]] const TreeEntry& at(EntryId id) const {
        return const_cast<EntryTree&>(*this).at(id);
    }
    [[nodiscard]] bool holds(EntryId id) const { return id > base_; }
    /// Term of an entry; 0 for the empty log. Requires: id is 0 or held.
    [[nodiscard]] std::uint64_t term(EntryId id) const { return id == 0 ? 0 : at(id).term; }
    /// The last entry that carries a version; 0 if none does or it has been forgotten.
    [[nodiscard]] EntryId latest(Version version) const {
        return version < latest_.size() ? latest_[version] : 0;
    }
    /// Notes that an entry is committed. Requires: holds(id).
    void commit(EntryId id) {
        TreeEntry& entry = at(id);
        entry.is_committed = true;
        if (entry.version == initial_version) return;
        if (committed_.size() <= entry.version) committed_.resize(latest_.size());
        committed_[entry.version] = true;
    }
    /// Whether some entry that carries a version has been committed.
    [[nodiscard]] bool is_committed(Version version) const {
        return version < committed_.size() && committed_[version];
    }
    /// Forgets entries below `position`, oldest first. O(those forgotten).
    void trim(LogPosition position) {
        while (!entries_.empty() && entries_.front().position < position) {
            const Version version = entries_.front().version;
            entries_.pop_front();
            ++base_;
            if (latest(version) == base_) latest_[version] = 0;
        }
    }

private:
    std::deque<TreeEntry> entries_;
    EntryId base_ = 0;
    std::vector<EntryId> latest_;  // by version
    std::vector<bool> committed_;  // by version
};

/// The log of one member: a path through the tree, by position.
class Branch {
public:
    /// Everything up to here is the same in all logs and has been forgotten.
    [[nodiscard]] LogPosition base() const { return base_; }
    [[nodiscard]] LogPosition end() const { return base_ + ids_.size(); }
    /// Requires: base() <= position <= end(). O(1).
    [[nodiscard]] EntryId id(LogPosition position) const {
        return position == base_ ? base_id_ : ids_[static_cast<std::size_t>(position - base_ - 1)];
    }
    [[nodiscard]] EntryId last() const { return id(end()); }
    /// Whether this is its entry at a position, forgotten ones left out.
    [[nodiscard]] bool has(EntryId entry, LogPosition position) const {
        return position >= base_ && position <= end() && id(position) == entry;
    }
    void append(EntryId entry) { ids_.push_back(entry); }
    /// Takes back what comes after `position`. Requires: position >= base().
    void cut(LogPosition position) {
        while (end() > position) ids_.pop_back();
    }
    /// Forgets what comes before `position`. Requires: position <= end().
    void trim(LogPosition position) {
        while (base_ < position) {
            base_id_ = ids_.front();
            ids_.pop_front();
            ++base_;
        }
    }

private:
    LogPosition base_ = 0;
    EntryId base_id_ = 0;
    std::deque<EntryId> ids_;
};

}  // namespace archsim::models

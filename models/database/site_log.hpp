// What a site tells all other sites, in order: its writes, and its votes on their synchronous
// writes. Positions are dense; the front is forgotten once every site has it.
#pragma once

#include "models/database/site_value.hpp"
#include "sim/units.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>

namespace archsim::models {

/// One thing told.
struct SiteEntry {
    enum class Kind : std::uint8_t {
        write,     ///< Done: take it.
        proposal,  ///< A synchronous write, to be voted on.
        vote,      ///< On the proposal `about`.
    };
    Kind kind = Kind::write;
    bool is_yes = false;   ///< Of a vote.
    Dot about;             ///< Of a vote.
    SiteWrite write;       ///< Of the others.
    sim::Instant created;  ///< When the site took the write.
};

/// The entries (base, end] of one site.
class SiteLog {
public:
    [[nodiscard]] LogPosition base() const { return base_; }
    [[nodiscard]] LogPosition end() const { return base_ + entries_.size(); }
    /// Requires: base() < position <= end(). O(1).
    [[nodiscard]] const SiteEntry& at(LogPosition position) const {
        return entries_[static_cast<std::size_t>(position - base_ - 1)];
    }
    void append(const SiteEntry& entry) { entries_.push_back(entry); }
    /// Forgets the entries up to `position`. O(entries forgotten).
    void trim(LogPosition position) {
        while (base_ < position && !entries_.empty()) {
            entries_.pop_front();
            ++base_;
        }
    }

private:
    std::deque<SiteEntry> entries_;
    LogPosition base_ = 0;
};

}  // namespace archsim::models

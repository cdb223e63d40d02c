// Synchronous writes that are being decided, as one site sees them. Every site votes on every
// proposal and hears all votes: one refusal ends it, agreement of all makes it a write. This is
// certification as in replicated databases such as Galera (Pedone, Guerraoui, Schiper, "The
// Database State Machine Approach", 2003), with the order of the proposals taken from their time
// stamps instead of from a sequencer.
#pragma once

#include "models/database/site_value.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace archsim::models {

/// The proposals known to one site.
class SiteVotes {
public:
    /// `sites` vote, of which this is number `self`.
    SiteVotes(std::size_t sites, std::size_t self) : sites_{sites}, self_{self} {}
    SiteVotes(const SiteVotes&) = delete;
    SiteVotes& operator=(const SiteVotes&) = delete;

    /// Whether a proposal for this key is known and not decided: nobody reads or writes it now.
    [[nodiscard]] bool is_open(std::uint64_t key) const { return open_.contains(key); }
    /// Whether nothing waits for a decision.
    [[nodiscard]] bool is_at_rest() const { return open_.empty(); }

    /// Notes a proposal and returns this site's vote; it counts already. Two concurrent ones never
    /// both get all votes: the author of the earlier refuses the later for as long as its own one
    /// may still succeed. O(open proposals of the key).
    bool propose(const SiteWrite& write, sim::Instant created, const VersionVector& seen) {
        bool is_yes = write.before.covers(seen);
        auto& others = open_[write.key];
        for (const Dot& dot : others) {
            const SiteWrite& other = proposals_.find(number(dot))->second.write;
            if (!write.before.covers(dot) && comes_before(other, write)) is_yes = false;
        }
        others.push_back(write.dot);
        Proposal& proposal = proposals_[number(write.dot)];
        proposal.write = write;
        proposal.created = created;
        proposal.is_known = true;
        count(proposal, true);  // its author's
        if (write.dot.site != self_) count(proposal, is_yes);
        return is_yes;
    }
    /// Another site has voted.
    void vote(const Dot& about, bool is_yes) { count(proposals_[number(about)], is_yes); }

    /// A proposal that has just been decided.
    struct Decision {
        SiteWrite write;
        sim::Instant created;
        bool is_done = false;
    };
    /// The decision on a proposal, once: when there is one. O(open proposals of the key).
    std::optional<Decision> decide(const Dot& dot) {
        const auto found = proposals_.find(number(dot));
        Proposal& proposal = found->second;
        const bool is_complete = proposal.votes == sites_;
        if (!proposal.is_known || (!is_complete && !proposal.is_refused)) return std::nullopt;
        std::optional<Decision> decision;
        if (!proposal.is_decided) {
            proposal.is_decided = true;
            decision = Decision{proposal.write, proposal.created, !proposal.is_refused};
            close(proposal.write);
            if (proposal.watch != nullptr) proposal.watch->is_done_ = decision->is_done;
        }
        // Until the last vote has come, it could be taken for a new one.
        if (is_complete) proposals_.erase(found);
        return decision;
    }

    /// Remembers what was decided, for as long as its author waits for it.
    class Watch {
    public:
        Watch(SiteVotes& votes, const Dot& dot) : votes_{votes}, dot_{dot} {
            votes_.proposals_.find(number(dot))->second.watch = this;
        }
        Watch(const Watch&) = delete;
        Watch& operator=(const Watch&) = delete;
        ~Watch() {
            const auto found = votes_.proposals_.find(number(dot_));
            if (found != votes_.proposals_.end()) found->second.watch = nullptr;
        }
        [[nodiscard]] bool is_decided() const { return is_done_.has_value(); }
        /// Requires: is_decided().
        [[nodiscard]] bool is_done() const { return *is_done_; }

    private:
        friend class SiteVotes;
        SiteVotes& votes_;
        Dot dot_;
        std::optional<bool> is_done_;
    };

private:
    struct Proposal {
        SiteWrite write;
        sim::Instant created;
        std::size_t votes = 0;
        bool is_known = false;  // votes may come before the proposal
        bool is_refused = false;
        bool is_decided = false;
        Watch* watch = nullptr;
    };
    /// A write that was tried at two sites is proposed twice with one version.
    [[nodiscard]] static bool comes_before(const SiteWrite& a, const SiteWrite& b) {
        return std::pair{a.place, number(a.dot)} < std::pair{b.place, number(b.dot)};
    }
    [[nodiscard]] static std::uint64_t number(const Dot& dot) {
        return dot.position * sites_most + dot.site;
    }
    static void count(Proposal& proposal, bool is_yes) {
        ++proposal.votes;
        proposal.is_refused = proposal.is_refused || !is_yes;
    }
    void close(const SiteWrite& write) {
        const auto found = open_.find(write.key);
        std::erase(found->second, write.dot);
        if (found->second.empty()) open_.erase(found);
    }

    std::size_t sites_;
    std::size_t self_;
    std::unordered_map<std::uint64_t, Proposal> proposals_;     // looked up, never gone through
    std::unordered_map<std::uint64_t, std::vector<Dot>> open_;  // by key; likewise
};

}  // namespace archsim::models

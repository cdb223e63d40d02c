// What the sites of one multi-primary database share: parameters, the post between them, and what
// is known of its versions over all sites, for measuring and for the history.
#pragma once

#include "models/catalog.hpp"
#include "models/database/letter.hpp"
#include "models/database/lineage.hpp"
#include "models/database/post.hpp"
#include "models/database/site_config.hpp"
#include "models/database/site_log.hpp"
#include "models/station_metrics.hpp"
#include "sim/metrics.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

namespace archsim::models {

class SiteMember;

/// The shared part of a multi-primary database. Not movable.
class PrimarySites {
public:
    PrimarySites(MultiPrimaryConfig config, const BuildContext& context);
    PrimarySites(const PrimarySites&) = delete;
    PrimarySites& operator=(const PrimarySites&) = delete;

    /// Adds a site and returns its number; the post has to be told of it once it has its region.
    std::size_t add(SiteMember& site);
    [[nodiscard]] SiteMember& site(std::size_t number) const { return *sites_[number]; }
    [[nodiscard]] std::size_t sites() const { return static_cast<std::size_t>(config_.sites); }

    /// The version of a write that a site takes, with its place in the order: after `shown`, what
    /// readers of the key see there.
    [[nodiscard]] Version take(const Request& request, const SiteMember& site, Version shown);
    /// A new version that is no write of a client: the values of `shown` written together.
    [[nodiscard]] Version merge(const SiteMember& site, Version shown);
    /// A version has come into being and replaces `parents`, which may be none. The same version
    /// may come again, by a write that was tried at two sites. O(parents).
    void created(const SiteWrite& write, std::span<const Sibling> parents);
    /// A site has taken a write which met a concurrent one there.
    void met(Version version) { conflicts.add(lineage_.meet(version) ? 1 : 0); }
    /// Readers at a site see something else than `before`, or it knows more than it did.
    void changed(std::uint64_t key, const SiteMember& site, Version before);
    /// A client will hear that this version is written.
    void acknowledged(std::uint64_t key, Version version);
    /// Tells what each key holds; false if something is still on its way.
    [[nodiscard]] bool report_settled(HistoryRecorder& history) const;

    [[nodiscard]] const MultiPrimaryConfig& config() const { return config_; }
    [[nodiscard]] const BuildContext& context() const { return context_; }
    [[nodiscard]] sim::Simulation& simulation() const { return context_.simulation; }
    [[nodiscard]] sim::Instant now() const { return context_.simulation.now(); }
    [[nodiscard]] const WriteOrder& order() const { return order_; }
    [[nodiscard]] Lineage& lineage() { return lineage_; }
    [[nodiscard]] Post<Letter>& post() { return post_; }
    [[nodiscard]] StationMetrics& stations() { return stations_; }

    sim::Timing& lag;
    sim::Counter& conflicts;
    sim::Counter& reads;
    sim::Counter& sibling_reads;
    sim::Counter& merges;

private:
    struct Facts {
        Version committed = initial_version;        // the latest that a client has been told of
        std::optional<sim::Instant> differs_since;  // sites hold different things of the key
    };
    void publish();
    [[nodiscard]] bool is_alike(std::uint64_t key) const;
    [[nodiscard]] Lineage::Losses losses() const;

    MultiPrimaryConfig config_;
    BuildContext context_;
    StationMetrics stations_;
    WriteOrder order_;
    Lineage lineage_;
    std::vector<SiteMember*> sites_;
    std::unordered_map<std::uint64_t, Facts> facts_;  // by key; looked up, never gone through
    std::vector<std::uint64_t> keys_;                 // of facts_, as they came
    sim::Timing& convergence_;
    Post<Letter> post_;  // last: letters on their way go first
};

}  // namespace archsim::models

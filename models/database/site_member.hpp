// One site of a multi-primary database: it serves reads and writes, tells the others of its writes
// and applies theirs.
#pragma once

#include "models/database/key_waits.hpp"
#include "models/database/letter.hpp"
#include "models/database/primary_sites.hpp"
#include "models/database/site_log.hpp"
#include "models/database/site_outbox.hpp"
#include "models/database/site_votes.hpp"
#include "sim/signal.hpp"
#include "sim/station.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>

namespace archsim::models {

/// A database server that takes writes, as all others do.
class SiteMember final : public Correspondent<Letter> {
public:
    /// Joins `group`, which outlives it.
    SiteMember(PrimarySites& group, Component& owner, std::string name, std::uint32_t region);

    sim::Task<Response> serve(Request request) override;
    void receive(const Letter& letter, std::size_t from) override;
    void set_speed(double factor) override { station_.set_speed(factor); }
    [[nodiscard]] double load() const override;
    [[nodiscard]] bool uses_clock() const override { return true; }
    void set_clock_offset(sim::Duration offset) override { clock_offset_ = offset; }

    /// Begins to apply what the others tell.
    void start();
    void check() { station_.check_little(name()); }

    /// The time by its clock.
    [[nodiscard]] sim::Instant clock() const { return group_.now() + clock_offset_; }
    /// Its number in the group.
    [[nodiscard]] std::size_t number() const { return number_; }
    /// What it holds of a key.
    [[nodiscard]] const SiteValue& value(std::uint64_t key) const;
    /// Whether it has done all that the others have told or will tell by now.
    [[nodiscard]] bool is_at_rest() const;

private:
    /// What another site has told.
    struct Incoming {
        explicit Incoming(sim::Simulation& simulation) : news{simulation} {}
        LogPosition received = 0;
        LogPosition done = 0;
        sim::Instant sent;  // of the last letter
        sim::Signal news;
    };
    void on_crash() override;
    void on_restart() override;

    // Serving.
    sim::Task<Outcome> write(Request request, Response& response);
    sim::Task<Outcome> read(Request request, Response& response);
    /// Writes asynchronously; returns the version.
    Version write_now(const Request& request);
    sim::Task<Outcome> write_in_agreement(Request request, Response& response);
    /// Whether no write to the key is being decided, which may take until `end`.
    sim::Task<bool> is_free(std::uint64_t key, sim::Instant end);
    void merge(std::uint64_t key);
    [[nodiscard]] SiteWrite compose(std::uint64_t key, Version version, Version shown);
    void append(const SiteEntry& entry);

    // Applying.
    sim::Task<> apply_from(std::size_t origin);
    sim::Task<> apply_work(sim::Duration amount);
    void integrate(const SiteEntry& entry);
    void settle(const Dot& proposal);
    void create(const SiteWrite& write);
    void store(const SiteWrite& write, sim::Instant created);
    void acknowledge(std::size_t origin, bool gap);

    PrimarySites& group_;
    std::size_t number_;
    StationMetrics::Probe probe_;
    sim::Station station_;
    SiteLog log_;
    SiteOutbox outbox_;
    std::deque<Incoming> incoming_;                        // by site; that of this one stays empty
    std::unordered_map<std::uint64_t, SiteValue> values_;  // looked up, never gone through
    SiteVotes votes_;
    KeyWaits waits_;
    sim::Duration clock_offset_;
    sim::Rng read_rng_;
    sim::Rng write_rng_;
    sim::Rng apply_rng_;
};

}  // namespace archsim::models

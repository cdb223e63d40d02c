// One member of a consensus database: follower, candidate or leader, with its log, its data and its
// disk.
#pragma once

#include "models/database/consensus_group.hpp"
#include "models/database/consensus_letter.hpp"
#include "models/database/correspondent.hpp"
#include "models/database/entry_tree.hpp"
#include "models/database/log_disk.hpp"
#include "models/database/versioned_data.hpp"
#include "models/database/waiting_line.hpp"
#include "sim/station.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace archsim::models {

/// A database server. What it has committed it shows at once; what a crash takes back is undone.
class ConsensusMember final : public Correspondent<ConsensusLetter>,
                              private DiskOwner,
                              private Router {
public:
    /// Joins `group`, which outlives it; the first to join leads term 1.
    ConsensusMember(ConsensusGroup& group, Component& owner, std::string name,
                    std::uint32_t region);

    sim::Task<Response> serve(Request request) override;
    void receive(const ConsensusLetter& letter, std::size_t from) override;
    void set_speed(double factor) override;
    [[nodiscard]] bool has_disk() const override { return true; }
    void set_disk_speed(double factor) override;
    [[nodiscard]] bool uses_clock() const override { return true; }
    void set_clock_offset(sim::Duration offset) override { clock_offset_ = offset; }
    [[nodiscard]] double load() const override;

    /// Learns whom to pass requests on to, once all members are there.
    void connect();
    /// Begins its timers, at time zero.
    void start();
    void check() { station_.check_little(name()); }

    [[nodiscard]] std::size_t number() const { return number_; }
    [[nodiscard]] bool is_leader() const { return role_ == Role::leader; }
    [[nodiscard]] std::uint64_t term() const { return term_; }
    /// Whom it has voted for in its term.
    [[nodiscard]] std::optional<std::size_t> vote() const { return vote_; }
    [[nodiscard]] const Branch& log() const { return log_; }
    [[nodiscard]] const VersionedData& data() const { return data_; }
    /// Its log is committed, and its data shows it, up to here.
    [[nodiscard]] LogPosition committed() const { return committed_; }
    /// Whether no write is under way here.
    [[nodiscard]] bool is_idle() const { return writing_ == 0; }
    /// Committed and on disk: what will never be sent to it again.
    [[nodiscard]] LogPosition kept() const;
    void trim(LogPosition position) { log_.trim(position); }
    /// When it sent the last message that a majority has answered, in true time; of a leader.
    [[nodiscard]] sim::Instant last_confirmed() const;

private:
    enum class Role : std::uint8_t { follower, trial, candidate, leader };
    class Door;
    /// Counts a write under way for as long as its frame lives.
    class Writing;
    using Letter = ConsensusLetter;

    void on_crash() override;
    void on_restart() override;
    [[nodiscard]] Destination* pick(const Request& request) override;

    // Serving, in consensus_member.cpp.
    sim::Task<Response> lead(Request request);
    sim::Task<Response> answer_from_here(Request request);
    sim::Task<Outcome> write(Request request, Response& response);
    sim::Task<Outcome> read(Request request, Response& response);
    [[nodiscard]] Response blank() const;
    [[nodiscard]] Outcome refuse();
    [[nodiscard]] std::uint64_t next_round();

    // Standing for election, in consensus_election.cpp.
    void restart_timer();
    void timed_out();
    void stand_trial();
    void stand();
    void ask_all(bool is_trial);
    void asked(const Letter& letter, std::size_t from);
    void voted(const Letter& letter, std::size_t from);
    void count_vote(std::size_t from);
    void become_leader();
    void step_down();
    void step_to(std::uint64_t term);
    [[nodiscard]] bool has_promised() const;
    [[nodiscard]] bool is_behind(const Letter& letter) const;
    void beat();
    void revive();

    // Leading, in consensus_log.cpp.
    LogPosition append(const Request* request, Version version);
    void report_created(const TreeEntry& entry) const;
    void send_to(std::size_t member);
    void send_to_all();
    void answered(const Letter& letter, std::size_t from);
    void advance();
    void commit(LogPosition position);
    [[nodiscard]] bool has_lease() const;
    [[nodiscard]] sim::Instant confirmed_clock() const;

    // Following, in consensus_log.cpp.
    void take(const Letter& letter, std::size_t from);
    [[nodiscard]] bool has_previous(const Letter& letter) const;
    bool copy(const Letter& letter);
    void acknowledge(const Letter& letter, std::size_t to, bool is_granted, LogPosition match);
    void cut(LogPosition position);
    void apply(LogPosition position);
    void report_held(std::uint64_t key, Version version) const;

    // What is forced to disk, in consensus_disk.cpp.
    void after_disk(const Letter& letter, std::size_t to);
    void write_out();
    void written();
    void say(Letter letter, std::size_t to);
    void disk_done() override;
    void undo_unwritten();

    [[nodiscard]] sim::Instant clock() const { return group_.now() + clock_offset_; }

    /// What a leader knows of another member.
    struct Peer {
        LogPosition next = 1;   // what to send it next
        LogPosition match = 0;  // what it has on disk
        std::uint64_t round = 0;
        sim::Instant clock = sim::Instant::at(-sim::Duration::hours(1'000'000));
        sim::Instant confirmed;  // when the same message was sent, in true time
        sim::Instant retried;
    };
    /// The value that is `rank`-th largest among the other members; rank from 1.
    template <class Value>
    [[nodiscard]] Value ranked(std::size_t rank, Value Peer::*value) const {
        std::array<Value, consensus_members_most> values{};
        std::size_t count = 0;
        for (std::size_t i = 0; i < peers_.size(); ++i) {
            if (i != number_) values[count++] = peers_[i].*value;
        }
        const auto first = values.begin();
        const auto wanted = first + static_cast<std::ptrdiff_t>(rank) - 1;
        std::nth_element(first, wanted, first + static_cast<std::ptrdiff_t>(count),
                         std::greater<>{});
        return *wanted;
    }
    /// An answer that waits for the disk.
    struct Deferred {
        Letter letter;
        std::size_t to = 0;
    };
    /// What a write to disk takes along.
    struct Flush {
        LogPosition end = 0;
        std::uint64_t term = 1;
        std::optional<std::size_t> vote;
        std::size_t deferred = 0;
    };
    /// A value that was replaced by an entry that is not on disk.
    struct Replaced {
        LogPosition position = 0;
        std::uint64_t key = 0;
        Stored before;
    };
    struct Timer : sim::Event {
        Timer(ConsensusMember& m, Action action, std::uint32_t tag)
            : Event{action, tag}, member{m} {}
        ConsensusMember& member;
    };

    ConsensusGroup& group_;
    std::size_t number_;
    StationMetrics::Probe probe_;
    sim::Station station_;
    LogDisk disk_;
    double disk_speed_ = 1.0;
    sim::Duration clock_offset_;

    Role role_ = Role::follower;
    std::uint64_t term_ = 1;
    std::optional<std::size_t> vote_;
    std::optional<std::size_t> leader_;
    std::uint32_t votes_ = 0;  // bit i: from member i
    sim::Instant heard_;       // from a leader, by its clock
    Branch log_;
    LogPosition committed_ = 0;
    VersionedData data_;

    LogPosition written_ = 0;  // on disk
    std::uint64_t written_term_ = 1;
    std::optional<std::size_t> written_vote_;
    Flush flush_;
    bool is_writing_out_ = false;
    std::deque<Deferred> deferred_;
    std::deque<Replaced> replaced_;

    std::vector<Peer> peers_;  // by number; of a leader
    std::uint64_t round_ = 0;
    std::uint64_t confirmed_round_ = 0;
    std::uint64_t wanted_round_ = 0;
    LogPosition term_start_ = 0;  // the entry that began its term
    sim::Instant elected_;
    sim::Instant elected_clock_;
    std::unordered_map<std::uint64_t, Version> uncommitted_;  // newest by key; looked up only
    WaitingLine commits_;
    WaitingLine rounds_;

    Timer timer_;
    Timer heartbeat_;
    bool is_overdue_ = false;  // a timer rang while it was paused
    sim::Instant reset_at_;
    sim::Duration patience_;
    std::size_t writing_ = 0;
    std::vector<EntryId> path_;         // scratch
    std::unique_ptr<Node> door_;        // for what other members pass on
    std::vector<Destination> leaders_;  // by number: their doors
    std::optional<Port> forward_;
    sim::Rng read_rng_;
    sim::Rng write_rng_;
    sim::Rng disk_rng_;
    sim::Rng election_rng_;
};

}  // namespace archsim::models

// A station: c servers and one line in front of them, the M/M/c of queueing theory and every
// service of a scenario. A process asks for work and sleeps until its work is done.
#pragma once

#include "sim/simulation.hpp"
#include "sim/time_weighted.hpp"
#include "sim/units.hpp"

#include <coroutine>
#include <cstdint>
#include <optional>
#include <set>
#include <string_view>

namespace archsim::sim {

/// Who is served next.
enum class Discipline : std::uint8_t {
    fifo,               ///< First in, first out.
    lifo,               ///< Last in, first out; the job in service is not interrupted.
    priority,           ///< The most urgent first, equals first in first out; no interruption.
    processor_sharing,  ///< All at once, sharing the servers evenly; nobody waits.
};

/// What a station tells its observer; times are exact.
class StationObserver {
public:
    virtual void arrived() = 0;
    virtual void rejected() = 0;
    /// A job left: how long it waited for a server and how long it was at one.
    virtual void completed(Duration waiting, Duration service) = 0;
    /// A crash or a cancellation took a job that was waiting or in service.
    virtual void lost() = 0;
    /// A job was not begun because its deadline had passed.
    virtual void dropped() {}

protected:
    ~StationObserver() = default;
};

/// c servers with one queue. Work is measured in time at speed 1. Not movable; every job must
/// have left before it is destroyed.
class Station {
public:
    struct Options {
        std::uint32_t servers = 1;
        /// Places to wait, not counting those in service; nothing means without limit. Processor
        /// sharing counts as waiting the jobs beyond the number of servers.
        std::optional<std::uint64_t> queue = std::nullopt;
        Discipline discipline = Discipline::fifo;
        std::uint32_t tag = 0;  ///< Whose events these are, for the fingerprint.
        /// How busy servers slow each other down: with n of them busy, each works at speed
        /// 1 / (1 + contention (n - 1) + coherency n (n - 1)). Source: the universal scalability
        /// law (Gunther, "A General Theory of Computational Scalability", 2008). Both >= 0.
        double contention = 0.0;
        double coherency = 0.0;
    };

    Station(Simulation& simulation, Options options, StationObserver* observer = nullptr);
    Station(const Station&) = delete;
    Station& operator=(const Station&) = delete;

    class Work;
    /// `co_await station.work(amount, priority)`: true once `amount` of work is done, false at
    /// once if the queue is full. A job whose `deadline` has passed when its turn comes is not
    /// begun: false then. Requires amount >= 0. O(1); priority, sharing and servers that slow each
    /// other down O(log n).
    [[nodiscard]] Work work(Duration amount, std::uint8_t priority = 0,
                            Instant deadline = Instant::never());

    /// Speed of every server: work of 10 ms takes 20 ms at 0.5 and stands still at 0. Work in
    /// progress keeps what it has done. Requires speed >= 0. O(jobs in service).
    void set_speed(double speed);
    [[nodiscard]] double speed() const { return speed_; }
    /// More or fewer servers from now on; with fewer, those in service finish first.
    void set_servers(std::uint32_t servers);
    [[nodiscard]] std::uint32_t servers() const { return options_.servers; }
    /// From now on only servers at work count as capacity: nobody is to send work here any more.
    void retire();

    [[nodiscard]] std::uint64_t waiting() const { return waiting_; }
    [[nodiscard]] std::uint64_t in_service() const { return in_service_; }
    /// Waiting and in service.
    [[nodiscard]] std::uint64_t present() const { return waiting_ + in_service_; }
    /// How long the job waited that began last.
    [[nodiscard]] Duration last_wait() const { return last_wait_; }

    /// The three levels over time; `busy` counts busy servers, `capacity` all of them.
    [[nodiscard]] Level& present_level() { return present_level_; }
    [[nodiscard]] Level& queue_level() { return queue_level_; }
    [[nodiscard]] Level& busy_level() { return busy_level_; }
    [[nodiscard]] Level& capacity_level() { return capacity_level_; }

    /// Little's law as an identity in whole nanoseconds: the integral of the number present equals
    /// the sum of the times spent here. Stops the process, naming `place`, if it does not hold.
    void check_little(std::string_view place);

private:
    /// One job; it lives in the frame of the process that waits for it.
    struct Job : Event {
        explicit Job(Action action) : Event{action} {}
        Station* station = nullptr;
        std::coroutine_handle<> waiter;
        Duration remaining;   // work left at `since`; with one pace for all, the whole amount
        double finish = 0.0;  // with one pace for all: done when shared_work_ reaches it
        Instant arrived;
        Instant started;
        Instant since;
        Instant deadline = Instant::never();
        Job* next = nullptr;
        Job* previous = nullptr;
        std::uint64_t order = 0;
        std::uint8_t priority = 0;
        bool dropped = false;
        enum class Place : std::uint8_t {
            outside,
            waiting,
            serving,
            leaving,  // dropped, and about to be told
        } place = Place::outside;
    };
    /// An intrusive list of jobs.
    struct List {
        Job* first = nullptr;
        Job* last = nullptr;
        void append(Job& job);
        void prepend(Job& job);
        void remove(Job& job);
    };
    struct MoreUrgent {
        bool operator()(const Job* a, const Job* b) const {
            return a->priority != b->priority ? a->priority > b->priority : a->order < b->order;
        }
    };
    struct DoneSooner {
        bool operator()(const Job* a, const Job* b) const {
            return a->finish != b->finish ? a->finish < b->finish : a->order < b->order;
        }
    };

    [[nodiscard]] bool enter(Job& job);  // false: no room
    void start(Job& job);
    void schedule_end(Job& job);
    void end(Job& job);
    void withdraw(Job& job);
    void drop(Job& job);
    void account_departure(Job& job);
    void fill_servers();
    void put_in_line(Job& job);
    void take_from_line(Job& job);
    [[nodiscard]] Job* head_of_line() const;
    [[nodiscard]] bool sharing() const {
        return options_.discipline == Discipline::processor_sharing;
    }
    void update_busy();
    /// Whether all work in progress goes at one pace that changes with how much of it there is:
    /// jobs in service are then in shared_, else in serving_.
    [[nodiscard]] bool has_one_pace() const { return sharing() || is_slowed_; }

    // Work at one pace, in station_sharing.cpp.
    [[nodiscard]] double share() const;
    void share_advance();
    void share_schedule();
    void share_enter(Job& job);
    void share_remove(Job& job);
    static void share_tick(Event& event);

    static void job_done(Event& event) {
        Job& job = static_cast<Job&>(event);
        if (job.place == Job::Place::leaving) {
            job.place = Job::Place::outside;
            job.waiter.resume();  // the frame with the job may be gone now
            return;
        }
        job.station->end(job);
    }

    struct Tick : Event {
        explicit Tick(Station& s) : Event{&Station::share_tick}, station{s} {}
        Station& station;
    };

    Simulation& simulation_;
    Options options_;
    StationObserver* observer_;
    double speed_ = 1.0;
    bool is_slowed_ = false;  // busy servers slow each other down
    bool is_retired_ = false;
    List line_;
    std::set<Job*, MoreUrgent> urgent_;
    List serving_;
    std::set<Job*, DoneSooner> shared_;
    double shared_work_ = 0.0;  // nanoseconds of work that each job in shared_ has been given
    Instant shared_at_;
    Tick tick_{*this};
    std::uint64_t next_order_ = 0;
    std::uint64_t waiting_ = 0;
    std::uint64_t in_service_ = 0;
    Duration last_wait_;
    Level present_level_;
    Level queue_level_;
    Level busy_level_;
    Level capacity_level_;
    __extension__ __int128 sojourn_sum_ = 0;  // nanoseconds, of jobs that left
    __extension__ __int128 arrival_sum_ = 0;  // arrival instants of the jobs present
};

/// The awaitable of Station::work.
class Station::Work {
public:
    Work(Station& station, Duration amount, std::uint8_t priority, Instant deadline)
        : job_{&Station::job_done} {
        job_.station = &station;
        job_.remaining = amount;
        job_.priority = priority;
        job_.deadline = deadline;
    }
    ~Work() {
        if (job_.place != Job::Place::outside) job_.station->withdraw(job_);
    }
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;

    [[nodiscard]] bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> waiter) {
        job_.waiter = waiter;
        accepted_ = job_.station->enter(job_);
        return accepted_;
    }
    [[nodiscard]] bool await_resume() const noexcept { return accepted_ && !job_.dropped; }

private:
    Job job_;
    bool accepted_ = false;
};

inline Station::Work Station::work(Duration amount, std::uint8_t priority, Instant deadline) {
    return Work{*this, amount, priority, deadline};
}

}  // namespace archsim::sim

// The kind "relational": connections, statements at the servers, and transactions on rows.
#include "models/database/one_server.hpp"
#include "models/database/relational/anomalies.hpp"
#include "models/database/relational/transaction_engine.hpp"
#include "models/database/relational/transaction_plan.hpp"
#include "models/station_metrics.hpp"
#include "sim/semaphore.hpp"
#include "sim/station.hpp"

#include <limits>
#include <memory>
#include <utility>
#include <vector>

namespace archsim::models {

namespace {

/// How a try of a transaction ended.
enum class TryEnd : std::uint8_t { committed, deadlock, conflict, rolled_back, no_room };

/// The node: one server process with its memory, and its log on the disk.
class RelationalNode final : public Node, private TransactionEngine::Watcher {
public:
    RelationalNode(Component& owner, const RelationalConfig& config, const BuildContext& context)
        : Node{owner, owner.name()},
          config_{config},
          context_{context},
          plans_{config_, context_.operations},
          stations_{context_},
          probe_{stations_},
          station_{context_.simulation, options(config_, context_), &probe_},
          connections_{context_.simulation,
                       config_.connections ? static_cast<std::uint64_t>(*config_.connections)
                                           : std::numeric_limits<std::uint64_t>::max(),
                       config_.connection_queue.places},
          log_{context_.simulation, context_.metrics, config_.log,
               context_.rng("log"), processes(),      context_.number},
          anomalies_{context_.metrics},
          engine_{context_.simulation,
                  context_.metrics,
                  {config_.isolation, config_.durable_commit},
                  log_,
                  anomalies_},
          rng_{context_.rng("service")},
          row_rng_{context_.rng("rows")},
          choice_rng_{context_.rng("rollback")},
          commits_{context_.metrics.counter()},
          aborts_{context_.metrics.counter()},
          deadlocks_{context_.metrics.counter()},
          conflicts_{context_.metrics.counter()},
          connection_wait_{context_.metrics.timing()},
          transaction_time_{context_.metrics.timing()} {
        set_region(context_.region);
        engine_.watch(*this);
        stations_.add(context_.name + "/0", station_, probe_);
        publish();
    }

    sim::Task<Response> serve(Request request) override {
        Response response;
        const sim::Instant asked = context_.simulation.now();
        const auto connection = co_await connections_.acquire();
        if (!connection) {
            response.outcome = Outcome::rejected;
            co_return response;
        }
        connection_wait_.record(context_.simulation.now() - asked);
        const TryEnd end = co_await work_through(request, response);
        if (end == TryEnd::no_room) response.outcome = Outcome::rejected;
        if (end != TryEnd::committed && end != TryEnd::no_room) response.outcome = Outcome::failed;
        co_return response;
    }

    /// A slow machine may have a fast disk; one that stands still has none.
    void set_speed(double factor) override {
        station_.set_speed(factor);
        is_still_ = factor == 0.0;
        log_.set_speed(is_still_ ? 0.0 : disk_speed_);
    }
    [[nodiscard]] bool has_disk() const override { return true; }
    void set_disk_speed(double factor) override {
        disk_speed_ = factor;
        if (!is_still_) log_.set_speed(factor);
    }
    [[nodiscard]] double load() const override {
        return static_cast<double>(connections_.held() + connections_.waiting());
    }
    void check() {
        station_.check_little(name());
        log_.check(name());
    }
    [[nodiscard]] bool promises_no_loss() const { return config_.durable_commit; }
    [[nodiscard]] bool report_settled(HistoryRecorder& history) const {
        if (!engine_.is_idle() || connections_.held() > 0) return false;
        for (const std::uint64_t row : engine_.rows().rows()) {
            history.settled(row, engine_.rows().newest(row).shown);
        }
        return true;
    }
    [[nodiscard]] Profile profile(std::uint32_t operation) const {
        Profile profile;
        // Locks, the log and connections take time as well, and may have more than they can do.
        profile.is_timed = profile.is_all_work = false;
        if (const TransactionPlan* const own = plans_.own(operation)) {
            profile.station = station_for(*own);
        } else {
            profile.station = station_for(plans_.reading());
            profile.station_of_writes = station_for(plans_.writing());
        }
        return profile;
    }

private:
    [[nodiscard]] StationProfile station_for(const TransactionPlan& plan) const {
        const TransactionPlans::Work work = plans_.work_of(plan);
        StationProfile station;
        station.servers = static_cast<std::uint32_t>(config_.servers);
        station.queue = config_.queue.places;
        station.visits = work.statements;
        station.mean_work = work.seconds;
        return station;
    }
    static sim::Station::Options options(const RelationalConfig& config,
                                         const BuildContext& context) {
        return {.servers = static_cast<std::uint32_t>(config.servers),
                .queue = config.queue.places,
                .discipline = sim::Discipline::fifo,
                .tag = context.number};
    }

    /// Tries the transaction of a request, again and again if it may.
    sim::Task<TryEnd> work_through(Request request, Response& response) {
        const sim::Instant begun = context_.simulation.now();
        const std::uint64_t age = ++last_age_;
        if (request.access == Access::write && request.version == 0) {
            request.version = context_.history.next_version();
        }
        const TransactionLease lease{engine_, spare_};
        Transaction& transaction = *lease;
        TransactionPlan& plan = plans_.find(request.operation, request.access);
        plan.draw_rows(request.key, row_rng_, begun, transaction.rows);
        for (std::int64_t attempt = 1;; ++attempt) {
            engine_.begin(transaction, age);
            const TryEnd end = co_await try_once(plan, transaction, request, response);
            if (end == TryEnd::committed) {
                commits_.add();
                transaction_time_.record(context_.simulation.now() - begun);
                co_return end;
            }
            engine_.roll_back(transaction);
            if (end != TryEnd::deadlock && end != TryEnd::conflict) co_return end;
            aborts_.add();
            (end == TryEnd::deadlock ? deadlocks_ : conflicts_).add();
            if (attempt >= config_.attempts) co_return end;
            const sim::Duration pause = config_.backoff.sample(rng_);
            if (pause > sim::Duration{}) co_await context_.simulation.delay(pause);
        }
    }

    sim::Task<TryEnd> try_once(const TransactionPlan& plan, Transaction& transaction,
                               Request request, Response& response) {
        response.size = sim::Bytes{};
        for (const StatementConfig& statement : plan.config->statements) {
            const TryEnd end = co_await perform(statement, transaction, request, response);
            if (end != TryEnd::committed) co_return end;
        }
        const double rollback = plan.config->rollback.value();
        if (rollback > 0.0 && choice_rng_.chance(rollback)) co_return TryEnd::rolled_back;
        co_await engine_.commit(transaction);
        co_return TryEnd::committed;
    }

    /// One statement; "committed" means that the transaction can go on.
    sim::Task<TryEnd> perform(const StatementConfig& statement, Transaction& transaction,
                              Request request, Response& response) {
        if (statement.think) {
            const sim::Duration pause = statement.think->sample(rng_);
            co_await context_.simulation.delay(pause);
            co_return TryEnd::committed;
        }
        const Abort abort = co_await lock_rows(statement, transaction);
        if (abort == Abort::deadlock) co_return TryEnd::deadlock;
        if (abort == Abort::conflict) co_return TryEnd::conflict;
        const sim::Duration amount = work_of(statement);
        const bool done = co_await station_.work(amount, request.priority);
        if (!done) co_return TryEnd::no_room;
        probe_.trace(context_, request, *this);
        access_rows(statement, transaction, request, response);
        co_return TryEnd::committed;
    }

    sim::Task<Abort> lock_rows(const StatementConfig& statement, Transaction& transaction) {
        const bool plain_read = statement.read && !statement.for_update;
        if (plain_read && !engine_.reads_lock()) co_return Abort::none;
        const std::size_t first = first_row(statement);
        for (std::size_t i = first; i < first + static_cast<std::size_t>(statement.rows); ++i) {
            const std::uint64_t row = transaction.rows[i];
            Abort abort = Abort::none;
            if (plain_read) {
                abort = co_await engine_.prepare_read(transaction, row);
            } else {
                abort = co_await engine_.prepare_write(transaction, row);
            }
            if (abort != Abort::none) co_return abort;
        }
        co_return Abort::none;
    }

    [[nodiscard]] static std::size_t first_row(const StatementConfig& statement) {
        return static_cast<std::size_t>(statement.read ? *statement.read : *statement.write);
    }

    [[nodiscard]] sim::Duration work_of(const StatementConfig& statement) {
        const sim::Distribution& row = statement.read ? config_.read_time : config_.write_time;
        sim::Duration amount = config_.statement_time.sample(rng_);
        if (row.is_constant()) return amount + row.sample(rng_) * statement.rows;
        for (std::int64_t i = 0; i < statement.rows; ++i) amount += row.sample(rng_);
        return amount;
    }

    void access_rows(const StatementConfig& statement, Transaction& transaction,
                     const Request& request, Response& response) {
        const std::size_t first = first_row(statement);
        for (std::size_t i = first; i < first + static_cast<std::size_t>(statement.rows); ++i) {
            const std::uint64_t row = transaction.rows[i];
            if (statement.read) {
                const RowVersion found = engine_.read(transaction, row);
                response.size += config_.value_size;
                if (i == 0 && request.access == Access::read) show(found.shown, response);
                continue;
            }
            std::optional<Version> shown;
            if (i == 0 && request.access == Access::write) {
                shown = request.version;
                show(request.version, response);
            }
            engine_.write(transaction, row, shown);
        }
    }

    /// The answer speaks of the row of the request's key, in the way of the user's operation. What
    /// does something else names no store, so that nobody takes it for a read or write of that key.
    void show(Version version, Response& response) const {
        response.version = version;
        response.store = context_.number;
    }

    void changed(const TransactionEngine::Change& change) override {
        ++writes_;
        if (change.before == change.after) return;
        const sim::Instant now = context_.simulation.now();
        if (context_.history.is_on(context_.number)) {
            const auto node = static_cast<std::uint16_t>(context_.number);
            context_.history.created({.version = change.after,
                                      .key = change.row,
                                      .parent = change.before,
                                      .position = writes_,
                                      .created = now,
                                      .origin = node});
            context_.history.applied(
                {.key = change.row, .version = change.after, .at = now, .replica = 0});
        }
        context_.freshness.committed(context_.number, change.row, change.after, now);
    }

    void on_crash() override { engine_.crash(); }

    void publish() {
        sim::Metrics& metrics = context_.metrics;
        metrics.publish_rate(context_.path("commits"), commits_);
        metrics.publish_count(context_.path("aborts"), aborts_);
        metrics.publish_count(context_.path("deadlocks"), deadlocks_);
        metrics.publish_count(context_.path("conflicts"), conflicts_);
        metrics.publish_timing(context_.path("connection_wait"), connection_wait_);
        metrics.publish_timing(context_.path("transaction_time"), transaction_time_);
        metrics.publish_level(context_.path("connections"),
                              metrics.watch(connections_.held_level()));
        for (std::size_t i = 0; i < anomaly_count; ++i) {
            const auto anomaly = static_cast<Anomaly>(i);
            metrics.publish_count(context_.path("anomalies/") + std::string{name_of(anomaly)},
                                  anomalies_.counter(anomaly));
        }
        engine_.publish(context_.path(""));
        log_.publish(context_.path(""));
        publish_ever("lost_writes", [this] { return engine_.lost_writes(); });
        publish_ever("lost_transactions", [this] { return engine_.lost_transactions(); });
    }

    /// Publishes a count that knows no windows.
    template <class Count>
    void publish_ever(const char* metric, Count count) {
        context_.metrics.derive(context_.path(metric), "count",
                                [count](const sim::Stretch& s) -> std::optional<double> {
                                    if (s.span == sim::Span::window) return std::nullopt;
                                    return static_cast<double>(count());
                                });
    }

    const RelationalConfig& config_;
    BuildContext context_;
    TransactionPlans plans_;
    StationMetrics stations_;
    StationMetrics::Probe probe_;
    sim::Station station_;
    sim::Semaphore connections_;
    WriteAheadLog log_;
    AnomalyCounter anomalies_;
    TransactionEngine engine_;
    TransactionLease::Places spare_;
    sim::Rng rng_;
    sim::Rng row_rng_;
    sim::Rng choice_rng_;
    sim::Counter& commits_;
    sim::Counter& aborts_;
    sim::Counter& deadlocks_;
    sim::Counter& conflicts_;
    sim::Timing& connection_wait_;
    sim::Timing& transaction_time_;
    std::uint64_t last_age_ = 0;
    std::uint64_t writes_ = 0;
    double disk_speed_ = 1.0;
    bool is_still_ = false;
};

}  // namespace

extern const NodeKind relational_kind;
const NodeKind relational_kind = NodeKind::of<OneServer<RelationalConfig, RelationalNode>>();

}  // namespace archsim::models

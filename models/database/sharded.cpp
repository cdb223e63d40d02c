// A sharded database: every key lives on one of several databases. While shards join or leave, keys
// move one after another under traffic.
#include "models/catalog.hpp"
#include "models/connection.hpp"
#include "models/database/migration.hpp"
#include "models/database/sharded_config.hpp"
#include "models/load_balancer/roster.hpp"
#include "sim/check.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace archsim::models {

namespace {

class Sharded final : public Component, public Roster {
public:
    using Config = ShardedConfig;
    Sharded(Config config, const BuildContext& context);

    void connect(Directory&) override;
    void check_end() override;
    [[nodiscard]] bool holds_data() const override { return true; }
    [[nodiscard]] bool lists(std::string_view node) const override;
    void set_joined(std::string_view node, bool joined) override;
    [[nodiscard]] Profile profile(std::uint32_t operation) const override;

private:
    /// The node that clients call: it knows where each key lives.
    class Front final : public Node {
    public:
        explicit Front(Sharded& owner) : Node{owner, owner.name()}, owner_{owner} {}
        sim::Task<Response> serve(Request request) override {
            if (request.key >= owner_.table_.size()) {
                owner_.unknown_.add();
                co_return Response::only(Outcome::failed);
            }
            owner_.asked_.add();
            if (owner_.lookup_time_ != nullptr) {
                const sim::Duration time = owner_.lookup_time_->sample(owner_.rng_);
                co_await owner_.context_.simulation.delay(time);
            }
            if (owner_.migration_.is_moving(request.key)) owner_.waited_.add();
            while (owner_.migration_.is_moving(request.key)) {
                co_await owner_.migration_.moved().wait();
            }
            const Migration::Passage passage{owner_.migration_, request.key};
            const std::uint32_t shard = owner_.table_[request.key];
            owner_.sent_[shard]->add();
            Response response = co_await owner_.connections_[shard]->port().call(request);
            owner_.answer(request, response);
            co_return response;
        }
        void begin_migration() { processes().start(owner_.migrate()); }

    private:
        void on_crash() override { owner_.migration_.interrupt(); }
        void on_restart() override {
            if (owner_.migration_.is_under_way()) begin_migration();
        }
        Sharded& owner_;
    };

    void publish();
    void answer(const Request& request, Response& response);
    [[nodiscard]] std::vector<RingMember> current_shards() const;
    [[nodiscard]] std::uint64_t keys_of(std::uint32_t shard) const {
        return static_cast<std::uint64_t>(std::ranges::count(table_, shard));
    }
    sim::Task<> migrate();
    sim::Task<bool> copy(std::uint64_t key, std::uint32_t from, std::uint32_t to);

    Config config_;
    BuildContext context_;
    std::vector<bool> joined_;
    ShardTable table_;
    Migration migration_;
    const sim::Distribution* lookup_time_ = nullptr;
    sim::Rng rng_;
    Front front_;
    std::vector<std::unique_ptr<Connection>> connections_;
    std::vector<sim::Counter*> sent_;
    sim::Counter& asked_;
    sim::Counter& unknown_;
    sim::Counter& waited_;
    sim::Counter& copies_;
    sim::Counter& copies_failed_;
    std::uint32_t copy_operation_;
    std::uint64_t next_copy_ = 1;
};

Sharded::Sharded(Config config, const BuildContext& context)
    : Component{context.name, context.kind},
      config_{std::move(config)},
      context_{context},
      migration_{context.simulation},
      rng_{context.rng("lookup")},
      front_{*this},
      asked_{context.metrics.counter()},
      unknown_{context.metrics.counter()},
      waited_{context.metrics.counter()},
      copies_{context.metrics.counter()},
      copies_failed_{context.metrics.counter()},
      copy_operation_{context.operations.number("copy")} {
    for (const ShardConfig& shard : config_.shards) {
        joined_.push_back(shard.joined);
        sent_.push_back(&context_.metrics.counter());
    }
    if (const auto* const table = std::get_if<DirectoryPlacement>(&config_.placement)) {
        lookup_time_ = table->lookup_time ? &*table->lookup_time : nullptr;
    }
    table_ =
        lay_out(config_.placement, current_shards(), static_cast<std::uint64_t>(config_.keys), {});
    front_.set_region(context.region);
    add_member(front_);
    publish();
}

void Sharded::publish() {
    sim::Metrics& metrics = context_.metrics;
    std::vector<const sim::Counter*> all(sent_.begin(), sent_.end());
    for (std::uint32_t i = 0; i < sent_.size(); ++i) {
        const std::string shard = context_.path("shard/" + std::to_string(i));
        metrics.publish_ratio(shard + "/share", *sent_[i], all);
        metrics.derive(shard + "/keys", "count",
                       [this, i](const sim::Stretch&) -> std::optional<double> {
                           return static_cast<double>(keys_of(i));
                       });
    }
    metrics.derive(context_.path("imbalance"), "",
                   [this](const sim::Stretch& s) -> std::optional<double> {
                       std::uint64_t most = 0;
                       std::uint64_t sum = 0;
                       std::uint64_t sharing = 0;
                       for (std::size_t i = 0; i < sent_.size(); ++i) {
                           const std::uint64_t count = sent_[i]->count(s.span);
                           most = std::max(most, count);
                           sum += count;
                           sharing += count > 0 || joined_[i] ? 1 : 0;
                       }
                       if (sum == 0) return std::nullopt;
                       return static_cast<double>(most * sharing) / static_cast<double>(sum);
                   });
    metrics.derive(context_.path("keys_moved"), "ratio",
                   [this](const sim::Stretch& s) -> std::optional<double> {
                       if (s.span == sim::Span::window || !migration_.last()) return std::nullopt;
                       return static_cast<double>(migration_.last()->moved) /
                              static_cast<double>(table_.size());
                   });
    metrics.derive(context_.path("resharding_time"), "s",
                   [this](const sim::Stretch& s) -> std::optional<double> {
                       if (s.span == sim::Span::window || !migration_.last()) return std::nullopt;
                       return migration_.last()->length.in_seconds();
                   });
    metrics.publish_ratio(context_.path("waited"), waited_, {&asked_});
    metrics.publish_ratio(context_.path("unknown_key"), unknown_, {&asked_, &unknown_});
    metrics.publish_count(context_.path("copies"), copies_);
    metrics.publish_count(context_.path("copies_failed"), copies_failed_);
}

void Sharded::connect(Directory&) {
    for (const ShardConfig& shard : config_.shards) {
        connections_.push_back(std::make_unique<Connection>(context_, front_, shard));
    }
}

std::vector<RingMember> Sharded::current_shards() const {
    std::vector<RingMember> found;
    for (std::uint32_t i = 0; i < config_.shards.size(); ++i) {
        if (!joined_[i]) continue;
        found.push_back({config_.shards[i].to.name, config_.shards[i].weight, i});
    }
    return found;
}

void Sharded::answer(const Request& request, Response& response) {
    if (response.store == 0) return;
    // Clients and caches see one database, whichever shard has answered.
    response.store = context_.number;
    if (request.access == Access::write && response.outcome == Outcome::ok) {
        context_.freshness.committed(context_.number, request.key, response.version,
                                     context_.simulation.now());
    }
}

bool Sharded::lists(std::string_view node) const {
    return std::ranges::any_of(config_.shards,
                               [node](const ShardConfig& shard) { return shard.to.name == node; });
}

void Sharded::set_joined(std::string_view node, bool joined) {
    bool changed = false;
    for (std::size_t i = 0; i < joined_.size(); ++i) {
        if (config_.shards[i].to.name != node || joined_[i] == joined) continue;
        joined_[i] = joined;
        changed = true;
    }
    // The last shard stays: its keys have nowhere to go.
    if (!changed || current_shards().empty()) return;
    const ShardTable target =
        lay_out(config_.placement, current_shards(), table_.size(), migration_.target(table_));
    const bool begins = !migration_.is_under_way();
    migration_.plan(table_, target);
    if (begins && front_.is_up()) front_.begin_migration();
}

sim::Task<> Sharded::migrate() {
    while (migration_.has_next(table_)) {
        const sim::Instant began = context_.simulation.now();
        const std::uint64_t key = migration_.next();
        migration_.hold(key);
        while (migration_.is_used(key)) {
            co_await migration_.drained().wait();
        }
        const std::uint32_t from = table_[key];
        const std::uint32_t to = migration_.goal_of(key);
        const bool done = co_await copy(key, from, to);
        if (done) table_[key] = to;
        migration_.release(done);
        sim::Instant again = began;
        if (!done) {
            again = context_.simulation.now() + config_.retry_after;
        } else if (config_.migration_rate) {
            again = began + sim::Duration::from_seconds(1.0 / config_.migration_rate->per_second());
        }
        if (again > context_.simulation.now()) {
            const sim::Duration pause = again - context_.simulation.now();
            co_await context_.simulation.delay(pause);
        }
    }
}

sim::Task<bool> Sharded::copy(std::uint64_t key, std::uint32_t from, std::uint32_t to) {
    Request request;
    request.id = (std::uint64_t{context_.number} << 40U) | next_copy_++;
    request.key = key;
    request.operation = copy_operation_;
    request.source = static_cast<std::uint16_t>(context_.number);
    request.issued = context_.simulation.now();
    const Response found = co_await connections_[from]->port().call(request);
    if (found.outcome != Outcome::ok) {
        copies_failed_.add();
        co_return false;
    }
    // Databases tell the version; one that has none for the key has nothing to copy.
    if (found.store != 0 && found.version == 0) co_return true;
    request.access = Access::write;
    request.version = found.version;
    request.size = config_.value_size;
    const Response stored = co_await connections_[to]->port().call(request);
    (stored.outcome == Outcome::ok ? copies_ : copies_failed_).add();
    co_return stored.outcome == Outcome::ok;
}

void Sharded::check_end() {
    std::uint64_t keys = 0;
    for (std::uint32_t i = 0; i < joined_.size(); ++i) keys += keys_of(i);
    ARCHSIM_CHECK_AT(name(), keys == table_.size(), "{} keys of {} are on a shard", keys,
                     table_.size());
    if (migration_.is_under_way()) return;
    ARCHSIM_CHECK_AT(name(), migration_.target(table_) == table_,
                     "resharding has ended, but not every key is where it belongs");
}

Profile Sharded::profile(std::uint32_t operation) const {
    Profile profile;
    for (std::uint32_t i = 0; i < config_.shards.size(); ++i) {
        const ShardConfig& shard = config_.shards[i];
        profile.calls.push_back(
            {.to = shard.to.name,
             .operation = operation,
             .mean_calls = static_cast<double>(keys_of(i)) / static_cast<double>(table_.size()),
             .one_of = true,
             .plain = shard.is_plain() && shard.loss.value() == 0.0,
             .spread = Spread::by_state,
             .delay = shard.delay,
             .limited = shard.bandwidth.has_value()});
    }
    return profile;
}

}  // namespace

extern const NodeKind sharded_kind;
const NodeKind sharded_kind = NodeKind::of<Sharded>();

}  // namespace archsim::models

// The kind "cache": one or more instances that keep copies of what a node behind them holds.
#include "models/cache/cache_node.hpp"

#include <deque>
#include <utility>

namespace archsim::models {

namespace {

class Cache final : public Component {
public:
    using Config = cache::CacheConfig;
    Cache(Config config, const BuildContext& context)
        : Component{context.name, context.kind},
          config_{std::move(config)},
          context_{context},
          metrics_{context_} {
        for (const std::string& operation : config_.invalidate_on) {
            invalidating_.push_back(context_.operations.number(operation));
        }
        for (std::int64_t i = 0; i < config_.instances; ++i) make_instance();
    }

    void connect(Directory&) override {
        for (const auto& instance : instances_) instance->connect();
        is_connected_ = true;
    }
    void start() override {
        for (const auto& instance : instances_) instance->start();
        is_started_ = true;
    }
    void check_end() override { metrics_.check_end(name()); }

    Node* add_instance() override {
        cache::CacheNode& instance = make_instance();
        if (is_connected_) instance.connect();
        if (is_started_) instance.start();
        return &instance;
    }
    Node* remove_instance() override {
        for (auto last = instances_.rbegin(); last != instances_.rend(); ++last) {
            if ((*last)->is_retired()) continue;
            retire(**last);
            return last->get();
        }
        return nullptr;
    }

    [[nodiscard]] Profile profile(std::uint32_t operation) const override {
        Profile profile;
        profile.is_timed = false;
        for (const std::uint32_t message : invalidating_) {
            if (message == operation) return profile;
        }
        profile.cache = law();
        const EdgeConfig& edge = config_.calls.front();
        profile.calls.push_back({.to = edge.to.name,
                                 .operation = operation,
                                 .at_most = true,
                                 .plain = false,
                                 .delay = edge.delay});
        add_fallback(profile, edge);
        return profile;
    }

private:
    [[nodiscard]] CacheProfile law() const {
        CacheProfile profile;
        if (std::holds_alternative<cache::Lru::Config>(config_.eviction)) {
            profile.eviction = CacheProfile::Law::lru;
        } else if (std::holds_alternative<cache::Fifo::Config>(config_.eviction) ||
                   std::holds_alternative<cache::Random::Config>(config_.eviction)) {
            profile.eviction = CacheProfile::Law::fifo;
        }
        if (config_.capacity.unit == cache::Capacity::Unit::entries) {
            profile.entries = config_.capacity.amount;
        }
        if (config_.ttl) profile.ttl = config_.ttl->in_seconds();
        profile.is_simple = config_.instances == 1 && config_.ttl_jitter.value() == 0.0 &&
                            !config_.stale_while_revalidate &&
                            config_.writes<cache::RefreshAhead>() == nullptr;
        return profile;
    }

    cache::CacheNode& make_instance() {
        const std::string address = name() + "/" + std::to_string(instances_.size());
        instances_.push_back(std::make_unique<cache::CacheNode>(*this, address, config_, context_,
                                                                invalidating_, metrics_));
        add_member(*instances_.back());
        return *instances_.back();
    }

    Config config_;
    BuildContext context_;
    cache::CacheMetrics metrics_;
    std::vector<std::uint32_t> invalidating_;
    std::deque<std::unique_ptr<cache::CacheNode>> instances_;
    bool is_connected_ = false;
    bool is_started_ = false;
};

}  // namespace

extern const NodeKind cache_kind;
const NodeKind cache_kind = NodeKind::of<Cache>();

}  // namespace archsim::models

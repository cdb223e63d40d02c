// One instance of a cache: its contents, and what it does for reads, writes and messages.
#pragma once

#include "models/cache/cache_config.hpp"
#include "models/cache/cache_metrics.hpp"
#include "models/cache/evictions.hpp"
#include "models/cache/store.hpp"
#include "models/cache/under_way.hpp"
#include "models/cache/write_buffer.hpp"
#include "models/cache/write_mode.hpp"
#include "models/catalog.hpp"
#include "models/connection.hpp"
#include "sim/rng.hpp"
#include "sim/signal.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace archsim::models::cache {

/// Answers reads from its copies where it can, and calls the origin where it cannot.
class CacheNode final : public Node {
public:
    /// All references outlive the node. `invalidating` are the operations that are messages.
    CacheNode(Component& owner, std::string name, const CacheConfig& config,
              const BuildContext& context, const std::vector<std::uint32_t>& invalidating,
              CacheMetrics& metrics);

    /// Finds the origin; called once, before start().
    void connect();
    /// Begins to flush, if it buffers writes.
    void start();
    sim::Task<Response> serve(Request request) override;
    void set_speed(double factor) override;

private:
    /// What is kept with a key.
    struct Copy {
        std::uint64_t version = 0;
        sim::Instant expires = sim::Instant::never();
        sim::Instant refresh_from = sim::Instant::never();  ///< A read from then on refreshes it.
        sim::Bytes size;                                    ///< Of the answer.
        std::uint32_t store = 0;
        bool is_failure = false;
        bool is_refreshing = false;
    };

    void on_crash() override;
    void on_restart() override;

    sim::Task<> pause();
    sim::Task<Response> read(Request request);
    sim::Task<Response> fetch(Request request);
    sim::Task<> refresh(Request request);
    [[nodiscard]] std::optional<Response> look_up(const Request& request);
    [[nodiscard]] Response answer_with(const Request& request, Copy& copy);
    /// Counts a read that is being answered, with the age of what it gets.
    void note_age(std::uint64_t key, const Response& answer);

    sim::Task<Response> write(Request request);
    sim::Task<Response> write_past(Request request);
    sim::Task<Response> write_through(Request request);
    sim::Task<Response> write_behind(Request request);
    sim::Task<> flush_for_ever();
    void flush();
    sim::Task<> save(Request request);
    sim::Task<> drop_later(std::uint64_t key, sim::Duration delay);

    void drop(std::uint64_t key);
    /// Keeps what the origin has answered to a read.
    void keep(const Request& request, const Response& answer);
    void put(std::uint64_t key, sim::Bytes weight, Copy copy);
    [[nodiscard]] Copy copy_of(std::uint64_t version, std::uint32_t store, sim::Bytes size);
    void learn(const Response& answer);
    [[nodiscard]] sim::Instant now() const { return context_.simulation.now(); }

    const CacheConfig& config_;
    const BuildContext& context_;
    const std::vector<std::uint32_t>& invalidating_;
    CacheMetrics& metrics_;
    const WriteBehind* buffers_;  ///< Parameters of write-behind, or nullptr.
    sim::Rng time_rng_;
    sim::Rng life_rng_;
    bool takes_time_;
    double speed_ = 1.0;
    Store<Eviction, Copy> store_;
    UnderWay under_way_;
    WriteBuffer buffer_;
    std::vector<std::uint64_t> evicted_dirty_;
    sim::Signal room_;
    sim::Signal moving_;
    std::unique_ptr<Connection> origin_;
    std::uint32_t origin_store_ = 0;  ///< The store behind, once an answer has named it.
};

}  // namespace archsim::models::cache

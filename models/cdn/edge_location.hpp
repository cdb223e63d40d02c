// One edge location of a CDN, or its shield: a store of copies and the way to the origin.
#pragma once

#include "models/cache/evictions.hpp"
#include "models/cache/store.hpp"
#include "models/cdn/cdn.hpp"
#include "models/connection.hpp"
#include "models/one_node_router.hpp"
#include "sim/signal.hpp"

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace archsim::models {

/// Serves users of its surroundings; as the shield, other locations.
class EdgeLocation final : public Node {
public:
    enum class Role : std::uint8_t { edge, shield };

    EdgeLocation(Cdn& cdn, const std::string& place, std::uint32_t region, Role role);

    /// Finds the origin and, if there is one, the shield.
    void connect(EdgeLocation* shield);
    /// Puts an object there before the run begins.
    void preload(std::uint64_t key);

    sim::Task<Response> serve(Request request) override;

    /// Stops the process if the store holds more than it may.
    void check() const;

private:
    /// A copy of an object.
    struct Copy {
        Version version = initial_version;
        std::uint32_t store = 0;  ///< Of the original.
        sim::Bytes size;
        sim::Instant expires = sim::Instant::never();
    };
    using Copies = cache::Store<cache::Eviction, Copy>;
    /// A fetch that others wait for.
    struct Fetch {
        explicit Fetch(sim::Simulation& simulation) : done{simulation} {}
        sim::Signal done;
        Response answer;
        std::int64_t waiting = 0;
    };

    static Copies make_copies(const Cdn& cdn, const std::string& place);
    void on_crash() override;

    sim::Task<Response> read(Request request);
    sim::Task<Response> write(Request request);
    /// Gets the object from further behind, once for all who want it if so configured.
    sim::Task<Response> fetch(Request request);
    sim::Task<Response> fetch_alone(Request request);
    /// Tells one location of a new version after the time that the news needs.
    sim::Task<> spread(EdgeLocation& to, std::uint64_t key, Copy copy);
    void learn(std::uint64_t key, const Copy& copy);

    [[nodiscard]] const Copy* fresh_copy(std::uint64_t key);
    void keep(std::uint64_t key, const Copy& copy);
    void drop(std::uint64_t key, const Copy& copy);
    /// Counts what a user gets.
    void deliver(const Request& request, const Response& response);
    [[nodiscard]] bool is_shield() const { return role_ == Role::shield; }
    [[nodiscard]] sim::Instant now() const { return cdn_.context_.simulation.now(); }

    Cdn& cdn_;
    std::string place_;
    Role role_;
    Copies copies_;
    sim::Counter& reads_;
    sim::Counter& hits_;
    sim::Counter& egress_;
    sim::Rng rng_;
    std::unique_ptr<Connection> origin_;
    std::unique_ptr<OneNodeRouter> shield_router_;
    std::unique_ptr<Port> shield_port_;
    EdgeConfig shield_edge_;
    std::map<std::uint64_t, std::list<Fetch>::iterator> open_;  // fetches under way, by key
    std::list<Fetch> fetches_;  // those and the ones whose waiters have not all been resumed
};

}  // namespace archsim::models

// A content delivery network: edge locations close to the users keep copies of what an origin far
// away holds. Pull fetches an object when it is first asked for, push has it there beforehand.
#pragma once

#include "models/cache/evictions.hpp"
#include "models/catalog.hpp"
#include "models/connection.hpp"
#include "models/object_size.hpp"
#include "sim/metrics.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace archsim::models {

/// How content comes to the edge locations.
enum class CdnMode : std::uint8_t { pull, push };

template <>
struct EnumNames<CdnMode> {
    static constexpr std::array<EnumName<CdnMode>, 2> names{{
        {CdnMode::pull, "pull"},
        {CdnMode::push, "push"},
    }};
};

/// The parameters of a CDN.
struct CdnConfig {
    CdnMode mode = CdnMode::pull;
    std::vector<RegionName> locations;
    std::optional<RegionName> shield = std::nullopt;
    std::optional<sim::Bytes> capacity = std::nullopt;
    cache::EvictionChoice eviction;
    std::optional<sim::Duration> ttl = std::nullopt;
    std::optional<sim::Distribution> propagation = std::nullopt;
    bool single_flight = false;
    sim::Distribution edge_time;
    std::int64_t objects = 0;
    ObjectSize object_size;
    std::optional<Reference> originals = std::nullopt;
    std::vector<EdgeConfig> calls;
    static const Spec<CdnConfig>& spec();
};

class EdgeLocation;

/// The edge locations and what they measure together.
class Cdn final : public Component {
public:
    using Config = CdnConfig;

    Cdn(Config config, const BuildContext& context);
    ~Cdn() override;

    void connect(Directory&) override;
    void check_end() override;
    [[nodiscard]] std::vector<Node*> nearest(std::uint32_t region) override;
    [[nodiscard]] const sim::LevelProbe* stored_bytes() const override { return &stored_probe_; }
    [[nodiscard]] Profile profile(std::uint32_t operation) const override;

private:
    friend class EdgeLocation;

    /// What all locations count together.
    struct Totals {
        sim::Counter* reads = nullptr;    ///< Of users.
        sim::Counter* hits = nullptr;     ///< Answered from the nearest location.
        sim::Counter* answers = nullptr;  ///< Content delivered to users.
        sim::Counter* stale = nullptr;    ///< Of these, with outdated content.
        sim::Counter* origin = nullptr;   ///< Calls of the origin, fetches and writes.
        sim::Counter* fetches = nullptr;
        sim::Counter* fetched = nullptr;  ///< Bytes of the fetches.
        sim::Counter* egress = nullptr;   ///< Bytes to users.
        sim::Counter* evictions = nullptr;
        sim::Counter* expired = nullptr;
        sim::Counter* purged = nullptr;
        sim::Timing* staleness = nullptr;
    };
    void publish();
    void make_locations();
    /// Whether a write through the CDN reaches the copies.
    [[nodiscard]] bool spreads_news() const {
        return config_.mode == CdnMode::push || config_.propagation.has_value();
    }
    /// The component that holds the originals.
    [[nodiscard]] const Component& originals() const;

    Config config_;
    BuildContext context_;
    Totals totals_;
    sim::Level stored_;
    const sim::LevelProbe& stored_probe_;
    std::vector<std::unique_ptr<EdgeLocation>> locations_;
    std::unique_ptr<EdgeLocation> shield_;
    LinkConfig between_locations_;  // news takes `propagation`, over lines of the CDN's own
};

}  // namespace archsim::models

// DNS: turns one name into one of several sites, by where the user is, and remembers the answer for
// its time to live. That memory is why a fail-over through DNS takes long.
#pragma once

#include "models/catalog.hpp"
#include "models/connection.hpp"
#include "sim/metrics.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace archsim::models {

/// Which of the sites that work is the answer.
enum class DnsPolicy : std::uint8_t { latency, geographic, weighted };

template <>
struct EnumNames<DnsPolicy> {
    static constexpr std::array<EnumName<DnsPolicy>, 3> names{{
        {DnsPolicy::latency, "latency"},
        {DnsPolicy::geographic, "geographic"},
        {DnsPolicy::weighted, "weighted"},
    }};
};

/// How the authoritative server watches the sites.
struct DnsCheckConfig {
    sim::Duration interval = sim::Duration::seconds(30);
    std::int64_t fall = 3;
    std::int64_t rise = 1;
    static const Spec<DnsCheckConfig>& spec();
};

/// The parameters of a name.
struct DnsConfig {
    DnsPolicy policy = DnsPolicy::latency;
    InOrder<double> weights;
    sim::Duration ttl;
    sim::Distribution lookup_time;
    std::int64_t resolvers = 1;
    std::optional<DnsCheckConfig> health_check = std::nullopt;
    std::vector<EdgeConfig> calls;
    static const Spec<DnsConfig>& spec();
};

class RegionResolver;

/// The authoritative server with its health checks, and the resolvers of all regions.
class Dns final : public Component {
public:
    using Config = DnsConfig;

    Dns(Config config, const BuildContext& context);
    ~Dns() override;

    void start() override;
    /// The resolvers of a region, which are made when its first caller asks for them.
    [[nodiscard]] std::vector<Node*> nearest(std::uint32_t region) override;
    [[nodiscard]] Profile profile(std::uint32_t operation) const override;

private:
    friend class RegionResolver;

    /// A site as the authoritative server knows it.
    struct Site {
        Component* component = nullptr;
        double weight = 1.0;
        bool is_up = true;          ///< As the health checks have found.
        std::int64_t contrary = 0;  ///< Probes in a row that found otherwise.
        sim::Counter* sent = nullptr;
    };
    struct Probe : sim::Event {
        explicit Probe(Dns& d) : Event{&due}, dns{d} {}
        static void due(sim::Event& event) { static_cast<Probe&>(event).dns.probe(); }
        Dns& dns;
    };

    void connect(Directory&) override { find_sites(); }
    void find_sites();
    void publish();
    void probe();
    /// The site for a user in `region`: one that is up if there is any.
    [[nodiscard]] std::size_t choose(std::uint32_t region);
    [[nodiscard]] std::size_t choose_by_weight(const std::vector<std::size_t>& candidates);
    [[nodiscard]] std::size_t choose_nearest(const std::vector<std::size_t>& candidates,
                                             std::uint32_t region) const;
    [[nodiscard]] std::uint32_t region_of(std::size_t site) const;
    [[nodiscard]] std::optional<double> distance_to(std::size_t site, std::uint32_t region) const;

    Config config_;
    BuildContext context_;
    std::vector<Site> sites_;
    std::vector<std::unique_ptr<RegionResolver>> resolvers_;
    sim::Rng rng_;
    Probe probe_;
    sim::Counter& lookups_;
    sim::Counter& remembered_;
    sim::Counter& requests_;
    sim::Counter& misdirected_;
    sim::Counter& failovers_;
    sim::Timing& failover_time_;
};

}  // namespace archsim::models

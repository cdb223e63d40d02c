// Active-active: all sites serve, each the users near it or all in turn, and take the load of those
// that are found to be down.
#include "models/sites/site_group.hpp"

#include <array>
#include <utility>

namespace archsim::models {

/// Which site takes a request.
enum class SiteRoute : std::uint8_t { nearest, in_turn };

template <>
struct EnumNames<SiteRoute> {
    static constexpr std::array<EnumName<SiteRoute>, 2> names{{
        {SiteRoute::nearest, "nearest"},
        {SiteRoute::in_turn, "in_turn"},
    }};
};

namespace {

struct ActiveActiveConfig : SitesConfig {
    SiteRoute route = SiteRoute::nearest;
    static const Spec<ActiveActiveConfig>& spec();
};

/// Keeps the configuration before the base class that refers to it.
struct HoldsActiveConfig {
    ActiveActiveConfig config;
};

class ActiveActive final : private HoldsActiveConfig, public SiteGroup {
public:
    using Config = ActiveActiveConfig;

    ActiveActive(Config configured, const BuildContext& build)
        : HoldsActiveConfig{std::move(configured)},
          SiteGroup{config, build},
          failovers_{build.metrics.counter()} {
        build.metrics.publish_count(build.path("failovers"), failovers_);
    }
    [[nodiscard]] Profile profile(std::uint32_t operation) const override {
        return profile_with(std::nullopt, operation);
    }

private:
    /// O(sites).
    [[nodiscard]] std::optional<std::size_t> choose(std::uint32_t region) override {
        std::optional<std::size_t> chosen;
        if (config.route == SiteRoute::in_turn) {
            for (std::size_t tried = 0; tried < size() && !chosen; ++tried) {
                const std::size_t site = next_++ % size();
                if (is_up(site)) chosen = site;
            }
            return chosen;
        }
        for (std::size_t site = 0; site < size(); ++site) {
            if (!is_up(site)) continue;
            if (!chosen || distance(region, site) < distance(region, *chosen)) chosen = site;
        }
        return chosen;
    }
    void found(std::size_t site) override {
        if (!is_up(site)) failovers_.add();
    }

    std::size_t next_ = 0;
    sim::Counter& failovers_;
};

const Spec<ActiveActiveConfig>& ActiveActiveConfig::spec() {
    static const auto declared =
        with_sites(
            Spec<ActiveActiveConfig>{"active_active",
                                     "Several sites serve at the same time, each in its region."}
                .guide("Princípios, 4. Padrões de disponibilidade")
                .optional("route", &ActiveActiveConfig::route,
                          "nearest: the site with the least mean delay from the user's region, "
                          "the first listed among equals; in_turn: one after the other."))
            .metric("failovers", "count", "Sites found to be down, whose load the others take.")
            .assume("Sites that are found to be down get nothing until they are found to be back.")
            .assume("Data that sites keep are the business of the databases behind them.");
    return declared;
}

}  // namespace

extern const NodeKind active_active_kind;
const NodeKind active_active_kind = NodeKind::of<ActiveActive>();

}  // namespace archsim::models

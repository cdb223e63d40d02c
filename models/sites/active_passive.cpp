// Active-passive: one site serves, the others stand by, cold, warm or hot, and take over when it is
// found to be down.
#include "models/sites/site_group.hpp"
#include "models/sites/unreplicated.hpp"

#include <utility>
#include <variant>

namespace archsim::models {

namespace {

/// The stand-by runs and has every write before it is acknowledged.
struct HotStandby {
    sim::Duration activation;
    static const Spec<HotStandby>& spec() {
        static const auto s =
            Spec<HotStandby>{"hot", "Runs and has all data: nothing is lost."}.optional(
                "activation", &HotStandby::activation, "From the detection to the take-over.");
        return s;
    }
    [[nodiscard]] CopyRule copies() const { return {}; }
};

/// The stand-by runs; data follow with a lag.
struct WarmStandby {
    sim::Duration activation;
    sim::Duration lag;
    static const Spec<WarmStandby>& spec() {
        static const auto s = Spec<WarmStandby>{"warm", "Runs, and has the data of a while ago."}
                                  .required("activation", &WarmStandby::activation,
                                            "From the detection to the take-over.")
                                  .required("lag", &WarmStandby::lag,
                                            "How long after its answer a write is at the stand-by.")
                                  .more_than(sim::Duration{});
        return s;
    }
    [[nodiscard]] CopyRule copies() const { return {.lag = lag}; }
};

/// The stand-by is switched off; it is started from a backup.
struct ColdStandby {
    sim::Duration activation;
    sim::Duration backup_every;
    static const Spec<ColdStandby>& spec() {
        static const auto s =
            Spec<ColdStandby>{"cold", "Is started when needed, from the last backup."}
                .required("activation", &ColdStandby::activation,
                          "From the detection to the take-over: start, restore, check.")
                .required("backup_every", &ColdStandby::backup_every, "From backup to backup.")
                .more_than(sim::Duration{})
                .assume("The load of making backups is not simulated.");
        return s;
    }
    [[nodiscard]] CopyRule copies() const { return {.backup_every = backup_every}; }
};

struct ActivePassiveConfig : SitesConfig {
    OneOf<HotStandby, WarmStandby, ColdStandby> standby;
    bool fail_back = false;
    static const Spec<ActivePassiveConfig>& spec();
};

/// Keeps the configuration before the base class that refers to it.
struct HoldsConfig {
    ActivePassiveConfig config;
};

class ActivePassive final : private HoldsConfig, public SiteGroup {
public:
    using Config = ActivePassiveConfig;

    ActivePassive(Config configured, const BuildContext& build)
        : HoldsConfig{std::move(configured)},
          SiteGroup{config, build},
          writes_{std::visit([](const auto& standby) { return standby.copies(); }, config.standby),
                  build.simulation, [this] { return really_up(active_); }},
          ready_{*this},
          failovers_{build.metrics.counter()},
          lost_{build.metrics.counter()} {
        build.metrics.publish_count(build.path("failovers"), failovers_);
        build.metrics.publish_count(build.path("lost_writes"), lost_);
    }

    void start() override {
        SiteGroup::start();
        writes_.start();
    }
    [[nodiscard]] Profile profile(std::uint32_t operation) const override {
        return profile_with(0, operation);
    }

private:
    struct Ready : sim::Event {
        explicit Ready(ActivePassive& a)
            : Event{[](sim::Event& e) { static_cast<Ready&>(e).group.take_over(); }, 0x53},
              group{a} {}
        ActivePassive& group;
    };

    [[nodiscard]] std::optional<std::size_t> choose(std::uint32_t) override {
        return next_ || !is_up(active_) ? std::nullopt : std::optional{active_};
    }
    void answered(std::size_t site, const Request& request, Outcome outcome) override {
        const bool counts = request.access == Access::write && outcome == Outcome::ok;
        if (counts && site == active_) writes_.wrote();
    }

    void found(std::size_t site) override {
        if (next_ && !is_up(*next_)) {  // it fails while it is being activated
            next_.reset();
            ready_.cancel();
        }
        if (next_) return;
        if (is_up(active_)) {
            writes_.came_back();
            if (site == 0) fail_back();
            return;
        }
        for (std::size_t i = 0; i < size() && !next_; ++i) {
            if (is_up(i)) next_ = i;
        }
        if (!next_) return;
        const sim::Duration time =
            std::visit([](const auto& standby) { return standby.activation; }, config.standby);
        if (time == sim::Duration{}) {
            take_over();
        } else {
            context().simulation.schedule_in(ready_, time);
        }
    }

    void take_over() {
        lost_.add(writes_.taken_over());
        failovers_.add();
        active_ = *next_;
        next_.reset();
        fail_back();
    }
    /// The active one hands over with all its data; nobody has to wait.
    void fail_back() {
        if (!config.fail_back || active_ == 0 || !is_up(0)) return;
        active_ = 0;
        writes_.handed_over();
    }

    std::size_t active_ = 0;
    std::optional<std::size_t> next_;  // being activated
    Unreplicated writes_;
    Ready ready_;
    sim::Counter& failovers_;
    sim::Counter& lost_;
};

const Spec<ActivePassiveConfig>& ActivePassiveConfig::spec() {
    static const auto declared =
        with_sites(Spec<ActivePassiveConfig>{
                       "active_passive",
                       "One of several sites serves; another takes over when it is down."}
                       .guide("Princípios, 4. Padrões de disponibilidade")
                       .optional("standby", &ActivePassiveConfig::standby,
                                 "In which state the others are, and what that costs."))
            .optional("fail_back", &ActivePassiveConfig::fail_back,
                      "Whether the first site serves again as soon as it is back.")
            .metric("failovers", "count", "Take-overs by another site.")
            .metric("lost_writes", "count",
                    "Acknowledged writes that the site that took over did not have.")
            .assume(
                "The first site in \"calls\" is active at the start; of those that are up the "
                "first listed takes over.")
            .assume(
                "From the detection to the take-over requests are rejected; an activation that "
                "has begun goes on though the active site is back, which serves again after it "
                "only if it fails back.")
            .assume(
                "A write counts as lost if the request is a write, was answered ok by the "
                "active site, and was not copied when another took over; sites that keep data "
                "themselves are to be databases, which count on their own.")
            .assume("Going back is planned: no time without a site, and nothing lost.");
    return declared;
}

}  // namespace

extern const NodeKind active_passive_kind;
const NodeKind active_passive_kind = NodeKind::of<ActivePassive>();

}  // namespace archsim::models

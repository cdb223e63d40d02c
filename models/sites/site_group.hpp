// Several sites behind one name: who notices that a site is down, and the way from each region to
// the site that a derived kind chooses.
#pragma once

#include "models/catalog.hpp"
#include "models/connection.hpp"
#include "sim/metrics.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace archsim::models {

/// How it is found out that a site is down or back.
struct DetectionConfig {
    sim::Duration interval = sim::Duration::seconds(1);
    std::int64_t fall = 1;
    std::int64_t rise = 1;
    static const Spec<DetectionConfig>& spec();
};

/// What all groups of sites are told.
struct SitesConfig {
    std::vector<EdgeConfig> calls;
    DetectionConfig detection;
};

class SiteFront;

/// A component that hands each request to one of its sites.
class SiteGroup : public Component {
public:
    SiteGroup(const SitesConfig& config, const BuildContext& context);
    ~SiteGroup() override;

    void connect(Directory&) override;
    void start() override;
    /// The front of a region, which is made when its first caller asks for it.
    [[nodiscard]] std::vector<Node*> nearest(std::uint32_t region) override;

protected:
    /// The site for a request from `region`; nothing if there is none at present.
    [[nodiscard]] virtual std::optional<std::size_t> choose(std::uint32_t region) = 0;
    /// A site has answered.
    virtual void answered(std::size_t, const Request&, Outcome) {}
    /// A probe has found a site down, or back.
    virtual void found(std::size_t) {}

    [[nodiscard]] std::size_t size() const { return sites_.size(); }
    /// Up as far as probes have found.
    [[nodiscard]] bool is_up(std::size_t site) const { return sites_[site].is_up; }
    /// Whether an instance of it works at this moment, which nobody knows for sure.
    [[nodiscard]] bool really_up(std::size_t site) const;
    /// Mean delay from a region to a site, in seconds.
    [[nodiscard]] double distance(std::uint32_t region, std::size_t site) const;
    [[nodiscard]] const BuildContext& context() const { return context_; }
    /// A profile in which each request goes to `first`, if it is one, and the rest share what is
    /// left to them.
    [[nodiscard]] Profile profile_with(std::optional<std::size_t> first,
                                       std::uint32_t operation) const;

private:
    friend class SiteFront;
    struct Site {
        const EdgeConfig* edge = nullptr;
        Component* component = nullptr;
        bool is_up = true;
        std::int64_t contrary = 0;  // probes in a row that found otherwise
        sim::Counter* sent = nullptr;
    };
    struct Probe : sim::Event {
        explicit Probe(SiteGroup& g)
            : Event{[](sim::Event& e) { static_cast<Probe&>(e).group.probe(); }, 0x51}, group{g} {}
        SiteGroup& group;
    };
    void probe();
    void note(Outcome outcome, sim::Instant asked);

    const SitesConfig& config_;
    BuildContext context_;
    std::vector<Site> sites_;
    std::vector<std::unique_ptr<SiteFront>> fronts_;
    std::optional<sim::Instant> failing_since_;
    Probe probe_;
    sim::Counter& requests_;
    sim::Counter& nobody_;
    sim::Timing& outage_;
};

/// Complains about groups that are none.
void check_sites(const SitesConfig& config, const Place& place);

/// Declares the parameters of SitesConfig and the metrics of a group on the Spec of a
/// configuration that derives from it.
template <class Config>
[[nodiscard]] Spec<Config> with_sites(Spec<Config>&& spec) {
    return std::move(spec)
        .required("calls", &Config::calls, "The sites: any nodes, such as services.")
        .optional("detection", &Config::detection, "How a site is found to be down.")
        .check([](const Config& config, const Place& place) { check_sites(config, place); })
        .metric("site", "ratio", "As site/<name>/share: requests sent to that site.")
        .metric("no_site", "ratio", "Share of the requests for which there was no site.")
        .metric("outage", "s",
                "From sending the first request that got no answer to sending the first after it "
                "that did.")
        .assume("It stands beside its callers, takes no time, and does not fail by itself.");
}

}  // namespace archsim::models

// Building a world and taking it apart.
#include "scenarios/world.hpp"

#include "scenarios/prices.hpp"
#include "sim/rng.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace archsim::scenarios {

World::World(const Scenario& scenario, std::int64_t replication, sim::Limits limits,
             const std::atomic<bool>* interrupt, sim::MserCollector* pilot)
    : scenario_{scenario},
      simulation_{sim::replication_seed(static_cast<std::uint64_t>(scenario.seed),
                                        static_cast<std::uint64_t>(replication)),
                  limits, interrupt},
      network_{scenario.network.within},
      edges_{metrics_} {
    set_regions();
    build(simulation_.seed(), pilot);
    if (pilot != nullptr) return;
    watch_store();
    watch_recovery();
}

void World::watch_recovery() {
    constexpr std::size_t most = 50;  // of one fault that comes again and again
    const sim::Instant end = sim::Instant::at(scenario_.duration);
    std::vector<Trigger> triggers;
    for (std::size_t i = 0; i < faults_.size(); ++i) {
        const std::string what{scenario_.faults.entries[i].kind.config.spec().name()};
        for (const models::Fault::Window& window : faults_[i]->windows(end, most)) {
            if (window.to && *window.to < end) triggers.push_back({what, window.from, *window.to});
        }
    }
    for (const auto& component : components_) {
        const std::optional<models::LoadPeak> peak = component->load_peak();
        if (!peak || peak->to >= end) continue;
        triggers.push_back({"load of " + component->name(), peak->from, peak->to});
    }
    if (triggers.empty()) return;
    recovery_watch_ = std::make_unique<RecoveryWatch>(
        merged(std::move(triggers)), scenario_.metastability, scenario_.duration, metrics_);
}

models::LoadCounts World::load_counts() const {
    models::LoadCounts sum;
    for (const auto& component : components_) {
        const models::LoadCounts counts = component->load_counts();
        sum.offered += counts.offered;
        sum.good += counts.good;
    }
    return sum;
}

void World::watch_store() {
    models::Component* const store = watched_store(scenario_.history, all_components(), edges());
    if (store == nullptr) return;
    store_history_ = std::make_unique<StoreHistory>(
        scenario_.history.config.value_or(HistoryConfig{}), *store, history_, metrics_);
}

void World::set_regions() {
    const std::vector<std::string>& all = scenario_.regions;
    const auto number = [&all](const std::string& region) {
        return static_cast<std::uint32_t>(std::find(all.begin(), all.end(), region) - all.begin());
    };
    for (std::size_t a = 0; a < all.size(); ++a) {
        for (std::size_t b = a + 1; b < all.size(); ++b) {
            std::optional<sim::Distribution> delay = scenario_.network.delay(all[a], all[b]);
            if (!delay) continue;
            network_.set_between(static_cast<std::uint32_t>(a), static_cast<std::uint32_t>(b),
                                 std::move(*delay));
        }
    }
    if (!scenario_.network.bandwidth) return;
    const BandwidthConfig& bandwidth = *scenario_.network.bandwidth;
    if (bandwidth.within) network_.set_bandwidth_within(*bandwidth.within);
    for (const auto& [a, b, rate] : bandwidth.between) {
        network_.set_bandwidth_between(number(a), number(b), rate, bandwidth.shared);
    }
}

void World::build(std::uint64_t seed, sim::MserCollector* pilot) {
    std::uint32_t count = 0;
    // In the order of their names: the order of keys in a file means nothing, also not to a run.
    std::vector<const NodeEntry*> ordered;
    for (const NodeEntry& entry : scenario_.nodes.entries) ordered.push_back(&entry);
    std::ranges::sort(ordered, {}, &NodeEntry::name);
    for (const NodeEntry* const node : ordered) {
        const NodeEntry& entry = *node;
        const auto& regions = scenario_.regions;
        const std::size_t region =
            entry.region
                ? static_cast<std::size_t>(
                      std::find(regions.begin(), regions.end(), *entry.region) - regions.begin())
                : 0;
        const models::BuildContext context{.name = entry.name,
                                           .kind = entry.kind.config.spec().name(),
                                           .seed = seed,
                                           .number = ++count,
                                           .region = static_cast<std::uint32_t>(region),
                                           .regions = regions,
                                           .simulation = simulation_,
                                           .metrics = metrics_,
                                           .network = network_,
                                           .edges = edges_,
                                           .operations = operations_,
                                           .history = history_,
                                           .freshness = freshness_,
                                           .directory = *this,
                                           .traces = scenario_.traces,
                                           .pilot = pilot};
        components_.push_back(entry.kind.make(context));
        components_.back()->set_number(context.number);
        by_name_.emplace(entry.name, components_.back().get());
    }
    open_bills();
    for (const auto& component : components_) component->connect(*this);
    for (const auto& component : components_) component->connected();
    for (const FaultEntry& entry : scenario_.faults.entries) {
        faults_.push_back(
            entry.kind.make({simulation_, network_, *this, history_, seed,
                             static_cast<std::uint32_t>(faults_.size()), scenario_.regions}));
    }
}

void World::open_bills() {
    for (const auto& component : components_) {
        const models::PriceConfig* const price = price_of(scenario_, component->name());
        if (price == nullptr) continue;
        bills_.push_back(std::make_unique<models::MonthlyCost>(
            *price, *component, scenario_.regions, simulation_, metrics_));
    }
    models::publish_total_cost(bills_, components_, metrics_);
}

World::~World() {
    // Calls first, so that the end of a process is no news to anybody; then processes, so that no
    // frame outlives what it uses.
    edges_.close();
    for (const auto& component : components_) {
        for (models::Node* const node : component->members()) node->crash();
        for (models::Node* const node : component->helpers()) node->crash();
    }
}

void World::start() {
    for (const auto& fault : faults_) fault->start();
    for (const auto& component : components_) component->start();
}

void World::check_end() {
    for (const auto& component : components_) component->check_end();
}

std::vector<models::Component*> World::all_components() const {
    std::vector<models::Component*> components;
    for (const auto& component : components_) components.push_back(component.get());
    return components;
}

models::Component* World::component(std::string_view name) const {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : found->second;
}

}  // namespace archsim::scenarios

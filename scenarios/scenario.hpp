// A scenario as a value: parsed and checked, without behaviour. Any number of runs may share it.
#pragma once

#include "models/catalog.hpp"
#include "models/fault/fault.hpp"
#include "models/network/places.hpp"
#include "models/price.hpp"
#include "models/request_trace.hpp"
#include "scenarios/expect.hpp"
#include "scenarios/history.hpp"
#include "scenarios/metastability.hpp"
#include "scenarios/texts.hpp"
#include "sim/distribution.hpp"
#include "sim/units.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace archsim::scenarios {

/// The start of a run that is not measured: a set time, or found by MSER-5 ("auto").
struct WarmUp {
    bool automatic = false;
    sim::Duration length;
    bool operator==(const WarmUp&) const = default;
};

/// Rates that hold where an edge does not set its own.
struct BandwidthConfig {
    std::optional<sim::Bandwidth> within = std::nullopt;
    std::vector<std::tuple<std::string, std::string, sim::Bandwidth>> between;
    bool shared = false;
    static const models::Spec<BandwidthConfig>& spec();
};

/// Delays and rates that hold where an edge does not set its own. Delays are one-way.
struct NetworkConfig {
    std::optional<sim::Distribution> within = std::nullopt;
    std::vector<std::tuple<std::string, std::string, sim::Distribution>> between;
    std::optional<models::DelayTable> table = std::nullopt;
    std::optional<BandwidthConfig> bandwidth = std::nullopt;
    static const models::Spec<NetworkConfig>& spec();

    /// The delay from one region to another: as listed, else half the round trip of the table.
    [[nodiscard]] std::optional<sim::Distribution> delay(const std::string& a,
                                                         const std::string& b) const;
    /// Whether messages from one region to another take time by their size.
    [[nodiscard]] bool limits(const std::string& a, const std::string& b) const;
};

/// One entry of "nodes".
struct NodeEntry {
    std::string name;
    std::optional<std::string> region;
    std::optional<models::PriceChoice> price;
    models::Configured<models::Component, const models::BuildContext&> kind;
    models::Spot key_spot;
    models::Value written{};  ///< What `kind` was read from.
};
struct NodeList {
    std::vector<NodeEntry> entries;
    models::Spot spot{};  ///< Of the whole list.
};

/// One entry of "faults".
struct FaultEntry {
    models::Configured<models::Fault, const models::FaultContext&> kind;
    models::Spot spot;
    models::Value written{};  ///< What `kind` was read from.
};
struct FaultList {
    std::vector<FaultEntry> entries;
};

/// One entry of "expect", with its place for later messages.
struct ExpectEntry {
    Expectation expectation;
    models::Spot spot;
};
struct ExpectList {
    std::vector<ExpectEntry> entries;
};

/// The whole file.
struct Scenario {
    std::string name;
    std::string description;
    std::string question;
    std::string guide;
    std::string look_at;
    Texts pt;  ///< The same texts in Portuguese.
    sim::Duration duration;
    WarmUp warm_up;
    std::int64_t seed = 1;
    std::int64_t replications = 1;
    std::vector<std::string> regions;
    NetworkConfig network;
    std::map<std::string, models::PriceConfig> prices;  ///< What nodes may name as their price.
    NodeList nodes;
    FaultList faults;
    HistoryChoice history;
    MetastabilityConfig metastability;
    ExpectList expect;
    models::TraceFiles traces;                       ///< Filled by the loader.
    std::vector<models::FoundReference> references;  ///< Names in the file that refer to nodes.
    static const models::Spec<Scenario>& spec();
};

}  // namespace archsim::scenarios

namespace archsim::models {

#define ARCHSIM_SCENARIO_CODEC(Type)                            \
    template <>                                                 \
    struct Codec<Type> {                                        \
        static std::optional<Type> read(const Value&, Reader&); \
        static Value write(const Type&);                        \
        static Value schema(SchemaBuilder&);                    \
        static std::string type();                              \
    }

ARCHSIM_SCENARIO_CODEC(scenarios::WarmUp);
ARCHSIM_SCENARIO_CODEC(scenarios::NodeList);
ARCHSIM_SCENARIO_CODEC(scenarios::FaultList);
ARCHSIM_SCENARIO_CODEC(scenarios::ExpectList);

#undef ARCHSIM_SCENARIO_CODEC

}  // namespace archsim::models

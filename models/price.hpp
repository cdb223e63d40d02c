// The one vocabulary of prices, the same for every kind of node: what an instance costs an hour,
// what requests, stored data and sent data cost.
#pragma once

#include "models/spec.hpp"
#include "sim/price.hpp"
#include "sim/units.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace archsim::models {

/// The prices of a node, or an entry of a price table.
struct PriceConfig {
    sim::PriceOfTime instance;
    sim::PriceOfRequests request;
    std::optional<sim::PriceOfRequests> write = std::nullopt;
    sim::PriceOfData storage;
    std::optional<sim::Bytes> stored = std::nullopt;
    sim::PriceOfData sent;
    std::vector<std::tuple<RegionName, sim::PriceOfData>> sent_from = {};
    std::string source = {};
    std::string as_of = {};
    static const Spec<PriceConfig>& spec();
};

/// What a node writes under "price": the name of an entry of "prices", or prices of its own.
struct PriceChoice {
    std::string name = {};  ///< "" if the node has its own.
    PriceConfig own = {};
};

template <>
struct Codec<PriceChoice> {
    static std::optional<PriceChoice> read(const Value&, Reader&);
    static Value write(const PriceChoice&);
    static Value schema(SchemaBuilder&);
    static std::string type();
};

/// One line of a bill before anything is measured.
struct PriceItem {
    /// What is counted.
    enum class Of : std::uint8_t { instances, requests, reads, writes, storage, sent };
    Of of = Of::instances;
    std::string name = {};   ///< "instances", "requests", "writes", "storage", "sent[/<region>]".
    std::string unit = {};   ///< Of the quantity: "count" or "bytes".
    std::string price = {};  ///< As it is written.
    double each = 0.0;       ///< Dollars a month for one instance or for what goes on being stored,
                             ///< dollars for one request or byte sent.
    std::size_t region = 0;  ///< Of `sent`: whose; `all_regions` for all together.
    static constexpr std::size_t all_regions = SIZE_MAX;
};

/// What a component with these prices pays for, in the order of a bill. Prices of nothing are left
/// out. `regions` are the scenario's.
[[nodiscard]] std::vector<PriceItem> items_of(const PriceConfig& config,
                                              const std::vector<std::string>& regions);

}  // namespace archsim::models

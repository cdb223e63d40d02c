// Reading and writing capacities.
#include "models/cache/capacity_codec.hpp"

namespace archsim::models {

namespace {

using Unit = cache::Capacity::Unit;

/// What the index of a store can hold.
constexpr std::int64_t most_entries = 1'000'000'000;

}  // namespace

std::optional<cache::Capacity> Codec<cache::Capacity>::read(const Value& value, Reader& reader) {
    const bool is_bytes = value.is_string();
    std::optional<std::int64_t> amount;
    if (is_bytes) {
        const std::optional<sim::Bytes> bytes = Codec<sim::Bytes>::read(value, reader);
        if (bytes) amount = bytes->count();
    } else {
        amount = Codec<std::int64_t>::read(value, reader);
    }
    if (!amount) return std::nullopt;
    if (*amount < 1 || (!is_bytes && *amount > most_entries)) {
        reader.fail(
            value.spot(),
            {.code = Code::out_of_range,
             .message = *amount < 1 ? "a cache needs room for something"
                                    : "a cache holds at most 1000000000 entries",
             .hint = R"(write a number of entries such as 1000, or bytes such as "64MiB")"});
        return std::nullopt;
    }
    return cache::Capacity{is_bytes ? Unit::bytes : Unit::entries,
                           static_cast<std::uint64_t>(*amount)};
}

Value Codec<cache::Capacity>::write(const cache::Capacity& capacity) {
    const auto amount = static_cast<std::int64_t>(capacity.amount);
    return capacity.unit == Unit::bytes ? Codec<sim::Bytes>::write(sim::Bytes{amount})
                                        : Value::integer(amount);
}

Value Codec<cache::Capacity>::schema(SchemaBuilder& builder) {
    return Value::object({{"anyOf", Value::array({Codec<std::int64_t>::schema(builder),
                                                  Codec<sim::Bytes>::schema(builder)})}});
}

std::string Codec<cache::Capacity>::type() { return "a number of entries or an amount of data"; }

}  // namespace archsim::models

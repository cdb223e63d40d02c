// How many receivers the key of a request has: followers of an author, friends of a reader. The
// number belongs to the key, so that the same author always has the same followers.
#pragma once

#include "models/spec.hpp"

#include <cstdint>
#include <string>
#include <variant>

namespace archsim::models {

/// As many for every key.
struct FixedReceivers {
    std::int64_t count = 1;
    static const Spec<FixedReceivers>& spec();
};

/// Few for most keys and very many for some: P(N = n) is the integral of c x^-exponent from n to
/// n + 1, from `at_least` to `at_most`.
struct PowerLawReceivers {
    double exponent = 2.0;
    std::int64_t at_least = 1;
    std::int64_t at_most = 1;
    static const Spec<PowerLawReceivers>& spec();
};

/// Which law; written as a number or as an object with "kind".
struct ReceiversConfig {
    std::variant<FixedReceivers, PowerLawReceivers> law;
};

template <>
struct Codec<ReceiversConfig> {
    static std::optional<ReceiversConfig> read(const Value& value, Reader& reader);
    static Value write(const ReceiversConfig& config);
    static Value schema(SchemaBuilder& builder);
    static std::string type();
};

/// The numbers of one law, drawn once for each key.
class Receivers {
public:
    /// Two with the same law and seed agree on every key.
    Receivers(const ReceiversConfig& config, std::uint64_t seed) : config_{config}, seed_{seed} {}

    /// The number for a key. O(1).
    [[nodiscard]] std::uint64_t of(std::uint64_t key) const;

    /// P(N > bound).
    [[nodiscard]] static double share_above(const ReceiversConfig& config, std::uint64_t bound);
    /// E[N; N <= bound]: the mean number where those with more than `bound` count as none.
    /// O(1): beyond the first terms the sum is an integral, good to 1e-9 of it.
    [[nodiscard]] static double mean_up_to(const ReceiversConfig& config, std::uint64_t bound);
    /// The largest number that a key can have.
    [[nodiscard]] static std::uint64_t most(const ReceiversConfig& config);

private:
    ReceiversConfig config_;
    std::uint64_t seed_;
};

}  // namespace archsim::models

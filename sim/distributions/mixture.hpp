// A mixture: each time comes from one of several distributions, chosen by weight, such as 9 fast
// hits for every slow miss.
#pragma once

#include "sim/alias_table.hpp"
#include "sim/rng.hpp"

#include <vector>

namespace archsim::sim {

class Distribution;

/// One of several distributions at random for every draw.
class Mixture {
public:
    /// Requires: as many weights as parts, at least one; weights >= 0 with a finite sum above 0.
    Mixture(std::vector<Distribution> parts, std::vector<double> weights);
    // A Distribution may hold a Mixture, so these are defined where both are known.
    Mixture(const Mixture& other);
    Mixture(Mixture&& other) noexcept;
    Mixture& operator=(const Mixture& other);
    Mixture& operator=(Mixture&& other) noexcept;
    ~Mixture();
    [[nodiscard]] const std::vector<Distribution>& parts() const { return parts_; }
    [[nodiscard]] const std::vector<double>& weights() const { return weights_; }

    [[nodiscard]] double sample_seconds(Rng& rng) const;
    /// O(parts), as are the others below.
    [[nodiscard]] double mean_seconds() const;
    [[nodiscard]] double scv() const;
    [[nodiscard]] double cdf(double seconds) const;
    bool operator==(const Mixture& other) const;

private:
    std::vector<Distribution> parts_;
    std::vector<double> weights_;
    AliasTable table_;
};

}  // namespace archsim::sim

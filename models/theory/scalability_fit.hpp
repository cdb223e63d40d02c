// The universal scalability law fitted to a measured load curve: how much of a system is serial,
// what coherency costs, and where its throughput peaks.
#pragma once

#include "models/theory/networks.hpp"

#include <cstddef>
#include <optional>
#include <span>

namespace archsim::models::theory {

/// A point of a load curve.
struct LoadPoint {
    double size = 1.0;        ///< Servers, instances or users at work; 1 or more.
    double throughput = 0.0;  ///< > 0.
};

/// A law fitted to a curve.
struct ScalabilityFit {
    double single = 0.0;  ///< lambda: throughput at size 1.
    ScalabilityLaw law{};
    double error = 0.0;  ///< Largest relative distance of a point from the curve.

    /// Throughput that the law gives at this size.
    [[nodiscard]] double at(double size) const { return single * relative_capacity(law, size); }
};

/// Points that a fit needs: as many as it has coefficients.
inline constexpr std::size_t fewest_points = 3;

/// The law X(n) = lambda n / (1 + sigma (n - 1) + kappa n (n - 1)) with the least sum of squared
/// relative errors of n / X(n), which is a straight sum in 1 / lambda, sigma / lambda and
/// kappa / lambda; none of them is negative. Nothing unless there are three different sizes. O(n).
/// Source: Gunther, "Guerrilla Capacity Planning", 2007, chapter 5, with all points weighted alike
/// and lambda fitted instead of taken from the first point.
[[nodiscard]] std::optional<ScalabilityFit> fit_scalability(std::span<const LoadPoint> points);

}  // namespace archsim::models::theory

// Linear least squares with three unknowns none of which may be negative.
#include "models/theory/scalability_fit.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <set>
#include <utility>

namespace archsim::models::theory {

namespace {

constexpr std::size_t unknowns = 3;
using Vector = std::array<double, unknowns>;
using Matrix = std::array<Vector, unknowns>;

/// The terms of n / X(n), each times X / n, so that their sum is to be 1 at every point.
Vector terms_of(const LoadPoint& point) {
    const double n = point.size;
    const double weight = point.throughput / n;
    return {weight, weight * (n - 1.0), weight * n * (n - 1.0)};
}

/// Solves the normal equations for the unknowns in `used`, the others being 0, by elimination with
/// pivots. Nothing if they do not have one solution.
std::optional<Vector> solve(Matrix matrix, Vector right, std::array<bool, unknowns> used) {
    for (std::size_t i = 0; i < unknowns; ++i) {
        if (used[i]) continue;
        for (std::size_t j = 0; j < unknowns; ++j) matrix[i][j] = matrix[j][i] = 0.0;
        matrix[i][i] = 1.0;
        right[i] = 0.0;
    }
    for (std::size_t column = 0; column < unknowns; ++column) {
        std::size_t pivot = column;
        for (std::size_t row = column + 1; row < unknowns; ++row) {
            if (std::abs(matrix[row][column]) > std::abs(matrix[pivot][column])) pivot = row;
        }
        constexpr double nothing = 1e-13;  // the columns have length 1
        if (std::abs(matrix[pivot][column]) < nothing) return std::nullopt;
        std::swap(matrix[pivot], matrix[column]);
        std::swap(right[pivot], right[column]);
        for (std::size_t row = column + 1; row < unknowns; ++row) {
            const double factor = matrix[row][column] / matrix[column][column];
            for (std::size_t j = column; j < unknowns; ++j) {
                matrix[row][j] -= factor * matrix[column][j];
            }
            right[row] -= factor * right[column];
        }
    }
    Vector x{};
    for (std::size_t i = unknowns; i-- > 0;) {
        double rest = right[i];
        for (std::size_t j = i + 1; j < unknowns; ++j) rest -= matrix[i][j] * x[j];
        x[i] = rest / matrix[i][i];
    }
    return x;
}

/// Sum of squared errors with these coefficients.
double error_of(std::span<const LoadPoint> points, const Vector& x) {
    double sum = 0.0;
    for (const LoadPoint& point : points) {
        const Vector terms = terms_of(point);
        const double error = terms[0] * x[0] + terms[1] * x[1] + terms[2] * x[2] - 1.0;
        sum += error * error;
    }
    return sum;
}

/// The coefficients of least error, none of them negative: the best of the four combinations of
/// which of sigma and kappa is 0.
std::optional<Vector> best_of(std::span<const LoadPoint> points) {
    Vector length{};
    for (const LoadPoint& point : points) {
        const Vector terms = terms_of(point);
        for (std::size_t i = 0; i < unknowns; ++i) length[i] += terms[i] * terms[i];
    }
    for (double& square : length) square = std::sqrt(square);
    Matrix matrix{};
    Vector right{};
    for (const LoadPoint& point : points) {
        Vector terms = terms_of(point);
        for (std::size_t i = 0; i < unknowns; ++i) terms[i] /= length[i];
        for (std::size_t i = 0; i < unknowns; ++i) {
            right[i] += terms[i];
            for (std::size_t j = 0; j < unknowns; ++j) matrix[i][j] += terms[i] * terms[j];
        }
    }
    std::optional<Vector> best;
    double least = std::numeric_limits<double>::infinity();
    for (const bool sigma : {true, false}) {
        for (const bool kappa : {true, false}) {
            std::optional<Vector> x = solve(matrix, right, {true, sigma, kappa});
            if (!x || (*x)[0] <= 0.0 || (*x)[1] < 0.0 || (*x)[2] < 0.0) continue;
            for (std::size_t i = 0; i < unknowns; ++i) (*x)[i] /= length[i];
            const double error = error_of(points, *x);
            if (error < least) best = x;
            least = std::min(least, error);
        }
    }
    return best;
}

}  // namespace

std::optional<ScalabilityFit> fit_scalability(std::span<const LoadPoint> points) {
    std::set<double> sizes;
    for (const LoadPoint& point : points) {
        if (!(point.size >= 1.0) || !(point.throughput > 0.0)) return std::nullopt;
        sizes.insert(point.size);
    }
    if (sizes.size() < fewest_points) return std::nullopt;
    const std::optional<Vector> x = best_of(points);
    if (!x) return std::nullopt;
    ScalabilityFit fit;
    fit.single = 1.0 / (*x)[0];
    fit.law = {(*x)[1] / (*x)[0], (*x)[2] / (*x)[0]};
    for (const LoadPoint& point : points) {
        const double error = std::abs(fit.at(point.size) / point.throughput - 1.0);
        fit.error = std::max(fit.error, error);
    }
    return fit;
}

}  // namespace archsim::models::theory

// Drawing gamma variables, and their distribution function.
#include "sim/distributions/gamma.hpp"

#include <boost/math/special_functions/gamma.hpp>
#include <boost/random/normal_distribution.hpp>

#include <cmath>

namespace archsim::sim {

double sample_standard_gamma(double shape, Rng& rng) {
    // Below 1 the density has a pole at 0, so draw one shape higher and scale down (their 6.).
    if (shape < 1.0) {
        const double above = sample_standard_gamma(shape + 1.0, rng);
        return above * std::pow(1.0 - rng.uniform(), 1.0 / shape);
    }
    boost::random::normal_distribution<double> normal;
    const double d = shape - 1.0 / 3.0;
    const double c = 1.0 / std::sqrt(9.0 * d);
    while (true) {
        const double x = normal(rng);
        const double root = 1.0 + c * x;
        if (root <= 0.0) continue;
        const double v = root * root * root;
        const double u = 1.0 - rng.uniform();
        if (u < 1.0 - 0.0331 * (x * x) * (x * x)) return d * v;
        if (std::log(u) < 0.5 * x * x + d * (1.0 - v + std::log(v))) return d * v;
    }
}

double standard_gamma_cdf(double shape, double x) {
    if (x <= 0.0) return 0.0;
    if (std::isinf(x)) return 1.0;
    return boost::math::gamma_p(shape, x);
}

}  // namespace archsim::sim

// Steps of 1, 2 and 5, and decades.
#include "reports/html/ticks.hpp"

#include <algorithm>
#include <cmath>

namespace archsim::reports {

std::vector<double> linear_ticks(double low, double high, int wanted) {
    const double raw = (high - low) / wanted;
    const double power = std::pow(10.0, std::floor(std::log10(raw)));
    double step = power * 10.0;
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (power * factor >= raw * (1.0 - 1e-9)) {
            step = power * factor;
            break;
        }
    }
    const double first = std::floor(low / step + 1e-9);
    const double last = std::ceil(high / step - 1e-9);
    std::vector<double> ticks;
    // Counted, because adding 1 to a number beyond 2^53 does not change it.
    const auto count = static_cast<int>(std::min(last - first, 3.0 * wanted));
    for (int i = 0; i <= count; ++i) ticks.push_back((first + i) * step);
    return ticks;
}

std::vector<double> log_ticks(double low, double high) {
    const double first = std::floor(std::log10(low) + 1e-9);
    const double last = std::ceil(std::log10(high) - 1e-9);
    const bool fine = last - first <= 3.0;
    std::vector<double> ticks;
    for (double exponent = first; exponent <= last; exponent += 1.0) {
        const double decade = std::pow(10.0, exponent);
        ticks.push_back(decade);
        if (fine && exponent < last) {
            ticks.push_back(2.0 * decade);
            ticks.push_back(5.0 * decade);
        }
    }
    return ticks;
}

}  // namespace archsim::reports

// Closed forms for several stations.
#include "models/theory/networks.hpp"

#include "models/theory/reliability.hpp"

#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>

namespace archsim::models::theory {

double tandem_sojourn(std::span<const Station> stations) {
    double total = 0.0;
    for (const auto& station : stations) total += mean_sojourn(station);
    return total;
}

std::vector<double> jackson_rates(std::span<const double> external,
                                  const std::vector<std::vector<double>>& routing) {
    const std::size_t n = external.size();
    std::vector<std::vector<double>> rows(n, std::vector<double>(n + 1, 0.0));
    for (std::size_t to = 0; to < n; ++to) {
        for (std::size_t from = 0; from < n; ++from) rows[to][from] = -routing[from][to];
        rows[to][to] += 1.0;
        rows[to][n] = external[to];
    }
    // Gauss-Jordan elimination with partial pivoting.
    for (std::size_t column = 0; column < n; ++column) {
        std::size_t pivot = column;
        for (std::size_t row = column + 1; row < n; ++row)
            if (std::abs(rows[row][column]) > std::abs(rows[pivot][column])) pivot = row;
        std::swap(rows[column], rows[pivot]);
        for (std::size_t row = 0; row < n; ++row) {
            if (row == column) continue;
            const double factor = rows[row][column] / rows[column][column];
            for (std::size_t k = column; k <= n; ++k) rows[row][k] -= factor * rows[column][k];
        }
    }
    std::vector<double> rates;
    for (std::size_t row = 0; row < n; ++row) rates.push_back(rows[row][n] / rows[row][row]);
    return rates;
}

double jackson_sojourn(std::span<const Station> stations, double external_rate) {
    double inside = 0.0;
    for (const auto& station : stations) inside += mean_in_system(station);
    return inside / external_rate;
}

ClosedNetwork mean_value_analysis(std::span<const double> demands, double think_time,
                                  int population) {
    ClosedNetwork state;
    state.queue_lengths.assign(demands.size(), 0.0);
    for (int users = 1; users <= population; ++users) {
        state.response = 0.0;
        for (std::size_t i = 0; i < demands.size(); ++i)
            state.response += demands[i] * (1.0 + state.queue_lengths[i]);
        state.throughput = users / (think_time + state.response);
        for (std::size_t i = 0; i < demands.size(); ++i)
            state.queue_lengths[i] = state.throughput * demands[i] * (1.0 + state.queue_lengths[i]);
    }
    return state;
}

double fork_join_sojourn(const Station& station, int branches) {
    const double one = mean_sojourn({station.arrival_rate, station.service_rate, 1});
    if (branches == 1) return one;
    const double rho = station.arrival_rate / station.service_rate;
    const double two = (12.0 - rho) / 8.0 * one;
    if (branches == 2) return two;
    const double growth = harmonic(branches) / harmonic(2);
    return (growth + 4.0 / 11.0 * (1.0 - growth) * rho) * two;
}

double power_of_choices_sojourn(const Station& station, int choices) {
    const double rho = station.arrival_rate / station.service_rate;
    if (rho >= 1.0) return std::numeric_limits<double>::infinity();
    if (choices == 1) return mean_sojourn({station.arrival_rate, station.service_rate, 1});
    // Sum over i of rho^((d^i - d) / (d - 1)); the exponents are 0, d, d + d^2, ...
    double sum = 0.0;
    double exponent = 0.0;
    double power = choices;
    for (double term = 1.0; term > 1e-20; term = std::pow(rho, exponent)) {
        sum += term;
        exponent += power;
        power *= choices;
    }
    return sum / station.service_rate;
}

double relative_capacity(const ScalabilityLaw& law, double size) {
    return size / (1.0 + law.contention * (size - 1.0) + law.coherency * size * (size - 1.0));
}

ContendedQueue contended_queue(const Station& station, const ScalabilityLaw& law) {
    const auto served = [&](int busy) {
        return station.service_rate * relative_capacity(law, static_cast<double>(busy));
    };
    const double rho = station.arrival_rate / served(station.servers);
    if (rho >= 1.0) {
        constexpr double infinity = std::numeric_limits<double>::infinity();
        return {infinity, infinity, static_cast<double>(station.servers)};
    }
    double weight = 1.0;  // of n present, over that of nobody
    double total = 0.0;
    ContendedQueue sums;
    for (int n = 0; n < station.servers; ++n) {
        total += weight;
        sums.in_system += n * weight;
        sums.busy += n * weight;
        weight *= station.arrival_rate / served(n + 1);
    }
    // From n = servers on a geometric tail: all are busy, and n - servers wait.
    const double tail = weight / (1.0 - rho);
    total += tail;
    sums.in_queue = tail * rho / (1.0 - rho);
    sums.busy += station.servers * tail;
    sums.in_system += station.servers * tail + sums.in_queue;
    return {sums.in_system / total, sums.in_queue / total, sums.busy / total};
}

double best_size(const ScalabilityLaw& law) {
    if (law.coherency == 0.0) return std::numeric_limits<double>::infinity();
    return std::sqrt((1.0 - law.contention) / law.coherency);
}

}  // namespace archsim::models::theory

// Layers by longest way, order by barycentre.
#include "reports/layout.hpp"

#include <algorithm>
#include <cstdint>

namespace archsim::reports {

namespace {

using Edges = std::span<const std::pair<std::size_t, std::size_t>>;

/// Edges without those that lead back to a node on the way to themselves.
std::vector<std::pair<std::size_t, std::size_t>> without_circles(std::size_t count, Edges edges) {
    enum class State : std::uint8_t { fresh, open, done };
    std::vector<std::vector<std::size_t>> callees(count);
    for (const auto& [from, to] : edges) callees[from].push_back(to);
    std::vector<State> states(count, State::fresh);
    std::vector<std::pair<std::size_t, std::size_t>> kept;
    // An explicit stack: (node, next callee).
    for (std::size_t root = 0; root < count; ++root) {
        if (states[root] != State::fresh) continue;
        std::vector<std::pair<std::size_t, std::size_t>> way = {{root, 0}};
        states[root] = State::open;
        while (!way.empty()) {
            auto& [node, next] = way.back();
            if (next == callees[node].size()) {
                states[node] = State::done;
                way.pop_back();
                continue;
            }
            const std::size_t callee = callees[node][next++];
            if (states[callee] == State::open) continue;
            kept.emplace_back(node, callee);
            if (states[callee] == State::done) continue;
            states[callee] = State::open;
            way.emplace_back(callee, 0);
        }
    }
    return kept;
}

std::vector<std::size_t> layers_of(std::size_t count, Edges edges) {
    std::vector<std::size_t> layers(count, 0);
    // Longest ways settle after at most `count` rounds, for there is no circle.
    for (std::size_t round = 0; round < count; ++round) {
        bool changed = false;
        for (const auto& [from, to] : edges) {
            if (layers[to] > layers[from]) continue;
            layers[to] = layers[from] + 1;
            changed = true;
        }
        if (!changed) break;
    }
    return layers;
}

/// One sweep: each layer in the order of the mean position of its neighbours on one side.
void sweep(std::vector<std::vector<std::size_t>>& rows, Edges edges, bool forward,
           std::vector<double>& position) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
        auto& row = rows[forward ? i : rows.size() - 1 - i];
        std::vector<std::pair<double, std::size_t>> wished;
        for (const std::size_t node : row) {
            double sum = 0.0;
            double neighbours = 0.0;
            for (const auto& [from, to] : edges) {
                const std::size_t self = forward ? to : from;
                if (self != node) continue;
                sum += position[forward ? from : to];
                neighbours += 1.0;
            }
            wished.emplace_back(neighbours > 0.0 ? sum / neighbours : position[node], node);
        }
        std::ranges::stable_sort(wished, {}, &std::pair<double, std::size_t>::first);
        const double middle = (static_cast<double>(row.size()) - 1.0) / 2.0;
        for (std::size_t k = 0; k < row.size(); ++k) {
            row[k] = wished[k].second;
            position[row[k]] = static_cast<double>(k) - middle;
        }
    }
}

}  // namespace

Layout lay_out(std::size_t count, Edges all_edges, const LayoutStyle& style) {
    const auto edges = without_circles(count, all_edges);
    const std::vector<std::size_t> layers = layers_of(count, edges);
    std::vector<std::vector<std::size_t>> rows;
    std::vector<double> position(count, 0.0);
    for (std::size_t node = 0; node < count; ++node) {
        if (rows.size() <= layers[node]) rows.resize(layers[node] + 1);
        position[node] = static_cast<double>(rows[layers[node]].size());
        rows[layers[node]].push_back(node);
    }
    constexpr int sweeps = 8;
    for (int i = 0; i < sweeps; ++i) sweep(rows, edges, i % 2 == 0, position);
    std::size_t tallest = 0;
    for (const auto& row : rows) tallest = std::max(tallest, row.size());
    const double step_y = style.box_height + style.gap_y;
    Layout layout;
    layout.places.resize(count);
    layout.height = 2 * style.margin + static_cast<double>(tallest) * step_y - style.gap_y;
    layout.width = 2 * style.margin +
                   static_cast<double>(rows.size()) * (style.box_width + style.gap_x) - style.gap_x;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const double middle = (static_cast<double>(rows[i].size()) - 1.0) / 2.0;
        for (std::size_t k = 0; k < rows[i].size(); ++k) {
            layout.places[rows[i][k]] = {
                style.margin + static_cast<double>(i) * (style.box_width + style.gap_x),
                layout.height / 2 - style.box_height / 2 +
                    (static_cast<double>(k) - middle) * step_y};
        }
    }
    return layout;
}

}  // namespace archsim::reports

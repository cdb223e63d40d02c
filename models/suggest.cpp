// Edit distance over three rolling rows, so that memory is linear in the shorter text.
#include "models/suggest.hpp"

#include "models/diagnostics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <vector>

namespace archsim::models {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

constexpr std::size_t longest_compared = 64;

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1);
    std::vector<std::size_t> previous(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(previous.begin(), previous.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const char x = lower(a[i - 1]);
            const char y = lower(b[j - 1]);
            row[j] =
                std::min({previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (x == y ? 0u : 1u)});
            const bool swapped = i > 1 && j > 1 && x == lower(b[j - 2]) && y == lower(a[i - 2]);
            if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
        }
        std::swap(before, previous);
        std::swap(previous, row);
    }
    return previous[b.size()];
}

std::optional<std::string> nearest(std::string_view name, std::span<const std::string> known) {
    if (name.empty() || name.size() > longest_compared) return std::nullopt;
    const std::string* best = nullptr;
    std::size_t best_distance = 0;
    for (const std::string& candidate : known) {
        const std::size_t distance = edit_distance(name, candidate);
        const std::size_t longer = std::max(name.size(), candidate.size());
        const bool is_start = std::min(name.size(), candidate.size()) >= 3 &&
                              (candidate.starts_with(name) || name.starts_with(candidate));
        const bool is_near = distance <= std::max<std::size_t>(1, longer / 3) && distance < longer;
        if (!is_near && !is_start) continue;
        if (best == nullptr || distance < best_distance) {
            best = &candidate;
            best_distance = distance;
        }
    }
    if (best == nullptr) return std::nullopt;
    return *best;
}

std::string did_you_mean(std::string_view name, std::span<const std::string> known) {
    constexpr std::size_t most = 12;
    if (const std::optional<std::string> guess = nearest(name, known))
        return fmt::format("did you mean {}?", quoted(*guess));
    if (known.empty()) return {};
    std::string list;
    for (std::size_t i = 0; i < std::min(known.size(), most); ++i)
        list += fmt::format("{}{}", i > 0 ? ", " : "", escaped(known[i]));
    if (known.size() > most) list += fmt::format(" and {} more", known.size() - most);
    return "known: " + list;
}

}  // namespace archsim::models

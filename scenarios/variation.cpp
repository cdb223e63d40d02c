// Reading variations and counting through their combinations.
#include "scenarios/variation.hpp"

#include "models/diagnostics.hpp"
#include "sim/rng.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <numeric>
#include <optional>
#include <utility>

namespace archsim::scenarios {

namespace {

std::optional<std::int64_t> whole(std::string_view text) {
    std::int64_t value = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || stop != text.data() + text.size()) return std::nullopt;
    return value;
}

/// The parts between commas that stand outside brackets and quotes.
std::vector<std::string> split_values(std::string_view text) {
    std::vector<std::string> parts(1);
    int depth = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted && c == '\\' && i + 1 < text.size()) {
            parts.back() += c;
            parts.back() += text[++i];
            continue;
        }
        if (c == '"') quoted = !quoted;
        if (!quoted && (c == '{' || c == '[')) ++depth;
        if (!quoted && (c == '}' || c == ']')) --depth;
        if (c == ',' && !quoted && depth == 0) {
            parts.emplace_back();
        } else {
            parts.back() += c;
        }
    }
    return parts;
}

/// The values of "1..8" or "2..16:2"; nothing if the text is no range; else a complaint.
std::optional<std::variant<std::vector<std::string>, std::string>> range_values(
    std::string_view text) {
    const std::size_t dots = text.find("..");
    if (dots == std::string_view::npos) return std::nullopt;
    const std::size_t colon = std::min(text.find(':', dots), text.size());
    const auto low = whole(text.substr(0, dots));
    const auto high = whole(text.substr(dots + 2, colon - dots - 2));
    const auto step =
        colon == text.size() ? std::optional<std::int64_t>{1} : whole(text.substr(colon + 1));
    if (!low || !high) return std::nullopt;
    if (!step || *step < 1) return std::string{"the step of a range is a whole number above 0"};
    if (*low > *high) return std::string{"a range goes from the smaller number to the greater"};
    const auto distance = static_cast<std::uint64_t>(*high) - static_cast<std::uint64_t>(*low);
    if (distance / static_cast<std::uint64_t>(*step) >= variation_limit) {
        return fmt::format("more than {} values", variation_limit);
    }
    std::vector<std::string> values;
    for (std::int64_t value = *low;; value += *step) {
        values.push_back(std::to_string(value));
        if (*high - value < *step) return values;
    }
}

}  // namespace

std::variant<Variation, std::string> parse_variation(std::string_view text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || equals + 1 == text.size()) {
        return fmt::format("expected POINTER=VALUES such as nodes/web/instances=1..8, not {}",
                           models::quoted(text));
    }
    Variation made{std::string{text.substr(0, equals)}, {}};
    if (made.pointer.starts_with('/')) made.pointer.erase(0, 1);
    if (made.pointer.empty()) return std::string{"the pointer before '=' is empty"};
    if (made.pointer == "replications") {
        return std::string{"replications are the same for all variants: use --replications"};
    }
    const std::string_view values = text.substr(equals + 1);
    if (auto range = range_values(values)) {
        if (const auto* const problem = std::get_if<std::string>(&*range)) return *problem;
        made.values = std::get<0>(std::move(*range));
        return made;
    }
    made.values = split_values(values);
    if (made.values.size() > variation_limit) {
        return fmt::format("more than {} values", variation_limit);
    }
    for (std::size_t i = 0; i < made.values.size(); ++i) {
        if (made.values[i].empty()) return fmt::format("value {} is empty", i + 1);
        for (std::size_t j = 0; j < i && made.values.size() <= 1000; ++j) {
            if (made.values[i] == made.values[j]) {
                return fmt::format("the value {} is there twice", models::quoted(made.values[i]));
            }
        }
    }
    return made;
}

std::variant<std::int64_t, std::string> parse_design(std::string_view text) {
    if (text == "grid") return std::int64_t{0};
    constexpr std::string_view latin = "latin:";
    if (text.starts_with(latin)) {
        const auto count = whole(text.substr(latin.size()));
        if (count && *count >= 1 && *count <= variant_limit) return *count;
    }
    return fmt::format("a design is grid or latin:N with N from 1 to {}, not {}", variant_limit,
                       models::quoted(text));
}

VariantSpace::VariantSpace(std::vector<Variation> variations, std::int64_t latin)
    : variations_{std::move(variations)}, latin_{latin} {
    if (latin_ > 0) {
        size_ = latin_;
        place_latin_points();
        return;
    }
    for (const Variation& variation : variations_) {
        size_ *= static_cast<std::int64_t>(variation.values.size());
        if (size_ > variant_limit) {
            size_ = variant_limit + 1;
            return;
        }
    }
}

void VariantSpace::place_latin_points() {
    const auto count = static_cast<std::size_t>(latin_);
    for (std::size_t v = 0; v < variations_.size(); ++v) {
        std::vector<std::uint32_t> strata(count);
        std::iota(strata.begin(), strata.end(), 0U);
        sim::Rng rng = sim::Rng::named(count, variations_[v].pointer, "latin hypercube");
        for (std::size_t i = count; i > 1; --i) {  // Fisher and Yates.
            std::swap(strata[i - 1], strata[rng.below(i)]);
        }
        const std::size_t values = variations_[v].values.size();
        for (std::uint32_t& stratum : strata) {
            stratum = static_cast<std::uint32_t>(stratum * values / count);
        }
        points_.push_back(std::move(strata));
    }
}

std::vector<std::size_t> VariantSpace::point(std::int64_t variant) const {
    std::vector<std::size_t> indices(variations_.size());
    auto rest = static_cast<std::size_t>(variant);
    for (std::size_t v = variations_.size(); v-- > 0;) {
        if (latin_ > 0) {
            indices[v] = points_[v][static_cast<std::size_t>(variant)];
            continue;
        }
        indices[v] = rest % variations_[v].values.size();
        rest /= variations_[v].values.size();
    }
    return indices;
}

std::vector<std::string> VariantSpace::settings(std::int64_t variant) const {
    std::vector<std::string> made;
    const std::vector<std::size_t> indices = point(variant);
    for (std::size_t v = 0; v < variations_.size(); ++v) {
        made.push_back(variations_[v].pointer + "=" + variations_[v].values[indices[v]]);
    }
    return made;
}

}  // namespace archsim::scenarios

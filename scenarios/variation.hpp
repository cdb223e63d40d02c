// Which variants of a scenario are run: "--vary POINTER=VALUES" and how several of them combine,
// as a grid or as a Latin hypercube sample. A variant is a list of settings like those of --set.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace archsim::scenarios {

/// One parameter and the values that it takes.
struct Variation {
    std::string pointer;              ///< As for --set, such as "nodes/web/instances".
    std::vector<std::string> values;  ///< Each as for --set; at least one.
};

/// Values that one parameter may take.
inline constexpr std::size_t variation_limit = 100'000;
/// Variants that one plan may have.
inline constexpr std::int64_t variant_limit = 1'000'000;

/// Reads POINTER=VALUES. VALUES is a range of whole numbers ("1..8", or "2..16:2" in steps), else a
/// list separated by commas, where commas inside brackets and quotes belong to a value. On a
/// mistake the sentence that says so. O(length + values).
[[nodiscard]] std::variant<Variation, std::string> parse_variation(std::string_view text);

/// Reads "grid" (0) or "latin:N" (N >= 1); else the sentence that says what is wrong.
[[nodiscard]] std::variant<std::int64_t, std::string> parse_design(std::string_view text);

/// The variants that some variations make.
class VariantSpace {
public:
    /// All combinations (`latin` = 0), the last variation changing fastest; or `latin` points of
    /// which each variation sees every value equally often, give or take one. The points are the
    /// same for the same numbers. Requires: at least one value in each variation.
    /// Source: McKay, Beckman and Conover 1979, "A Comparison of Three Methods for Selecting Values
    /// of Input Variables in the Analysis of Output from a Computer Code".
    explicit VariantSpace(std::vector<Variation> variations, std::int64_t latin = 0);

    /// The number of variants; 1 without any variation. More than variant_limit counts as one more.
    [[nodiscard]] std::int64_t size() const { return size_; }
    [[nodiscard]] const std::vector<Variation>& variations() const { return variations_; }
    [[nodiscard]] std::int64_t latin() const { return latin_; }
    /// The value index of each variation. Requires: 0 <= variant < size().
    [[nodiscard]] std::vector<std::size_t> point(std::int64_t variant) const;
    /// The same as settings "POINTER=VALUE".
    [[nodiscard]] std::vector<std::string> settings(std::int64_t variant) const;

private:
    void place_latin_points();

    std::vector<Variation> variations_;
    std::int64_t latin_;
    std::int64_t size_ = 1;
    std::vector<std::vector<std::uint32_t>> points_;  ///< By variation, then point; Latin only.
};

}  // namespace archsim::scenarios

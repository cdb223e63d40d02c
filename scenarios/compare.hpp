// Comparing designs: the same random numbers for all of them, replication by replication, and what
// the differences of the pairs say about each metric.
#pragma once

#include "scenarios/headline.hpp"
#include "scenarios/run.hpp"
#include "scenarios/scenario.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace archsim::scenarios {

/// What a difference comes to.
enum class Change : std::uint8_t {
    improved,
    regressed,
    changed,        ///< Different, where no direction of the metric is the better one.
    no_difference,  ///< None shown, and any there is is smaller than the margin.
    inconclusive,   ///< None shown, but one above the margin may be there: run more replications.
    no_data,        ///< Fewer than two replications measured it in both designs.
};

/// "improved", "regressed", "changed", "no_difference", "inconclusive" or "no_data".
[[nodiscard]] constexpr std::string_view name_of(Change change) {
    constexpr std::string_view names[] = {"improved",      "regressed",    "changed",
                                          "no_difference", "inconclusive", "no_data"};
    return names[static_cast<int>(change)];
}

/// One metric of two designs. Differences are design minus reference.
struct MetricComparison {
    std::string metric;
    std::string unit;
    Better better = Better::unknown;
    bool headline = false;              ///< Counts for the verdict of the whole.
    int n = 0;                          ///< Pairs.
    std::optional<double> reference{};  ///< Means over the pairs.
    std::optional<double> design{};
    std::optional<double> difference{};
    /// 95 %, of this difference alone; absent where all pairs differ alike by coincidence.
    std::optional<Interval> interval{};
    std::optional<double> ratio{};  ///< Design over reference.
    std::optional<Interval> ratio_interval{};
    std::optional<double> p_value{};     ///< Two-sided, of no difference, after Holm.
    std::optional<double> crn_factor{};  ///< Interval without pairing over interval with it.
    Change change = Change::no_data;
};

/// One design against the reference.
struct DesignComparison {
    std::string name;
    /// Shared ones, headline first, then by name; a headline metric of the reference that this
    /// design does not have is there as well, without data, unless it is of a node that the design
    /// does not have either.
    std::vector<MetricComparison> metrics{};
    std::vector<std::string> only_in_reference{};  ///< Headline ones first, then by name.
    std::vector<std::string> only_here{};
};

/// Everything.
struct ComparisonResult {
    std::string reference;
    std::uint64_t seed = 1;
    bool common_random_numbers = true;
    int replications = 0;
    double tolerance = 0.0;
    double margin = 0.05;
    Status status = Status::complete;
    std::string status_reason{};
    std::optional<double> crn_factor{};  ///< Median over the headline metrics.
    std::vector<DesignComparison> designs{};
};

/// How differences are judged.
struct CompareRules {
    /// A difference is called only if it is shown to be larger than this share of the reference.
    double tolerance = 0.0;
    /// Without one: "no difference" if the interval stays within this share of the reference.
    double margin = 0.05;
};

/// Metrics of both judged over pairs of replications with one index. The verdicts of the headline
/// metrics of all designs are wrong about any equal pair in at most 5 % of comparisons, and those
/// of the other metrics, as a second family, likewise.
/// Source: Holm 1979, "A Simple Sequentially Rejective Multiple Test Procedure".
/// Requires: as many names as designs, at least two, with equal numbers of replications.
[[nodiscard]] ComparisonResult compare_replications(
    std::span<const std::string> names, std::span<const std::vector<Replication>> designs,
    std::span<const std::string> headline, const CompareRules& rules);

/// "users/latency/p99:2%" of an interval of differences, relative to the reference.
struct DifferencePrecision {
    std::string metric;
    double relative = 0.0;
};

/// How a comparison is run.
struct CompareOptions {
    RunOptions run{};
    CompareRules rules{};
    bool independent = false;  ///< Each design keeps its own seed.
    std::int64_t replications = 10;
    std::int64_t max_replications = 1000;  ///< Where `until` gives up; at least `replications`.
    std::vector<DifferencePrecision> until{};
};

/// One of the designs, with its name.
struct Design {
    std::string name;
    Scenario scenario;
};

/// Runs all designs, the first of which is the reference, with its seed unless `independent`; then
/// goes on at doubled counts until every precision is reached. Depends on the designs and options,
/// not on the number of threads. Requires: at least two designs, options.replications >= 2.
[[nodiscard]] ComparisonResult run_comparison(std::span<Design> designs,
                                              const CompareOptions& options);

/// Whether nothing among the headline metrics regressed, is inconclusive (unless allowed) or lacks
/// data.
[[nodiscard]] bool holds(const ComparisonResult& comparison, bool allow_inconclusive);

}  // namespace archsim::scenarios

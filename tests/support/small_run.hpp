// Small scenarios written as text in a test, run through the same road as a file, and looked up by
// the names of their metrics.
#pragma once

#include "scenarios/run.hpp"
#include "scenarios/scenario.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace archsim::tests {

/// Reads a whole scenario from text; `"scenario"` is put in front of `members`, which are the rest
/// of the file without its braces. Trace files are looked for in `folder`. Throws
/// std::runtime_error with all problems if there is one.
[[nodiscard]] scenarios::Scenario read_text(std::string_view members,
                                            const std::string& folder = ".");

/// What one replication measured, by name.
class Measured {
public:
    explicit Measured(const scenarios::Replication& replication);
    /// The value of a metric. Throws std::runtime_error if there is none of this name or it could
    /// not be measured.
    [[nodiscard]] double operator[](std::string_view name) const;
    /// Whether there is a metric of this name and it has a value.
    [[nodiscard]] bool has(std::string_view name) const;
    /// All metrics by name.
    [[nodiscard]] const std::map<std::string, std::optional<double>, std::less<>>& all() const {
        return values_;
    }

private:
    std::map<std::string, std::optional<double>, std::less<>> values_;
};

/// Runs replication 0 without warm-up; conservation and Little's law are checked at its end.
[[nodiscard]] Measured run_text(std::string_view members, const std::string& folder = ".");

/// A mean over independent replications with its standard error.
struct Estimate {
    double mean = 0.0;
    double standard_error = 0.0;
    /// Standard errors between the estimate and `truth`, without sign.
    [[nodiscard]] double sigmas_from(double truth) const;
};

/// The estimate of a metric. Requires: two or more replications that all measured it.
[[nodiscard]] Estimate estimate_of(const std::vector<scenarios::Replication>& replications,
                                   std::string_view metric);

/// Runs `count` replications with the scenario's own warm-up.
[[nodiscard]] std::vector<scenarios::Replication> replicate(const scenarios::Scenario& scenario,
                                                            std::int64_t count);

}  // namespace archsim::tests

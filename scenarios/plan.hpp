// A plan: one scenario, the variants of it and the number of replications of each. Its units, the
// pairs (variant, replication), can be run anywhere and in any order; names of variants and of the
// plan are hashes of their content, so that results from elsewhere cannot be taken for one's own.
#pragma once

#include "scenarios/scenario.hpp"
#include "scenarios/variation.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace archsim::scenarios {

/// One piece of work. Both count from 0.
struct UnitId {
    std::int64_t variant = 0;
    std::int64_t replication = 0;
    auto operator<=>(const UnitId&) const = default;
};

/// What a plan is made from.
struct PlanSource {
    models::Value document;    ///< Settled: extended and set.
    std::string folder = ".";  ///< Where trace files are.
    VariantSpace space{{}};
    std::uint64_t max_events = UINT64_C(1) << 40;  ///< For one replication.
    std::string version;  ///< Of the program: another one may count differently.
};

/// The document as JSON with the members of every object sorted: equal for equal content.
[[nodiscard]] std::string canonical_json(const models::Value& document);

/// An immutable plan.
class Plan {
public:
    /// Checks every variant; `sources` holds the texts that the document came from. On a problem
    /// the text that tells of it: all diagnostics of the first variant that is no valid scenario.
    [[nodiscard]] static std::variant<Plan, std::string> make(PlanSource source,
                                                              const models::Sources& sources);
    /// The plan that to_value() describes. Traces are looked for in `folder`. Nothing if the value
    /// is not such a description or does not belong to its hash.
    [[nodiscard]] static std::optional<Plan> from_value(const models::Value& value,
                                                        const std::string& folder = ".");

    /// All that matters for the results, for the first line of a journal.
    [[nodiscard]] models::Value to_value() const;

    [[nodiscard]] std::int64_t variants() const {
        return static_cast<std::int64_t>(variant_ids_.size());
    }
    [[nodiscard]] std::int64_t replications() const { return replications_; }
    [[nodiscard]] std::int64_t units() const { return variants() * replications(); }
    [[nodiscard]] UnitId unit(std::int64_t index) const {
        return {index / replications_, index % replications_};
    }
    [[nodiscard]] std::int64_t index_of(UnitId unit) const {
        return unit.variant * replications_ + unit.replication;
    }
    /// 16 hexadecimal digits.
    [[nodiscard]] const std::string& hash() const { return hash_; }
    /// 16 hexadecimal digits. Requires: 0 <= variant < variants().
    [[nodiscard]] std::string variant_id(std::int64_t variant) const;
    /// The variant with this name. O(log variants).
    [[nodiscard]] std::optional<std::int64_t> find_variant(std::string_view id) const;
    [[nodiscard]] const VariantSpace& space() const { return source_.space; }
    /// The settings of a variant.
    [[nodiscard]] std::vector<std::string> settings(std::int64_t variant) const;
    /// The document of a variant. O(size of the document).
    [[nodiscard]] models::Value document(std::int64_t variant) const;
    /// The scenario of a variant; else what is wrong with it, which can only be that a trace file
    /// has changed since the plan was made.
    [[nodiscard]] std::variant<Scenario, std::string> scenario(std::int64_t variant) const;
    [[nodiscard]] std::uint64_t max_events() const { return source_.max_events; }
    /// Where trace files are looked for.
    [[nodiscard]] const std::string& folder() const { return source_.folder; }
    [[nodiscard]] const std::string& version() const { return source_.version; }

private:
    explicit Plan(PlanSource source) : source_{std::move(source)} {}
    void finish();

    PlanSource source_;
    std::int64_t replications_ = 1;
    std::vector<std::uint64_t> variant_ids_;
    std::vector<std::int64_t> points_;     ///< Variant -> its place in the space.
    std::vector<std::uint32_t> id_order_;  ///< Variants sorted by name.
    std::string hash_;
};

}  // namespace archsim::scenarios

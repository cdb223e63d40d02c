// Running the units of a plan: on threads here, or one at a time for whoever hands them out
// elsewhere. A finished unit is a record of JSON text, the same bytes wherever it was run.
#pragma once

#include "scenarios/plan.hpp"
#include "scenarios/run.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace archsim::scenarios {

/// What a record says.
struct UnitRecord {
    UnitId unit;
    std::string error{};        ///< Why there is no result, or "".
    Replication replication{};  ///< Windows only where the plan has a single replication.
    sim::Duration warm_up{};
};

/// The record as JSON on one line.
[[nodiscard]] std::string unit_json(const Plan& plan, const UnitRecord& record);

/// The record in a text; nothing if it is none, or of another plan.
[[nodiscard]] std::optional<UnitRecord> read_unit(const Plan& plan, std::string_view json);

/// Runs units one after the other. It keeps the scenario of the last one, so units of one variant
/// should come together.
class UnitWorker {
public:
    /// The plan and the interrupt flag outlive the worker; of the options only the flag is used.
    UnitWorker(const Plan& plan, const RunOptions& options) : plan_{plan}, options_{options} {
        options_.max_events = plan.max_events();
    }

    /// The record of a unit, an error record if memory ran out; nothing if it was interrupted.
    [[nodiscard]] std::optional<std::string> run(UnitId unit);

private:
    void prepare(std::int64_t variant);

    const Plan& plan_;
    RunOptions options_;
    std::int64_t prepared_ = -1;
    std::optional<Scenario> scenario_;
    sim::Duration warm_up_;
    std::string problem_;
};

/// Takes a finished unit, one call at a time; false stops the work.
using UnitSink = std::function<bool(UnitId unit, const std::string& json)>;

/// How units end.
enum class UnitsEnd : std::uint8_t {
    complete,
    interrupted,  ///< By the flag in the options.
    stopped,      ///< By the sink.
};

/// A way to run units: threads, or the ranks of a cluster. Finished ones come in any order.
using UnitRunner = std::function<UnitsEnd(const Plan& plan, std::span<const UnitId> pending,
                                          const RunOptions& options, const UnitSink& sink)>;

/// Runs units on options.jobs threads.
[[nodiscard]] UnitsEnd run_units(const Plan& plan, std::span<const UnitId> pending,
                                 const RunOptions& options, const UnitSink& sink);

}  // namespace archsim::scenarios

// What `archsim sweep`, `archsim merge` and `archsim-mpi` share: the plan of a command line, and
// showing the results of a plan.
#pragma once

#include "scenarios/unit_store.hpp"
#include "tools/command.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace archsim::tools {

/// The options of a sweep.
[[nodiscard]] std::vector<OptionSpec> sweep_options();
/// The options of how a sweep is shown: --metric, --json, --csv, --quiet, --color.
[[nodiscard]] std::vector<OptionSpec> sweep_output_options();

/// The plan that a command line asks for, or the exit code after a complaint.
[[nodiscard]] std::variant<scenarios::Plan, Exit> plan_of(const Arguments& arguments);

/// Runs the units of the plan that have no record yet, by means of `runner`, and shows what came
/// out.
[[nodiscard]] Exit run_sweep(const Arguments& arguments, const scenarios::Plan& plan,
                             const scenarios::UnitRunner& runner);

/// The table, or what --json, --csv and --html ask for. The exit code says whether every unit ran
/// to its end.
[[nodiscard]] Exit show_sweep(const Arguments& arguments, const scenarios::Plan& plan,
                              const scenarios::UnitStore& store, bool is_interrupted);

/// "2/8" -> the second of eight shards, "auto" -> that of the job array or CI matrix around this
/// process (SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX with ARCHSIM_SHARDS, CI_NODE_INDEX); which
/// one was used goes to standard error. Nothing after a complaint.
[[nodiscard]] std::optional<scenarios::Shard> shard_of(const std::string& text);

}  // namespace archsim::tools

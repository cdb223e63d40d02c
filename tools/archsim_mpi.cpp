// archsim-mpi: `archsim sweep` on a cluster. Rank 0 hands out units and keeps the journal, the
// other ranks run them; the result has the same bytes as that of one process.
#include "scenarios/parse.hpp"
#include "tools/sweep.hpp"
#include "tools/terminal.hpp"

#include <boost/mpi/collectives.hpp>
#include <boost/mpi/communicator.hpp>
#include <boost/mpi/environment.hpp>
#include <boost/serialization/string.hpp>

#include <array>
#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <thread>

namespace archsim::tools {

namespace {

namespace mpi = boost::mpi;

constexpr int to_worker = 1;
constexpr int to_leader = 2;
constexpr std::int64_t no_more = -1;

std::vector<OptionSpec> options() {
    std::vector<OptionSpec> all = sweep_options();
    for (const OptionSpec& option : sweep_output_options()) all.push_back(option);
    return all;
}

/// The record of a unit; "" if it was interrupted. Nothing may escape: it would end all ranks.
std::string record_of(scenarios::UnitWorker& worker, const scenarios::Plan& plan,
                      scenarios::UnitId unit) {
    try {
        return worker.run(unit).value_or(std::string{});
    } catch (const std::exception& error) {
        return scenarios::unit_json(plan, {.unit = unit, .error = error.what()});
    }
}

/// What every rank but 0 does: ask, run, answer, until there is no more.
void work(const mpi::communicator& world, const scenarios::Plan& plan) {
    scenarios::UnitWorker worker{plan, {.interrupt = &interrupt_flag()}};
    world.send(0, to_leader, std::string{});
    for (;;) {
        std::int64_t index = no_more;
        world.recv(0, to_worker, index);
        if (index == no_more) return;
        world.send(0, to_leader, record_of(worker, plan, plan.unit(index)));
    }
}

/// What rank 0 does: every message of a worker is its last record, or "" to begin with, and is
/// answered with the next unit.
scenarios::UnitsEnd lead(const mpi::communicator& world, const scenarios::Plan& plan,
                         std::span<const scenarios::UnitId> pending,
                         const scenarios::RunOptions& options, const scenarios::UnitSink& sink) {
    if (world.size() == 1) return scenarios::run_units(plan, pending, options, sink);
    std::vector<std::int64_t> running(static_cast<std::size_t>(world.size()), no_more);
    std::size_t next = 0;
    int workers = world.size() - 1;
    auto end = scenarios::UnitsEnd::complete;
    while (workers > 0) {
        const auto waiting = world.iprobe(mpi::any_source, to_leader);
        if (!waiting) {
            // A blocking receive of OpenMPI would keep a core busy.
            std::this_thread::sleep_for(std::chrono::microseconds{500});
            continue;
        }
        const int rank = waiting->source();
        std::string record;
        world.recv(rank, to_leader, record);
        std::int64_t& unit = running[static_cast<std::size_t>(rank)];
        if (unit != no_more && record.empty()) end = scenarios::UnitsEnd::interrupted;
        if (!record.empty() && !sink(plan.unit(unit), record)) end = scenarios::UnitsEnd::stopped;
        if (interrupt_flag() && next < pending.size()) end = scenarios::UnitsEnd::interrupted;
        const bool go_on = end == scenarios::UnitsEnd::complete && next < pending.size();
        unit = go_on ? plan.index_of(pending[next++]) : no_more;
        if (!go_on) --workers;
        world.send(rank, to_worker, unit);
    }
    return end;
}

/// Tells workers that there is nothing to do after all, such as in a dry run.
void dismiss(const mpi::communicator& world) {
    for (int rank = 1; rank < world.size(); ++rank) {
        std::string ready;
        world.recv(rank, to_leader, ready);
        world.send(rank, to_worker, no_more);
    }
}

Exit run(const Arguments& arguments) {
    const mpi::communicator world;
    std::optional<scenarios::Plan> plan;
    std::string text;
    std::string folder;
    Exit exit = Exit::ok;
    if (world.rank() == 0) {
        auto made = plan_of(arguments);
        if (auto* const problem = std::get_if<Exit>(&made)) {
            exit = *problem;
        } else {
            plan.emplace(std::get<scenarios::Plan>(std::move(made)));
            text = plan->to_value().to_json();
            folder = plan->folder();
        }
    }
    // Only rank 0 reads the scenario, so that the others need not see the file.
    mpi::broadcast(world, text, 0);
    mpi::broadcast(world, folder, 0);
    if (text.empty()) return exit;
    if (world.rank() != 0) {
        models::Diagnostics diagnostics;
        const auto value = scenarios::parse(text, 0, diagnostics);
        plan = scenarios::Plan::from_value(*value, folder);
        work(world, *plan);
        return Exit::ok;
    }
    bool handed_out = false;
    exit =
        run_sweep(arguments, *plan,
                  [&](const scenarios::Plan& whole, std::span<const scenarios::UnitId> pending,
                      const scenarios::RunOptions& run_options, const scenarios::UnitSink& sink) {
                      handed_out = world.size() > 1;
                      return lead(world, whole, pending, run_options, sink);
                  });
    if (!handed_out) dismiss(world);
    return exit;
}

}  // namespace

constexpr Command mpi_sweep_command = {
    "sweep", "Run variants of a scenario on all ranks.",
    "  mpirun -np 8 archsim-mpi sweep my.json --vary nodes/web/instances=1..64 --journal j "
    "--resume\n",
    options, run};

std::span<const Command* const> all_commands() {
    static constexpr std::array all = {&mpi_sweep_command};
    return all;
}

}  // namespace archsim::tools

int main(int argc, char** argv) {
    const boost::mpi::environment environment{argc, argv};
    archsim::tools::catch_signals();
    return archsim::tools::run_command_line(argc, argv);
}

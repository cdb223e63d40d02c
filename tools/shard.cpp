// Which share of a plan this process is to run.
#include "tools/sweep.hpp"
#include "tools/terminal.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>
#include <string_view>

namespace archsim::tools {

namespace {

std::optional<std::int64_t> number_in(std::string_view text) {
    std::int64_t number = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || stop != text.data() + text.size()) return std::nullopt;
    return number;
}

std::optional<std::int64_t> variable(const char* name) {
    const char* const text = std::getenv(name);
    return text != nullptr ? number_in(text) : std::nullopt;
}

/// One system of job arrays: where the number of this task, the first number and the count are.
struct ArraySystem {
    const char* task;
    const char* first;  ///< Absent: 0.
    std::int64_t first_otherwise;
    const char* count;
};

constexpr ArraySystem systems[] = {
    {"SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN", 0, "SLURM_ARRAY_TASK_COUNT"},
    {"JOB_COMPLETION_INDEX", nullptr, 0, "ARCHSIM_SHARDS"},
    {"CI_NODE_INDEX", nullptr, 1, "CI_NODE_TOTAL"},
};

std::optional<scenarios::Shard> shard_around_us() {
    for (const ArraySystem& system : systems) {
        const auto task = variable(system.task);
        // An array with gaps, or one resubmitted in part, counts fewer tasks than there are shards.
        const auto named = variable("ARCHSIM_SHARDS");
        const auto count = named ? named : variable(system.count);
        if (!task || !count) continue;
        const auto first = system.first != nullptr && !named
                               ? variable(system.first).value_or(system.first_otherwise)
                               : system.first_otherwise;
        const scenarios::Shard shard{*task - first, *count};
        if (shard.count < 1 || shard.index < 0 || shard.index >= shard.count) {
            complain(
                fmt::format("error: --shard auto: {} is {}, which is none of {} shards from "
                            "{} on\nhint: set ARCHSIM_SHARDS or write --shard I/N",
                            system.task, *task, *count, first));
            return std::nullopt;
        }
        complain(
            fmt::format("archsim: shard {}/{} from {}", shard.index + 1, shard.count, system.task));
        return shard;
    }
    complain(
        "error: --shard auto: no job array or CI matrix around this process\n"
        "hint: write --shard I/N");
    return std::nullopt;
}

}  // namespace

std::optional<scenarios::Shard> shard_of(const std::string& text) {
    if (text == "auto") return shard_around_us();
    const std::size_t slash = text.find('/');
    if (slash != std::string::npos) {
        const auto index = number_in(std::string_view{text}.substr(0, slash));
        const auto count = number_in(std::string_view{text}.substr(slash + 1));
        if (index && count && *index >= 1 && *index <= *count)
            return scenarios::Shard{*index - 1, *count};
    }
    complain("error: --shard is I/N with I from 1 to N, or auto, not '" + reports::printable(text) +
             "'");
    return std::nullopt;
}

}  // namespace archsim::tools

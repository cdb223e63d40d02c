// archsim_bench: every benchmark in one program. It runs at real size (--real says so outright) or
// with --smoke at a small one, which the test suite does; a name runs that one alone. Fails where
// a benchmark finds a wrong result, never because it was slow.
#include "tests/bench/cache_bench.hpp"
#include "tests/bench/compare_bench.hpp"
#include "tests/bench/history_bench.hpp"
#include "tests/bench/speed_bench.hpp"
#include "tests/bench/sweep_bench.hpp"
#include "tests/bench/wars_bench.hpp"

#include <cstdio>
#include <string_view>

namespace {

struct Benchmark {
    std::string_view name;
    bool (*run)(bool smoke);
};
constexpr Benchmark benchmarks[] = {
    {"cache", archsim::bench::run_cache_bench},
    {"cache_node", archsim::bench::run_cache_node_bench},
    {"history", archsim::bench::run_history_bench},
    {"history_cost", archsim::bench::run_history_cost_bench},
    {"single_queue", archsim::bench::run_single_queue_bench},
    {"two_servers", archsim::bench::run_two_servers_bench},
    {"path", archsim::bench::run_path_bench},
    {"published_scale", archsim::bench::run_published_scale_bench},
    {"threads", archsim::bench::run_threads_bench},
    {"memory", archsim::bench::run_memory_bench},
    {"pending", archsim::bench::run_pending_bench},
    {"draws", archsim::bench::run_draws_bench},
    {"sweep", archsim::bench::run_sweep_bench},
    {"compare", archsim::bench::run_compare_bench},
    {"wars", archsim::bench::run_wars_bench},
};

}  // namespace

int main(int count, char** arguments) {
    bool smoke = false;
    std::string_view only;
    for (int i = 1; i < count; ++i) {
        const std::string_view argument = arguments[i];
        if (argument == "--smoke") {
            smoke = true;
        } else if (argument == "--real") {
            smoke = false;
        } else {
            only = argument;
        }
    }
    bool is_known = only.empty();
    bool all_agree = true;
    for (const Benchmark& benchmark : benchmarks) {
        if (!only.empty() && only != benchmark.name) continue;
        is_known = true;
        all_agree = benchmark.run(smoke) && all_agree;
    }
    if (!is_known) {
        std::fputs("usage: archsim_bench [--smoke | --real] [NAME]\n", stderr);
        return 2;
    }
    return all_agree ? 0 : 1;
}

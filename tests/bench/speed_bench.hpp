// The benchmarks of engine and product; tests/bench/README.md says what each one measures.
#pragma once

namespace archsim::bench {

/// M/M/1 at 90 % load through the engine's coroutines. False where the mean sojourn time is not
/// that of the bare loop, which draws the same numbers. `smoke` is a small size, here and below.
[[nodiscard]] bool run_single_queue_bench(bool smoke);

/// Two servers behind a balancer, from JSON text to metrics. False where the mean latency is not
/// that of theory, here and for the path.
[[nodiscard]] bool run_two_servers_bench(bool smoke);

/// Five services in a row with network between them, from JSON text to metrics.
[[nodiscard]] bool run_path_bench(bool smoke);

/// Twitter at its published scale, from its file to metrics: events, requests and deliveries per
/// CPU second, and memory. False where a feed does not take the time of its legs and its work.
[[nodiscard]] bool run_published_scale_bench(bool smoke);

/// Zipf reads through a cache, from JSON text to metrics. False where the hit ratio is not that of
/// theory.
[[nodiscard]] bool run_cache_node_bench(bool smoke);

/// Two replications on two threads beside the same two on one thread. False where results differ.
[[nodiscard]] bool run_threads_bench(bool smoke);

/// Memory of finished requests and of requests in flight. False where it grows with the former.
[[nodiscard]] bool run_memory_bench(bool smoke);

/// The pending-event set by size. False where events fire out of order, here and there.
[[nodiscard]] bool run_pending_bench(bool smoke);

/// Random draws and histogram records. False where a mean is wrong.
[[nodiscard]] bool run_draws_bench(bool smoke);

}  // namespace archsim::bench

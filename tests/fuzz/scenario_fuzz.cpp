// libFuzzer: any bytes as a scenario. The loader must refuse them or make a scenario of them, and
// say all that it has to say; what it accepts must survive its analysis and its first events.
// build/fuzz/tests/scenario_fuzz CORPUS tests/bad scenarios/guide -dict=tests/fuzz/scenario.dict
#include "scenarios/load.hpp"
#include "scenarios/parse.hpp"
#include "scenarios/run.hpp"
#include "scenarios/topology.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

using namespace archsim;

namespace {

/// Few enough that the slowest scenario takes a moment, enough to start everything.
constexpr std::uint64_t first_events = 2000;

void read_and_run(const std::string& text) {
    models::Sources sources;
    models::Diagnostics diagnostics;
    const std::uint32_t source = sources.add("fuzz.json", text);
    const auto document = scenarios::parse(sources.text(source), source, diagnostics);
    if (document) {
        const auto scenario =
            scenarios::read_scenario(*document, "/nonexistent", sources, diagnostics);
        if (scenario) {
            static_cast<void>(scenarios::analyse(*scenario));
            scenarios::RunOptions options;
            options.max_events = first_events;
            static_cast<void>(scenarios::run_replication(*scenario, 0, {}, options));
        }
    }
    static_cast<void>(diagnostics.format(sources));
}

}  // namespace

extern "C" {
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    read_and_run({reinterpret_cast<const char*>(data), size});
    return 0;
}
}

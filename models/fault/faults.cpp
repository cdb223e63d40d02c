// What all faults share, and the table of their kinds.
#include "models/fault/fault.hpp"

#include <algorithm>
#include <array>

namespace archsim::models {

Fault::Fault(const FaultConfig& config, const FaultContext& context)
    : context_{context},
      timing_{config},
      begin_{*this, [](sim::Event& e) { static_cast<Timer&>(e).fault.begin_now(); }},
      end_{*this, [](sim::Event& e) { static_cast<Timer&>(e).fault.end_now(); }} {}

std::vector<Fault::Window> Fault::windows(sim::Instant until, std::size_t most) const {
    std::vector<Window> all;
    sim::Instant from = begins();
    while (from < until && all.size() < most) {
        all.push_back({from, std::nullopt});
        if (timing_.length) all.back().to = from + *timing_.length;
        const bool is_last =
            timing_.times && all.size() == static_cast<std::size_t>(*timing_.times);
        if (!timing_.every || is_last) break;
        from = from + *timing_.every;
    }
    return all;
}

void Fault::start() { context_.simulation.schedule(begin_, begins()); }

void Fault::begin_now() {
    ++begun_;
    const sim::Instant now = context_.simulation.now();
    if (timing_.length) context_.simulation.schedule(end_, now + *timing_.length);
    const bool again = timing_.every && (!timing_.times || begun_ < *timing_.times);
    if (again) context_.simulation.schedule(begin_, now + *timing_.every);
    open_ = records();
    for (FaultRecord& record : open_) record = tell_begin(record);
    begin();
}

FaultRecord Fault::tell_begin(FaultRecord record) const {
    record.id = context_.history.next_fault();
    record.begins = true;
    record.at = context_.simulation.now();
    context_.history.fault(record);
    return record;
}

void Fault::tell_end(FaultRecord record) const {
    record.begins = false;
    record.at = context_.simulation.now();
    context_.history.fault(record);
}

void Fault::end_now() {
    // Told first, so that what happens because of it comes after it.
    for (const FaultRecord& record : open_) tell_end(record);
    open_.clear();
    end();
}

void check_repeat(const FaultConfig& config, const Place& place) {
    if (config.times && !config.every) {
        place.fail("times", {.code = Code::missing_key,
                             .message = "\"times\" needs \"every\"",
                             .hint = "say after which time it begins again"});
    }
    if (config.every && config.length && *config.every <= *config.length) {
        place.fail("every", {.code = Code::time_window,
                             .message = "it would begin again before it has ended",
                             .hint = "let \"every\" be longer than \"for\""});
    }
}

void check_ending(const FaultConfig& config, const Place& place) {
    if (!config.every || config.length) return;
    place.fail("every", {.code = Code::missing_key,
                         .message = "a fault that begins again has to end before",
                         .hint = "say with \"for\" how long it lasts"});
}

std::vector<FaultRecord> records_of(FaultType kind, const std::vector<Node*>& nodes) {
    std::vector<FaultRecord> records;
    for (const Node* const node : nodes) {
        FaultRecord record;
        record.kind = kind;
        record.node = node->owner().number();
        const auto same = [&](const FaultRecord& other) { return other.node == record.node; };
        if (std::ranges::none_of(records, same)) records.push_back(record);
    }
    return records;
}

extern const FaultKind crash_fault;
extern const FaultKind slow_fault;
extern const FaultKind pause_fault;
extern const FaultKind disk_stall_fault;
extern const FaultKind clock_skew_fault;
extern const FaultKind zone_failure_fault;
extern const FaultKind random_crashes_fault;
extern const FaultKind chaos_fault;
extern const FaultKind partition_fault;
extern const FaultKind packet_loss_fault;
extern const FaultKind add_instance_fault;
extern const FaultKind remove_instance_fault;
extern const FaultKind deploy_fault;
extern const FaultKind join_fault;
extern const FaultKind leave_fault;

std::span<const FaultKind* const> fault_kinds() {
    static constexpr std::array all = {
        // clang-format off
        &crash_fault,
        &slow_fault,
        &pause_fault,
        &disk_stall_fault,
        &clock_skew_fault,
        &zone_failure_fault,
        &random_crashes_fault,
        &chaos_fault,
        &partition_fault,
        &packet_loss_fault,
        &add_instance_fault,
        &remove_instance_fault,
        &deploy_fault,
        &join_fault,
        &leave_fault,
        // clang-format on
    };
    return all;
}

std::vector<std::string> names_of(const std::vector<Reference>& references) {
    std::vector<std::string> names;
    for (const Reference& reference : references) names.push_back(reference.name);
    return names;
}

}  // namespace archsim::models

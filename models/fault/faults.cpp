// What all faults share, and the table of their kinds.
#include "models/fault/fault.hpp"

#include <array>

namespace archsim::models {

Fault::Fault(const FaultConfig& config, const FaultContext& context)
    : context_{context},
      at_{config.at},
      length_{config.length},
      begin_{*this, [](sim::Event& e) { static_cast<Timer&>(e).fault.begin(); }},
      end_{*this, [](sim::Event& e) { static_cast<Timer&>(e).fault.end(); }} {}

void Fault::start() {
    context_.simulation.schedule(begin_, begins());
    if (length_) context_.simulation.schedule(end_, begins() + *length_);
}

std::optional<sim::Instant> Fault::ends() const {
    if (!length_) return std::nullopt;
    return begins() + *length_;
}

extern const FaultKind crash_fault;
extern const FaultKind slow_fault;
extern const FaultKind partition_fault;
extern const FaultKind packet_loss_fault;
extern const FaultKind add_instance_fault;
extern const FaultKind remove_instance_fault;

std::span<const FaultKind* const> fault_kinds() {
    static constexpr std::array all = {
        // clang-format off
        &crash_fault,
        &slow_fault,
        &partition_fault,
        &packet_loss_fault,
        &add_instance_fault,
        &remove_instance_fault,
        // clang-format on
    };
    return all;
}

}  // namespace archsim::models

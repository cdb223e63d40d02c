// What the doors of all instances of a service measure together.
#pragma once

#include "models/catalog.hpp"
#include "models/service/door.hpp"

#include <array>
#include <cstddef>

namespace archsim::models {

/// Publishes `rejected/shed`, `rejected/rate_limit` and `rejected/concurrency`: shares of all
/// requests, each only where the door asks for it.
class DoorMetrics {
public:
    DoorMetrics(const AdmissionConfig& config, const BuildContext& context)
        : asked_{context.metrics.counter()} {
        for (int i = 0; i < refused_count; ++i) {
            sim::Counter& counter = context.metrics.counter();
            refused_[static_cast<std::size_t>(i)] = &counter;
            const Refused reason = static_cast<Refused>(i);
            const bool is_asked = reason == Refused::shed ? !config.shed.empty()
                                  : reason == Refused::rate_limit
                                      ? config.rate_limit.has_value()
                                      : config.concurrency_limit.has_value();
            if (!is_asked) continue;
            context.metrics.publish_ratio(context.path("rejected/" + std::string(name_of(reason))),
                                          counter, {&asked_});
        }
    }

    /// A request asks to come in.
    void count() { asked_.add(); }
    /// It was turned away.
    void count(Refused reason) { refused_[static_cast<std::size_t>(reason)]->add(); }

private:
    sim::Counter& asked_;
    std::array<sim::Counter*, refused_count> refused_{};
};

}  // namespace archsim::models

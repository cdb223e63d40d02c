// The parameters of a service as a scenario writes them.
#pragma once

#include "models/distribution_codec.hpp"
#include "models/edge.hpp"
#include "models/queue_limit.hpp"
#include "models/service/autoscaler.hpp"
#include "models/service/door.hpp"
#include "models/service/session_config.hpp"
#include "models/service/step.hpp"
#include "models/spec.hpp"
#include "sim/station.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace archsim::models {

/// Everything that a scenario can say of a service.
struct ServiceConfig {
    std::int64_t instances = 1;
    std::int64_t servers = 1;
    QueueLimit queue;
    sim::Discipline discipline = sim::Discipline::fifo;
    sim::Distribution service_time;
    double speed = 1.0;
    double contention = 0.0;
    double coherency = 0.0;
    std::vector<EdgeConfig> calls;
    InOrder<std::vector<StepConfig>> routes;
    sim::Bytes response_size;
    std::optional<AdmissionConfig> admission;
    std::optional<AutoscalerConfig> autoscaler;
    bool drop_late = false;
    SessionChoice sessions;
    static const Spec<ServiceConfig>& spec();
};

}  // namespace archsim::models

// How steps are written.
#include "models/service/step.hpp"

#include "models/access_codec.hpp"

namespace archsim::models {

namespace {

void check_step(const StepConfig& step, const Place& place) {
    int kinds = 0;
    for (const char* key : {"work", "call", "publish", "fan_out", "parallel", "chance"}) {
        kinds += place.has(key) ? 1 : 0;
    }
    if (kinds != 1) {
        place.fail(
            "work",
            {.code = Code::bad_value,
             .message = "a step is one of work, call, publish, fan_out, parallel and chance"});
    }
    if (place.has("chance") != place.has("then")) {
        place.fail("chance", {.code = Code::bad_value,
                              .message = "chance and then belong together",
                              .hint = R"(write {"chance": "10%", "then": [...]})"});
    }
    if (place.has("else") && !place.has("chance")) {
        place.fail("else", {.code = Code::bad_value, .message = "else belongs to chance"});
    }
    if (step.call || step.publish || step.fan_out) return;
    for (const char* key : {"operation", "type"}) {
        if (!place.has(key)) continue;
        place.fail(key, {.code = Code::bad_value,
                         .message = std::string(key) + " belongs to call, publish and fan_out"});
    }
}

}  // namespace

double executions(std::span<const StepConfig> steps) {
    double sum = 0.0;
    for (const StepConfig& step : steps) {
        double inner =
            executions(step.parallel) + executions(step.then) + executions(step.otherwise);
        if (step.fan_out) inner += step.fan_out->mean_receivers();
        sum += static_cast<double>(step.times) * (1.0 + inner);
    }
    return sum;
}

const Spec<StepConfig>& StepConfig::spec() {
    static const auto declared =
        Spec<StepConfig>{"step", "One thing that a service does for a request."}
            .optional("work", &StepConfig::work, "Work at a server of this instance.")
            .optional("call", &StepConfig::call, "A call whose answer is awaited.")
            .optional("publish", &StepConfig::publish, "A call whose answer nobody awaits.")
            .optional("fan_out", &StepConfig::fan_out,
                      "A call for each receiver of the request's key; all answers are awaited.")
            .optional("parallel", &StepConfig::parallel,
                      "Steps that start together; the last to end ends them.")
            .optional("chance", &StepConfig::chance, "Probability of `then`.")
            .optional("then", &StepConfig::then, "Steps taken with probability `chance`.")
            .optional("else", &StepConfig::otherwise, "Steps taken otherwise.")
            .optional("operation", &StepConfig::operation,
                      "Name of the operation sent; without it the request's own.")
            .optional("type", &StepConfig::access,
                      "Whether the call reads or writes data; without it as the request does.")
            .optional("times", &StepConfig::times, "How often the step is done, one after another.")
            .at_least(1)
            .at_most(10'000)
            .check(check_step);
    return declared;
}

}  // namespace archsim::models

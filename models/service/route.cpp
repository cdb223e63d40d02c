// From steps as written to steps as run.
#include "models/service/route.hpp"

#include "models/connection.hpp"

namespace archsim::models {

Routes::Routes(const InOrder<std::vector<StepConfig>>& routes, const std::vector<EdgeConfig>& calls,
               OperationNames& operations) {
    for (const EdgeConfig& edge : calls) edges_.push_back(&edge);
    for (const auto& [operation, steps] : routes.entries) {
        if (operation == "*") {
            any_ = compile(steps, operations);
        } else {
            by_operation_.emplace_back(operations.number(operation), compile(steps, operations));
        }
    }
}

const std::vector<Step>* Routes::find(std::uint32_t operation) const {
    for (const auto& [number, steps] : by_operation_) {
        if (number == operation) return &steps;
    }
    return any_ ? &*any_ : nullptr;
}

std::size_t Routes::edge_for(const EdgeConfig& edge) {
    for (std::size_t i = 0; i < edges_.size(); ++i) {
        if (edges_[i]->to == edge.to && edge.is_bare()) return i;
    }
    edges_.push_back(&edge);
    return edges_.size() - 1;
}

std::vector<Step> Routes::compile(const std::vector<StepConfig>& steps,
                                  OperationNames& operations) {
    std::vector<Step> compiled;
    for (const StepConfig& config : steps) {
        Step step;
        step.times = config.times;
        step.access = config.access;
        if (config.operation) step.operation = operations.number(*config.operation);
        if (config.work) {
            step.kind = Step::Kind::work;
            step.work = &*config.work;
        } else if (config.call) {
            step.kind = Step::Kind::call;
            step.edge = edge_for(*config.call);
        } else if (config.publish) {
            step.kind = Step::Kind::publish;
            step.edge = edge_for(*config.publish);
        } else if (config.fan_out) {
            step.kind = Step::Kind::fan_out;
            step.edge = edge_for(config.fan_out->to);
            step.fan_out = fan_outs_.size();
            fan_outs_.push_back(&*config.fan_out);
        } else if (config.chance) {
            step.kind = Step::Kind::chance;
            step.chance = config.chance->value();
            step.steps = compile(config.then, operations);
            step.otherwise = compile(config.otherwise, operations);
        } else {
            step.kind = Step::Kind::parallel;
            step.steps = compile(config.parallel, operations);
        }
        compiled.push_back(std::move(step));
    }
    return compiled;
}

namespace {

/// Adds up steps that are taken `times` on average, each time surely or not.
class Summary {
public:
    /// How steps stand to one another: in line, as the branches of a parallel step, or in one.
    enum class Within : std::uint8_t { line, fork, branch };

    Summary(Profile& profile, std::span<const EdgeConfig* const> edges,
            std::span<const FanOutConfig* const> fan_outs, std::uint32_t operation)
        : profile_{profile}, edges_{edges}, fan_outs_{fan_outs}, operation_{operation} {}

    void add(const std::vector<Step>& steps, double times, bool surely, Within within) {
        const std::size_t start = profile_.calls.size();
        const Within inside = within == Within::line ? Within::line : Within::branch;
        for (const Step& step : steps) {
            const double here = times * static_cast<double>(step.times);
            const bool once = surely && step.times == 1;
            switch (step.kind) {
                case Step::Kind::work:
                    add_work(step, here, once && within == Within::line);
                    break;
                case Step::Kind::call:
                case Step::Kind::publish: {
                    CallProfile& call = add_call(step, here);
                    if (within == Within::fork) call.after = start;
                    call.beside = within != Within::line;
                    add_fallback(profile_, *edges_[step.edge]);
                    break;
                }
                case Step::Kind::fan_out: {
                    const FanOutConfig& fan_out = *fan_outs_[step.fan_out];
                    CallProfile& call = add_call(step, here * fan_out.mean_receivers());
                    call.at_most_once = false;
                    call.beside = within != Within::line || fan_out.at_once > 1;
                    add_fallback(profile_, *edges_[step.edge]);
                    break;
                }
                case Step::Kind::parallel:
                    repeated_ += step.times > 1 ? 1 : 0;
                    add(step.steps, here, once,
                        within == Within::line ? Within::fork : Within::branch);
                    repeated_ -= step.times > 1 ? 1 : 0;
                    break;
                case Step::Kind::chance:
                    repeated_ += step.times > 1 ? 1 : 0;
                    add(step.steps, here * step.chance, false, inside);
                    add(step.otherwise, here * (1.0 - step.chance), false, inside);
                    repeated_ -= step.times > 1 ? 1 : 0;
                    break;
            }
        }
    }

private:
    void add_work(const Step& step, double times, bool surely_in_line) {
        StationProfile& station = *profile_.station;
        station.visits += times;
        station.mean_work += times * step.work->mean_seconds() / station.speed;
        if (!any_work_ && surely_in_line) {
            station.work = *step.work;
            station.after = profile_.calls.size();
        } else {
            station.work.reset();
        }
        any_work_ = true;
    }
    CallProfile& add_call(const Step& step, double times) {
        const EdgeConfig& edge = *edges_[step.edge];
        profile_.calls.push_back({.to = edge.to.name,
                                  .operation = step.operation.value_or(operation_),
                                  .access = step.access,
                                  .edge = step.edge,
                                  .mean_calls = times,
                                  .at_most = edge.holds_back(),
                                  .at_most_once = step.times == 1 && repeated_ == 0,
                                  .plain = edge.is_plain() && edge.loss.value() == 0.0,
                                  .awaited = step.kind != Step::Kind::publish,
                                  .after = profile_.calls.size(),
                                  .delay = edge.delay,
                                  .limited = edge.bandwidth.has_value()});
        return profile_.calls.back();
    }

    Profile& profile_;
    std::span<const EdgeConfig* const> edges_;
    std::span<const FanOutConfig* const> fan_outs_;
    std::uint32_t operation_;
    bool any_work_ = false;
    int repeated_ = 0;  // steps around this one that are done more than once
};

}  // namespace

Profile Routes::profile(const std::vector<Step>& route, std::uint32_t operation,
                        StationProfile station) const {
    Profile profile{std::move(station), {}};
    Summary{profile, edges_, fan_outs_, operation}.add(route, 1.0, true, Summary::Within::line);
    return profile;
}

}  // namespace archsim::models

// An open load source: requests come whether or not earlier ones have been answered.
#include "models/client/arrivals.hpp"
#include "models/client/load_source.hpp"

#include <optional>
#include <utility>

namespace archsim::models {

namespace {

class OpenLoop final : public LoadSource {
public:
    struct Config : SourceConfig {
        Arrivals arrivals;
        static const Spec<Config>& spec();
    };

    OpenLoop(Config config, const BuildContext& context)
        : OpenLoop{std::make_unique<Config>(std::move(config)), context} {}

    [[nodiscard]] std::vector<Traffic> traffic() const override {
        const bool poisson = std::holds_alternative<PoissonArrivals>(config_->arrivals.kind);
        return traffic_of(mean_rate(config_->arrivals), poisson);
    }
    [[nodiscard]] std::optional<LoadPeak> load_peak() const override {
        return peak_of(config_->arrivals);
    }
    void start() override { schedule_next(context().simulation.now()); }

private:
    OpenLoop(std::unique_ptr<Config> config, const BuildContext& context)
        : LoadSource{*config, context},
          config_{std::move(config)},
          process_{make_arrivals(config_->arrivals)},
          rng_{context.rng("arrivals")},
          arrival_{*this} {
        arrival_.set_tag(context.number);
    }

    struct Arrival : sim::Event {
        explicit Arrival(OpenLoop& s) : Event{&due}, source{s} {}
        static void due(sim::Event& event) { static_cast<Arrival&>(event).source.arrive(); }
        OpenLoop& source;
    };

    void arrive() {
        // The next arrival first: it then takes this event's place at the top of the queue.
        schedule_next(context().simulation.now());
        send(draw(), 0);
    }
    void schedule_next(sim::Instant last) {
        const sim::Instant next = process_->next(last, rng_);
        if (next != sim::Instant::never()) context().simulation.schedule(arrival_, next);
    }
    void answered(std::uint64_t, const Response&) override {}

    std::unique_ptr<Config> config_;
    std::unique_ptr<ArrivalProcess> process_;
    sim::Rng rng_;
    Arrival arrival_;
};

const Spec<OpenLoop::Config>& OpenLoop::Config::spec() {
    static const auto declared = with_source_fields(
        Spec<Config>{"open_loop", "Users whose requests come whether or not the system keeps up."}
            .required("arrivals", &Config::arrivals, "When requests come."));
    return declared;
}

}  // namespace

extern const NodeKind open_loop_kind;
const NodeKind open_loop_kind = NodeKind::of<OpenLoop>();

}  // namespace archsim::models

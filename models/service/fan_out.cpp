// Calls to all receivers of a request, a limited number at a time, and what is measured of them.
#include "models/service/fan_out.hpp"

#include "models/key_source_codec.hpp"
#include "sim/frame_pool.hpp"

#include <utility>

namespace archsim::models {

const Spec<FanOutConfig>& FanOutConfig::spec() {
    static const auto declared =
        Spec<FanOutConfig>{"fan_out", "One call for each receiver of the request's key."}
            .required("to", &FanOutConfig::to, "The node called, as in `calls`.")
            .required("receivers", &FanOutConfig::receivers,
                      "How many receivers a key has; the same number every time.")
            .optional("keys", &FanOutConfig::keys,
                      "The keys of the calls; without it all have that of the request.")
            .optional("at_once", &FanOutConfig::at_once,
                      "Calls that are under way at the same time.")
            .at_least(1)
            .at_most(1'000'000)
            .optional("up_to", &FanOutConfig::up_to,
                      "A key with more receivers than this has none of them called.")
            .at_least(0)
            .metric("deliveries", "1/s",
                    "Calls to receivers that were answered ok. This and the following are "
                    "SERVICE/fan_out/NODE/..., for all fan-outs of a service to one node.")
            .metric("undelivered", "ratio", "Share of the calls to receivers that failed.")
            .metric("skipped", "ratio",
                    "Share of requests whose key has more receivers than `up_to`.")
            .metric("receivers", "count",
                    "Receivers of a request's key, those of skipped ones included: mean, p50, p99 "
                    "and max over requests.")
            .metric("delay", "s",
                    "From when the load source issued the request to each answer ok: when a post "
                    "is in a feed.")
            .assume("Which key has how many receivers is the same for all services of a run.")
            .assume("A receiver that fails does not keep the others from their calls.");
    return declared;
}

double FanOutConfig::mean_receivers() const {
    const std::uint64_t most = Receivers::most(receivers);
    const std::uint64_t bound = up_to ? static_cast<std::uint64_t>(*up_to) : most;
    return Receivers::mean_up_to(receivers, bound);
}

FanOutMetrics::FanOutMetrics(const BuildContext& context, const std::string& to)
    : requests{context.metrics.counter()},
      skipped{context.metrics.counter()},
      delivered{context.metrics.counter()},
      failed{context.metrics.counter()},
      receivers{context.metrics.timing()},
      delay{context.metrics.timing()} {
    sim::Metrics& metrics = context.metrics;
    const std::string path = context.path("fan_out/") + to;
    metrics.publish_rate(path + "/deliveries", delivered);
    metrics.publish_ratio(path + "/undelivered", failed, {&delivered, &failed});
    metrics.publish_ratio(path + "/skipped", skipped, {&requests});
    metrics.publish_timing(path + "/delay", delay);
    const auto publish = [&](const char* name, auto value) {
        metrics.derive(path + "/receivers/" + name, "count",
                       [this, value](const sim::Stretch& s) -> std::optional<double> {
                           const sim::Histogram& numbers = receivers.histogram(s.span);
                           if (numbers.count() == 0) return std::nullopt;
                           return value(numbers);
                       });
    };
    publish("mean", [](const sim::Histogram& n) { return n.mean_seconds() * 1e9; });
    publish("p50",
            [](const sim::Histogram& n) { return static_cast<double>(n.quantile(0.5).count()); });
    publish("p99",
            [](const sim::Histogram& n) { return static_cast<double>(n.quantile(0.99).count()); });
    publish("max", [](const sim::Histogram& n) { return static_cast<double>(n.max().count()); });
}

FanOut::FanOut(const FanOutConfig& config, const BuildContext& context, FanOutMetrics& metrics,
               std::size_t number)
    : config_{config},
      context_{context},
      metrics_{metrics},
      // One stream for all services of a run: they speak of the same people.
      receivers_{config.receivers, sim::Rng::named(context.seed, "", "receivers")()},
      keys_{config.keys},
      rng_{context.rng("fan-out " + std::to_string(number) + " to " + config.to.to.name)} {}

std::uint64_t FanOut::count_for(const Request& request) {
    const std::uint64_t count = receivers_.of(request.key);
    metrics_.requests.add();
    metrics_.receivers.record(sim::Duration::nanoseconds(static_cast<std::int64_t>(count)));
    if (!config_.up_to || count <= static_cast<std::uint64_t>(*config_.up_to)) return count;
    metrics_.skipped.add();
    return 0;
}

Request FanOut::next(const Request& request) {
    Request sent = request;
    if (!keys_) return sent;
    sent.key = keys_->next(rng_, context_.simulation.now());
    sent.version = 0;  // each key has versions of its own
    return sent;
}

void FanOut::answered(const Request& request, Outcome outcome) {
    if (outcome != Outcome::ok) {
        metrics_.failed.add();
        return;
    }
    metrics_.delivered.add();
    metrics_.delay.record(context_.simulation.now() - request.issued);
}

/// One call under way.
class FanOut::Deliveries::Delivery final : public sim::Completion<Response>, public sim::Pooled {
public:
    explicit Delivery(Deliveries& all) : all_{all}, request_{all.fan_out_.next(all.request_)} {
        next_ = all.first_;
        if (next_ != nullptr) next_->previous_ = this;
        all.first_ = this;
    }
    ~Delivery() {
        if (pending_ != nullptr) pending_->abandon();
        (previous_ != nullptr ? previous_->next_ : all_.first_) = next_;
        if (next_ != nullptr) next_->previous_ = previous_;
    }
    Delivery(const Delivery&) = delete;
    Delivery& operator=(const Delivery&) = delete;

    void begin() {
        Port::Pending* const pending = all_.port_.start(request_, *this);
        if (answer_) {
            finish();
        } else {
            pending_ = pending;
        }
    }
    void completed(Response response) override {
        answer_ = response;
        if (std::exchange(pending_, nullptr) != nullptr) finish();  // else begin() does
    }
    void abandoned() override {}

private:
    void finish() {
        Deliveries& all = all_;
        const Request request = request_;
        const Response response = *answer_;
        delete this;
        all.answered(request, response);
    }

    Deliveries& all_;
    Request request_;
    std::optional<Response> answer_;
    Port::Pending* pending_ = nullptr;
    Delivery* next_ = nullptr;
    Delivery* previous_ = nullptr;
};

FanOut::Deliveries::~Deliveries() {
    while (first_ != nullptr) delete first_;
}

void FanOut::Deliveries::launch() {
    launching_ = true;  // an answer that comes at once is counted by this loop
    while (left_ > 0 && under_way_ < fan_out_.config_.at_once) {
        --left_;
        ++under_way_;
        (new Delivery{*this})->begin();
    }
    launching_ = false;
}

void FanOut::Deliveries::answered(const Request& request, const Response& response) {
    --under_way_;
    if (together_.outcome == Outcome::ok) together_.outcome = response.outcome;
    together_.degraded = together_.degraded || response.degraded;
    fan_out_.answered(request, response.outcome);
    if (launching_) return;
    launch();
    if (is_over()) waiter_.resume();
}

FanOuts::FanOuts(std::span<const FanOutConfig* const> steps, const BuildContext& context) {
    for (const FanOutConfig* const config : steps) {
        std::unique_ptr<FanOutMetrics>& metrics = metrics_[config->to.to.name];
        if (metrics == nullptr) {
            metrics = std::make_unique<FanOutMetrics>(context, config->to.to.name);
        }
        fan_outs_.push_back(std::make_unique<FanOut>(*config, context, *metrics, fan_outs_.size()));
    }
}

}  // namespace archsim::models

// Requests on their way and what is measured of them.
#include "models/client/load_source.hpp"

#include "models/access_codec.hpp"
#include "models/span_log.hpp"
#include "sim/check.hpp"

#include <utility>

namespace archsim::models {

const Spec<OperationConfig>& OperationConfig::spec() {
    static const auto declared =
        Spec<OperationConfig>{"operation", "Something that users do."}
            .required("name", &OperationConfig::name, "Its name in routes and metrics.")
            .optional("type", &OperationConfig::access, "Whether it reads or writes data.")
            .optional("weight", &OperationConfig::weight, "How often, in relation to the others.")
            .at_least(0.0)
            .at_most(1e6)
            .optional("size", &OperationConfig::size, "Payload of the request.")
            .optional("priority", &OperationConfig::priority, "Larger is more urgent.")
            .at_least(0)
            .at_most(255)
            .optional("deadline", &OperationConfig::deadline,
                      "How long its users wait. It travels with the request: everybody who works "
                      "for it gives up then.")
            .more_than(sim::Duration{});
    return declared;
}

void check_calls(const SourceConfig& config, const Place& place) {
    if (!config.calls.empty()) return;
    place.fail("calls", {.code = Code::out_of_range,
                         .message = "a load source must call somebody",
                         .hint = R"(name a node, such as "calls": ["web"])"});
}

/// The place where a source stands in the network. Nobody calls it.
class LoadSource::Origin final : public Node {
public:
    Origin(Component& owner, std::string name) : Node{owner, std::move(name)} {}
    sim::Task<Response> serve(Request) override {
        Response response;
        response.outcome = Outcome::failed;
        co_return response;
    }
};

/// One request until its end: calls the source's edges one after another.
class LoadSource::Flight final : public sim::Completion<Response>, public sim::Pooled {
public:
    Flight(LoadSource& source, const Request& request, std::uint64_t user)
        : source_{source}, request_{request}, user_{user} {
        older_ = source.newest_;
        (older_ != nullptr ? older_->newer_ : source.oldest_) = this;
        source.newest_ = this;
    }
    ~Flight() {
        (newer_ != nullptr ? newer_->older_ : source_.newest_) = older_;
        (older_ != nullptr ? older_->newer_ : source_.oldest_) = newer_;
    }
    /// Tells the history of it.
    void record(std::uint8_t side) { begun_ = source_.log_.begin(request_, side); }
    void call_next() {
        Port& port = source_.connections_[called_++]->port();
        static_cast<void>(port.start(request_, *this));  // the answer frees this flight
    }
    void completed(Response response) override {
        answer_.hand_on(response);
        if (response.outcome == Outcome::ok && called_ < source_.connections_.size()) {
            call_next();
            return;
        }
        response.hand_on(answer_);
        LoadSource& source = source_;
        const Request request = request_;
        const std::uint64_t user = user_;
        source.log_.end(begun_, request, response, source.context_.simulation.now());
        delete this;
        source.record(request, response);
        source.answered(user, response);
    }
    void abandoned() override {}
    [[nodiscard]] const Flight* newer() const { return newer_; }
    [[nodiscard]] const OperationLog::Begun& begun() const { return begun_; }
    [[nodiscard]] const Request& request() const { return request_; }

private:
    LoadSource& source_;
    Request request_;
    std::uint64_t user_;
    std::uint32_t called_ = 0;
    Response answer_;  // version and store of the last answer that had any
    OperationLog::Begun begun_;
    Flight* newer_ = nullptr;
    Flight* older_ = nullptr;
};

LoadSource::LoadSource(const SourceConfig& config, const BuildContext& context)
    : Component{context.name, context.kind},
      config_{config},
      context_{context},
      operation_rng_{context.rng("operations")},
      key_rng_{context.rng("keys")},
      session_rng_{context.rng("sessions")},
      degraded_{context.metrics.counter()},
      origin_{std::make_unique<Origin>(*this, context.name)},
      log_{context.history, context.history.add_place(*origin_)},
      keys_{config.keys} {
    origin_->set_region(context.region);
    if (keys_) context_.history.add(*this);
    all_ = publish(name());
    context_.metrics.publish_level(context_.path("in_flight"), context_.metrics.watch(in_flight_));
    for (const OperationConfig& operation : config_.operations) {
        weight_sum_ += operation.weight;
        operations_.push_back(operation_number(operation.name));
    }
    if (operations_.empty()) operations_.push_back(context_.operations.number("request"));
}

LoadSource::~LoadSource() {
    while (newest_ != nullptr) delete newest_;
}

std::uint32_t LoadSource::operation_number(std::string_view operation) {
    const std::uint32_t number = context_.operations.number(operation);
    if (measures_of(number) == nullptr) {
        by_operation_.emplace_back(number, publish(context_.path(operation)));
    }
    return number;
}

LoadSource::Measures* LoadSource::measures_of(std::uint32_t operation) {
    for (auto& [number, measures] : by_operation_) {
        if (number == operation) return &measures;
    }
    return nullptr;
}

LoadSource::Measures LoadSource::publish(const std::string& prefix) {
    sim::Metrics& metrics = context_.metrics;
    Measures made;
    made.offered = &metrics.counter();
    made.latency = &metrics.timing();
    std::vector<const sim::Counter*> finished;
    for (sim::Counter*& counter : made.ended) {
        counter = &metrics.counter();
        finished.push_back(counter);
    }
    const sim::Counter& ok = *made.ended[0];
    metrics.publish_rate(prefix + "/offered", *made.offered);
    metrics.derive(prefix + "/throughput", "1/s",
                   [finished](const sim::Stretch& s) -> std::optional<double> {
                       if (s.seconds() <= 0.0) return std::nullopt;
                       std::uint64_t sum = 0;
                       for (const sim::Counter* counter : finished) sum += counter->count(s.span);
                       return static_cast<double>(sum) / s.seconds();
                   });
    metrics.publish_rate(prefix + "/goodput", ok);
    metrics.publish_timing(prefix + "/latency", *made.latency);
    metrics.publish_ratio(prefix + "/availability", ok, finished);
    for (int i = 0; i < outcome_count; ++i) {
        const std::string outcome{name_of(static_cast<Outcome>(i))};
        metrics.publish_ratio(prefix + "/outcome/" + outcome,
                              *made.ended[static_cast<std::size_t>(i)], finished);
    }
    metrics.publish_count(prefix + "/requests", *made.offered);
    return made;
}

void LoadSource::connect(Directory&) {
    for (const EdgeConfig& edge : config_.calls) {
        connections_.push_back(std::make_unique<Connection>(context_, *origin_, edge));
    }
}

void LoadSource::connected() {
    if (!context_.edges.may_degrade()) return;
    std::vector<const sim::Counter*> finished{all_.ended.begin(), all_.ended.end()};
    context_.metrics.publish_ratio(context_.path("degraded"), degraded_, std::move(finished));
}

Profile LoadSource::profile(std::uint32_t operation) const {
    Profile profile;
    std::size_t number = 0;
    for (const EdgeConfig& edge : config_.calls) add_calls(profile, edge, operation, number++);
    for (std::size_t i = 0; i < config_.operations.size(); ++i) {
        if (operations_[i] != operation || !config_.operations[i].deadline) continue;
        for (CallProfile& call : profile.calls) call.plain = false;
    }
    return profile;
}

std::vector<Traffic> LoadSource::traffic_of(double per_second, bool poisson) const {
    std::vector<Traffic> traffic;
    const sim::KeySource* const keys = config_.keys ? &*config_.keys : nullptr;
    for (std::size_t i = 0; i < operations_.size(); ++i) {
        if (config_.operations.empty()) {
            traffic.push_back({operations_[i], per_second, poisson, 0, false, keys});
            continue;
        }
        const OperationConfig& operation = config_.operations[i];
        traffic.push_back({operations_[i], per_second * operation.weight / weight_sum_, poisson,
                           static_cast<std::uint8_t>(operation.priority),
                           operation.access == Access::write, keys});
    }
    return traffic;
}

Request LoadSource::draw() {
    Request request;
    request.operation = operations_.front();
    if (!config_.operations.empty()) {
        const OperationConfig* chosen = &config_.operations.back();
        std::size_t index = config_.operations.size() - 1;
        if (config_.operations.size() > 1) {
            double at = operation_rng_.uniform() * weight_sum_;
            for (std::size_t i = 0; i < config_.operations.size(); ++i) {
                at -= config_.operations[i].weight;
                if (at < 0.0) {
                    chosen = &config_.operations[i];
                    index = i;
                    break;
                }
            }
        }
        request.operation = operations_[index];
        request.access = chosen->access;
        request.size = chosen->size;
        request.priority = static_cast<std::uint8_t>(chosen->priority);
        if (chosen->deadline) {
            request.deadline = context_.simulation.now() + *chosen->deadline;
        }
    }
    if (keys_) request.key = keys_->next(key_rng_, context_.simulation.now());
    request.session = session_rng_.below(static_cast<std::uint64_t>(config_.sessions));
    return request;
}

void LoadSource::send(Request request, std::uint64_t user) {
    constexpr std::uint32_t private_network = 10u << 24;  // 10.0.0.0/8, one address a session
    request.id = (static_cast<std::uint64_t>(context_.number) << 40) | next_id_++;
    request.source = static_cast<std::uint16_t>(context_.number);
    request.address = private_network + static_cast<std::uint32_t>(request.session & 0xffffff);
    request.issued = context_.simulation.now();
    if (request.access == Access::write) request.version = context_.history.next_version();
    all_.offered->add();
    if (Measures* const own = measures_of(request.operation)) own->offered->add();
    in_flight_.change(context_.simulation.now(), 1);
    if (SpanLog* const spans = context_.edges.spans()) spans->started(request);
    auto* const flight = new Flight{*this, request, user};
    if (keys_) flight->record(side());
    flight->call_next();
}

std::uint8_t LoadSource::side() {
    const Sides& sides = context_.history.sides();
    if (sides.changes() != sides_known_) {
        side_ = sides.of(*origin_);
        sides_known_ = sides.changes();
    }
    return side_;
}

void LoadSource::each_open(const std::function<void(const Operation&)>& visit) const {
    for (const Flight* flight = oldest_; flight != nullptr; flight = flight->newer()) {
        if (flight->begun().is_recorded)
            visit(log_.operation_of(flight->begun(), flight->request()));
    }
}

// The flight whose end is being told is still among them.
Order LoadSource::oldest_open(Order otherwise) const {
    return oldest_ != nullptr ? oldest_->begun().order : otherwise;
}

void LoadSource::record(const Request& request, const Response& response) {
    const sim::Instant now = context_.simulation.now();
    in_flight_.change(now, -1);
    if (SpanLog* const spans = context_.edges.spans()) {
        spans->finished(request, response.outcome, now);
    }
    const auto outcome = static_cast<std::size_t>(response.outcome);
    Measures* const own = measures_of(request.operation);
    all_.ended[outcome]->add();
    if (response.degraded) degraded_.add();
    if (own != nullptr) own->ended[outcome]->add();
    if (context_.pilot != nullptr) context_.pilot->add(now, (now - request.issued).in_seconds());
    if (response.outcome != Outcome::ok) return;
    all_.latency->record(now - request.issued);
    if (own != nullptr) own->latency->record(now - request.issued);
}

void LoadSource::check_end() {
    std::uint64_t ended = 0;
    for (const sim::Counter* counter : all_.ended) ended += counter->ever();
    const auto in_flight = static_cast<std::uint64_t>(in_flight_.value());
    ARCHSIM_CHECK_AT(name(), all_.offered->ever() == ended + in_flight,
                     "requests do not add up: {} offered, {} ended, {} in flight",
                     all_.offered->ever(), ended, in_flight);
    std::uint64_t flying = 0;
    for (const Flight* flight = oldest_; flight != nullptr; flight = flight->newer()) ++flying;
    ARCHSIM_CHECK_AT(name(), flying == in_flight, "{} requests are in flight, the level says {}",
                     flying, in_flight);
}

}  // namespace archsim::models

// A service: instances with servers and a queue, which work on requests and call others.
#include "models/catalog.hpp"
#include "models/connection.hpp"
#include "models/queue_limit.hpp"
#include "models/service/route.hpp"
#include "models/station_metrics.hpp"
#include "sim/check.hpp"
#include "sim/race.hpp"
#include "sim/station.hpp"

#include <fmt/format.h>

#include <array>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

namespace archsim::models {

template <>
struct EnumNames<sim::Discipline> {
    static constexpr std::array<EnumName<sim::Discipline>, 4> names{{
        {sim::Discipline::fifo, "fifo"},
        {sim::Discipline::lifo, "lifo"},
        {sim::Discipline::priority, "priority"},
        {sim::Discipline::processor_sharing, "processor_sharing"},
    }};
};

namespace {

class Instance;

class Service final : public Component {
public:
    struct Config {
        std::int64_t instances = 1;
        std::int64_t servers = 1;
        QueueLimit queue;
        sim::Discipline discipline = sim::Discipline::fifo;
        sim::Distribution service_time;
        double speed = 1.0;
        std::vector<EdgeConfig> calls;
        InOrder<std::vector<StepConfig>> routes;
        sim::Bytes response_size;
        static const Spec<Config>& spec();
    };

    Service(Config config, const BuildContext& context);
    ~Service() override;

    void connect(Directory&) override;
    Node* add_instance() override;
    Node* remove_instance() override;
    void check_end() override;
    [[nodiscard]] Profile profile(std::uint32_t operation) const override;

private:
    friend class Instance;
    Instance& make_instance();
    Config config_;
    BuildContext context_;
    Routes routes_;
    StationMetrics stations_;
    sim::Level in_flight_;
    std::deque<std::unique_ptr<Instance>> instances_;
    bool connected_ = false;
};

/// Counts a request as in flight for as long as its frame lives.
class InFlight {
public:
    InFlight(sim::Level& level, sim::Simulation& simulation)
        : level_{level}, simulation_{simulation} {
        level_.change(simulation_.now(), 1);
    }
    InFlight(const InFlight&) = delete;
    InFlight& operator=(const InFlight&) = delete;
    ~InFlight() { level_.change(simulation_.now(), -1); }

private:
    sim::Level& level_;
    sim::Simulation& simulation_;
};

class Instance final : public Node {
public:
    Instance(Service& service, std::string name)
        : Node{service, std::move(name)},
          service_{service},
          probe_{service.stations_},
          station_{service.context_.simulation, options(service), &probe_},
          rng_{sim::Rng::named(service.context_.seed, this->name(), "service")} {
        set_region(service.context_.region);
        service.stations_.add(this->name(), station_, probe_);
        set_speed(1.0);
    }

    void connect() {
        for (const EdgeConfig* const edge : service_.routes_.edges()) {
            connections_.push_back(std::make_unique<Connection>(service_.context_, *this, *edge));
        }
    }

    /// Two coroutines, so that the frame of a request without a route has no room for one.
    sim::Task<Response> serve(Request request) override {
        const std::vector<Step>* const route = service_.routes_.find(request.operation);
        return route == nullptr ? work_and_call(request) : follow(*route, request);
    }

    void set_speed(double factor) override { station_.set_speed(service_.config_.speed * factor); }
    [[nodiscard]] double load() const override {
        return static_cast<double>(station_.present()) / station_.servers();
    }
    void check() { station_.check_little(name()); }

private:
    sim::Task<Response> follow(const std::vector<Step>& route, Request request) {
        const InFlight counted{service_.in_flight_, service_.context_.simulation};
        Response response;
        response.size = service_.config_.response_size;
        response.outcome = co_await run(route, request, response);
        co_return response;
    }

    sim::Task<Response> work_and_call(Request request) {
        const InFlight counted{service_.in_flight_, service_.context_.simulation};
        Response response;
        response.size = service_.config_.response_size;
        const sim::Duration amount = service_.config_.service_time.sample(rng_);
        const bool done = co_await station_.work(amount, request.priority);
        if (!done) {
            response.outcome = Outcome::rejected;
            co_return response;
        }
        for (std::size_t i = 0; i < service_.config_.calls.size(); ++i) {
            const Response answer = co_await connections_[i]->port().call(request);
            response.hand_on(answer);
            if (answer.outcome != Outcome::ok) {
                response.outcome = answer.outcome;
                co_return response;
            }
        }
        co_return response;
    }

    static sim::Station::Options options(const Service& service) {
        return {.servers = static_cast<std::uint32_t>(service.config_.servers),
                .queue = service.config_.queue.places,
                .discipline = service.config_.discipline,
                .tag = service.context_.number};
    }

    /// Runs steps one after another; the first that fails ends them with its outcome. `response`
    /// hears of the data in the answers; it lives in the frame that waits for the steps.
    sim::Task<Outcome> run(const std::vector<Step>& steps, Request request, Response& response) {
        for (const Step& step : steps) {
            for (std::int64_t time = 0; time < step.times; ++time) {
                const Outcome outcome = co_await run_step(step, request, response);
                if (outcome != Outcome::ok) co_return outcome;
            }
        }
        co_return Outcome::ok;
    }

    sim::Task<Outcome> run_step(const Step& step, Request request, Response& response) {
        Request sent = request;
        if (step.operation) sent.operation = *step.operation;
        switch (step.kind) {
            case Step::Kind::work: {
                const sim::Duration amount = step.work->sample(rng_);
                const bool done = co_await station_.work(amount, request.priority);
                co_return done ? Outcome::ok : Outcome::rejected;
            }
            case Step::Kind::call: {
                const Response answer = co_await connections_[step.edge]->port().call(sent);
                response.hand_on(answer);
                co_return answer.outcome;
            }
            case Step::Kind::publish: {
                processes().start(publish(connections_[step.edge]->port(), sent));
                co_return Outcome::ok;
            }
            case Step::Kind::chance: {
                const bool taken = rng_.chance(step.chance);
                const std::vector<Step>& chosen = taken ? step.steps : step.otherwise;
                const Outcome outcome = co_await run(chosen, request, response);
                co_return outcome;
            }
            case Step::Kind::parallel: {
                const Outcome outcome = co_await run_parallel(step.steps, request, response);
                co_return outcome;
            }
        }
        co_return Outcome::ok;
    }

    sim::Task<Outcome> run_parallel(const std::vector<Step>& steps, Request request,
                                    Response& response) {
        std::vector<sim::Task<Outcome>> branches;
        for (const Step& step : steps) branches.push_back(run_repeated(step, request, response));
        const std::vector<Outcome> outcomes =
            co_await sim::all_of(service_.context_.simulation, std::move(branches));
        for (const Outcome outcome : outcomes) {
            if (outcome != Outcome::ok) co_return outcome;
        }
        co_return Outcome::ok;
    }

    sim::Task<Outcome> run_repeated(const Step& step, Request request, Response& response) {
        for (std::int64_t time = 0; time < step.times; ++time) {
            const Outcome outcome = co_await run_step(step, request, response);
            if (outcome != Outcome::ok) co_return outcome;
        }
        co_return Outcome::ok;
    }

    static sim::Task<> publish(Port& port, Request request) {
        [[maybe_unused]] const Response unheard = co_await port.call(request);
    }

    Service& service_;
    StationMetrics::Probe probe_;
    sim::Station station_;
    sim::Rng rng_;
    std::vector<std::unique_ptr<Connection>> connections_;
};

Service::Service(Config config, const BuildContext& context)
    : Component{context.name, context.kind},
      config_{std::move(config)},
      context_{context},
      routes_{config_.routes, config_.calls, context_.operations},
      stations_{context_} {
    context_.metrics.publish_level(context_.path("in_flight"), context_.metrics.watch(in_flight_));
    for (std::int64_t i = 0; i < config_.instances; ++i) make_instance();
}

Service::~Service() = default;

Instance& Service::make_instance() {
    const std::string address = name() + "/" + std::to_string(instances_.size());
    Instance& instance = *instances_.emplace_back(std::make_unique<Instance>(*this, address));
    add_member(instance);
    return instance;
}

void Service::connect(Directory&) {
    for (const auto& instance : instances_) instance->connect();
    connected_ = true;
}

Node* Service::add_instance() {
    Instance& instance = make_instance();
    if (connected_) instance.connect();
    return &instance;
}

Node* Service::remove_instance() {
    for (auto last = instances_.rbegin(); last != instances_.rend(); ++last) {
        if ((*last)->is_retired()) continue;
        retire(**last);
        return last->get();
    }
    return nullptr;
}

void Service::check_end() {
    for (const auto& instance : instances_) instance->check();
}

Profile Service::profile(std::uint32_t operation) const {
    StationProfile station;
    station.instances = static_cast<std::uint32_t>(config_.instances);
    station.servers = static_cast<std::uint32_t>(config_.servers);
    station.queue = config_.queue.places;
    station.discipline = config_.discipline;
    station.speed = config_.speed;
    if (const std::vector<Step>* const route = routes_.find(operation)) {
        return routes_.profile(*route, operation, station);
    }
    station.visits = 1.0;
    station.work = config_.service_time;
    station.mean_work = config_.service_time.mean_seconds() / config_.speed;
    Profile profile{station, {}};
    for (const EdgeConfig& edge : config_.calls) {
        const std::size_t place = profile.calls.size();
        profile.calls.push_back({.to = edge.to.name,
                                 .operation = operation,
                                 .edge = place,
                                 .plain = edge.is_plain() && edge.loss.value() == 0.0,
                                 .after = place,
                                 .delay = edge.delay,
                                 .limited = edge.bandwidth.has_value()});
    }
    return profile;
}

const Spec<Service::Config>& Service::Config::spec() {
    static const auto declared =
        Spec<Config>{"service",
                     "Instances with servers and a queue, which work on requests and "
                     "call others."}
            .optional("instances", &Config::instances, "Independent copies, each with its queue.")
            .at_least(1)
            .at_most(100'000)
            .optional("servers", &Config::servers,
                      "Requests that one instance works on at the same time.")
            .at_least(1)
            .at_most(1'000'000)
            .optional("queue", &Config::queue,
                      "Places to wait at an instance, those in service not counted.")
            .optional("discipline", &Config::discipline, "Who is served next.")
            .optional("service_time", &Config::service_time,
                      "Work for one request at speed 1, where its operation has no route.")
            .optional("speed", &Config::speed, "Speed of the servers: 2 halves every work.")
            .more_than(0.0)
            .optional("calls", &Config::calls,
                      "Nodes called after the work, in order, where there is no route.")
            .optional(
                "routes", &Config::routes,
                "Steps for each operation; the route \"*\" holds for those without their own.")
            .optional("response_size", &Config::response_size, "Payload of an answer.")
            .check([](const Config& config, const Place& place) {
                for (const auto& [operation, steps] : config.routes.entries) {
                    const double count = executions(steps);
                    if (count <= most_executions) continue;
                    place.fail("routes",
                               {.code = Code::size_limit,
                                .message = fmt::format("the route {} has {:.3g} steps with all "
                                                       "repetitions; at most {:.0e} are accepted",
                                                       quoted(operation), count, most_executions),
                                .hint = "let steps be done less often"});
                }
            })
            .metric("arrivals", "1/s", "Work that came to a server, rejected work included.")
            .metric("utilisation", "ratio", "Share of server time in use.")
            .metric("waiting_time", "s", "Time from arrival at a station to the start of work.")
            .metric("service_time", "s", "Time at a server.")
            .metric("sojourn_time", "s", "Waiting and service together.")
            .metric("queue_length", "count",
                    "Requests that wait, all instances together; max: "
                    "longest single queue.")
            .metric("in_flight", "count", "Requests accepted and not yet answered.")
            .metric("rejected", "ratio", "Share of arrivals turned away by a full queue.")
            .metric("lost_in_crash", "count", "Work that a crash took from a queue or a server.")
            .assume("A server is free again while the service waits for those it calls.")
            .assume(
                "The first call that fails decides the outcome; the calls after it are not made.")
            .assume(
                "Called without a load balancer, instances take requests in turn, whatever "
                "their health.");
    return declared;
}

}  // namespace

extern const NodeKind service_kind;
const NodeKind service_kind = NodeKind::of<Service>();

}  // namespace archsim::models

// A service: instances with servers and a queue, which work on requests and call others.
#include "models/catalog.hpp"
#include "models/connection.hpp"
#include "models/service/counted_stay.hpp"
#include "models/service/door.hpp"
#include "models/service/door_metrics.hpp"
#include "models/service/fan_out.hpp"
#include "models/service/releases.hpp"
#include "models/service/route.hpp"
#include "models/service/sessions.hpp"
#include "models/service_config.hpp"
#include "models/station_metrics.hpp"
#include "sim/check.hpp"
#include "sim/race.hpp"
#include "sim/station.hpp"

#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace archsim::models {

namespace {

class Instance;

class Service final : public Component, public Deployable {
public:
    using Config = ServiceConfig;

    Service(Config config, const BuildContext& context);
    ~Service() override;

    void connect(Directory&) override;
    void start() override {
        if (autoscaler_) autoscaler_->start();
    }
    Node* add_instance() override;
    Node* remove_instance() override;
    [[nodiscard]] Releases& releases() override { return releases_; }
    void change_absent(std::int64_t by) override {
        if (autoscaler_) autoscaler_->change_absent(by);
    }
    void check_end() override;
    [[nodiscard]] Profile profile(std::uint32_t operation) const override;

private:
    friend class Instance;
    Instance& make_instance();
    Config config_;
    BuildContext context_;
    Routes routes_;
    FanOuts fan_outs_;
    StationMetrics stations_;
    sim::Level in_flight_;
    Releases releases_;
    std::unique_ptr<Sessions> sessions_;  // only if requests need one
    std::optional<DoorMetrics> doors_;    // only with an admission
    std::deque<std::unique_ptr<Instance>> instances_;
    std::unique_ptr<Autoscaler> autoscaler_;  // only where the scenario asks for one
    bool connected_ = false;
};

class Instance final : public Node {
public:
    Instance(Service& service, std::string name)
        : Node{service, std::move(name)},
          service_{service},
          release_{service.releases_.current()},
          probe_{service.stations_},
          station_{service.context_.simulation, options(service), &probe_},
          rng_{sim::Rng::named(service.context_.seed, this->name(), "service")} {
        set_region(service.context_.region);
        if (service.config_.admission) {
            door_ = std::make_unique<ServiceDoor>(*service.config_.admission);
        }
        if (service.sessions_ != nullptr) {
            desk_ = std::make_unique<SessionDesk>(*service.sessions_, *this, station_, rng_);
        }
        service.stations_.add(this->name(), station_, probe_);
        set_speed(1.0);
    }

    void connect() {
        if (desk_ != nullptr) desk_->connect();
        for (const EdgeConfig* const edge : service_.routes_.edges()) {
            connections_.push_back(std::make_unique<Connection>(service_.context_, *this, *edge));
        }
    }

    sim::Task<Response> serve(Request request) override {
        return release_ == nullptr ? enter(request) : as_released(request);
    }

    void set_speed(double factor) override {
        const double slower = release_ == nullptr ? 1.0 : release_->slower();
        station_.set_speed(service_.config_.speed * factor / slower);
    }
    [[nodiscard]] double load() const override {
        return static_cast<double>(station_.present()) / station_.servers();
    }
    void check() { station_.check_little(name()); }

private:
    void on_crash() override {
        if (desk_ != nullptr) desk_->lose();
    }
    void on_retire() override {
        station_.retire();
        if (desk_ != nullptr) desk_->close();
        if (service_.autoscaler_) service_.autoscaler_->recount();
    }

    /// Two coroutines, so that the frame of a request without a route has no room for one.
    sim::Task<Response> enter(Request request) {
        return door_ == nullptr ? begin(request) : at_the_door(request);
    }

    sim::Task<Response> as_released(Request request) {
        const sim::Instant since = service_.context_.simulation.now();
        sim::Task<Response> inside = enter(request);
        Response response = co_await inside;
        release_->answer(response, service_.context_.simulation.now() - since);
        co_return response;
    }

    sim::Task<Response> at_the_door(Request request) {
        sim::Simulation& simulation = service_.context_.simulation;
        service_.doors_->count();
        const ServiceDoor::Entry entry = door_->ask(simulation.now(), request.priority,
                                                    station_.waiting(), station_.last_wait());
        if (entry.refused) {
            service_.doors_->count(*entry.refused);
            co_return Response::only(Outcome::rejected);
        }
        DoorStay stay{*door_, simulation};
        if (entry.wait > sim::Duration{}) {
            co_await simulation.delay(entry.wait);
        }
        sim::Task<Response> inside = begin(request);
        const Response response = co_await inside;
        stay.good = response.outcome == Outcome::ok;
        co_return response;
    }

    sim::Task<Response> begin(Request request) {
        return desk_ == nullptr ? proceed(request) : at_the_desk(request);
    }

    sim::Task<Response> at_the_desk(Request request) {
        {
            const CountedStay counted{service_.in_flight_, service_.context_.simulation};
            sim::Task<Outcome> session = desk_->admit(request, latest(request));
            const Outcome outcome = co_await session;
            if (outcome != Outcome::ok) co_return Response::only(outcome);
        }
        sim::Task<Response> rest = proceed(request);
        const Response response = co_await rest;
        co_return response;
    }

    sim::Task<Response> proceed(Request request) {
        const std::vector<Step>* const route = service_.routes_.find(request.operation);
        return route == nullptr ? work_and_call(request) : follow(*route, request);
    }
    /// When work for `request` is not worth beginning any more.
    [[nodiscard]] sim::Instant latest(const Request& request) const {
        return service_.config_.drop_late ? request.deadline : sim::Instant::never();
    }
    /// What becomes of a request whose work was not done.
    [[nodiscard]] Outcome not_done(const Request& request) const {
        const bool late = latest(request) <= service_.context_.simulation.now();
        return late ? Outcome::timed_out : Outcome::rejected;
    }

    sim::Task<Response> follow(const std::vector<Step>& route, Request request) {
        const CountedStay counted{service_.in_flight_, service_.context_.simulation};
        Response response;
        response.size = service_.config_.response_size;
        const std::span<const Step> steps{route};
        response.outcome = co_await run(steps, request, response);
        co_return response;
    }

    sim::Task<Response> work_and_call(Request request) {
        const CountedStay counted{service_.in_flight_, service_.context_.simulation};
        Response response;
        response.size = service_.config_.response_size;
        const sim::Duration amount = service_.config_.service_time.sample(rng_);
        const sim::Instant deadline = latest(request);
        const bool done = co_await station_.work(amount, request.priority, deadline);
        if (!done) {
            response.outcome = not_done(request);
            co_return response;
        }
        probe_.trace(service_.context_, request, *this);
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
                .tag = service.context_.number,
                .contention = service.config_.contention,
                .coherency = service.config_.coherency};
    }

    /// Runs steps one after another; the first that fails ends them with its outcome. `response`
    /// hears of the data in the answers; it lives in a frame that waits for the steps, as does
    /// `request`. Work and calls are most steps and need no frame of their own.
    sim::Task<Outcome> run(std::span<const Step> steps, const Request& request,
                           Response& response) {
        for (const Step& step : steps) {
            for (std::int64_t time = 0; time < step.times; ++time) {
                Outcome outcome = Outcome::ok;
                if (step.kind == Step::Kind::work) {
                    const sim::Duration amount = step.work->sample(rng_);
                    const sim::Instant deadline = latest(request);
                    const bool done = co_await station_.work(amount, request.priority, deadline);
                    if (done) {
                        probe_.trace(service_.context_, request, *this);
                    } else {
                        outcome = not_done(request);
                    }
                } else if (step.kind == Step::Kind::call) {
                    const Request sent = step.message(request);
                    const Response answer = co_await connections_[step.edge]->port().call(sent);
                    response.hand_on(answer);
                    outcome = answer.outcome;
                } else {
                    outcome = co_await run_other(step, request, response);
                }
                if (outcome != Outcome::ok) co_return outcome;
            }
        }
        co_return Outcome::ok;
    }

    sim::Task<Outcome> run_other(const Step& step, const Request& request, Response& response) {
        switch (step.kind) {
            case Step::Kind::publish: {
                processes().start(publish(connections_[step.edge]->port(), step.message(request)));
                co_return Outcome::ok;
            }
            case Step::Kind::fan_out: {
                const Response answer = co_await run_fan_out(step, request);
                response.hand_on(answer);
                co_return answer.outcome;
            }
            case Step::Kind::chance: {
                const bool taken = rng_.chance(step.chance);
                const std::span<const Step> chosen = taken ? step.steps : step.otherwise;
                const Outcome outcome = co_await run(chosen, request, response);
                co_return outcome;
            }
            case Step::Kind::parallel: {
                const Outcome outcome = co_await run_parallel(step.steps, request, response);
                co_return outcome;
            }
            default:
                co_return Outcome::ok;  // run() has done it
        }
    }

    sim::Task<Response> run_fan_out(const Step& step, const Request& request) {
        FanOut& fan_out = service_.fan_outs_[step.fan_out];
        Port& port = connections_[step.edge]->port();
        const Request sent = step.message(request);
        const Response answer = co_await fan_out.through(port, sent);
        co_return answer;
    }

    sim::Task<Outcome> run_parallel(const std::vector<Step>& steps, const Request& request,
                                    Response& response) {
        std::vector<sim::Task<Outcome>> branches;
        for (const Step& step : steps) branches.push_back(run({&step, 1}, request, response));
        const std::vector<Outcome> outcomes =
            co_await sim::all_of(service_.context_.simulation, std::move(branches));
        for (const Outcome outcome : outcomes) {
            if (outcome != Outcome::ok) co_return outcome;
        }
        co_return Outcome::ok;
    }

    static sim::Task<> publish(Port& port, Request request) {
        [[maybe_unused]] const Response unheard = co_await port.call(request);
    }

    Service& service_;
    Release* const release_;  // nullptr: the version of the start
    StationMetrics::Probe probe_;
    sim::Station station_;
    sim::Rng rng_;
    std::unique_ptr<ServiceDoor> door_;  // only with an admission
    std::unique_ptr<SessionDesk> desk_;  // only with sessions
    std::vector<std::unique_ptr<Connection>> connections_;
};

Service::Service(Config config, const BuildContext& context)
    : Component{context.name, context.kind},
      config_{std::move(config)},
      context_{context},
      routes_{config_.routes, config_.calls, context_.operations},
      fan_outs_{routes_.fan_outs(), context_},
      stations_{context_},
      releases_{context_} {
    context_.metrics.publish_level(context_.path("in_flight"), context_.metrics.watch(in_flight_));
    if (config_.drop_late) stations_.publish_dropped(context_);
    if (login_of(config_.sessions) != nullptr) {
        sessions_ = std::make_unique<Sessions>(config_.sessions, context_);
    }
    if (config_.admission) doors_.emplace(*config_.admission, context_);
    for (std::int64_t i = 0; i < config_.instances; ++i) make_instance();
    if (config_.autoscaler) {
        autoscaler_ = std::make_unique<Autoscaler>(*config_.autoscaler, context_, *this, stations_,
                                                   config_.servers);
    }
}

Service::~Service() = default;

Instance& Service::make_instance() {
    const std::string address = name() + "/" + std::to_string(instances_.size());
    Instance& instance = *instances_.emplace_back(std::make_unique<Instance>(*this, address));
    add_member(instance);
    releases_.note_member();
    return instance;
}

void Service::connect(Directory&) {
    for (const auto& instance : instances_) instance->connect();
    connected_ = true;
}

Node* Service::add_instance() {
    Instance& instance = make_instance();
    if (connected_) instance.connect();
    if (autoscaler_) autoscaler_->recount();
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
    station.contention = config_.contention;
    station.coherency = config_.coherency;
    if (config_.autoscaler) {
        station.most_instances = static_cast<std::uint32_t>(config_.autoscaler->max);
    }
    station.sheds = config_.admission || config_.drop_late;
    if (const std::vector<Step>* const route = routes_.find(operation)) {
        return with_sessions(routes_.profile(*route, operation, station), sessions_.get(),
                             routes_.edges().size());
    }
    station.visits = 1.0;
    station.work = config_.service_time;
    station.mean_work = config_.service_time.mean_seconds() / config_.speed;
    Profile profile{station, {}};
    std::size_t number = 0;
    for (const EdgeConfig& edge : config_.calls) add_calls(profile, edge, operation, number++);
    return with_sessions(std::move(profile), sessions_.get(), number);
}

}  // namespace

extern const NodeKind service_kind;
const NodeKind service_kind = NodeKind::of<Service>();

}  // namespace archsim::models

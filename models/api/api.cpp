// An API between clients and services: the client's side turns a page into the calls of a style and
// sends them over the network; the server's side gets what they ask for and writes the answers.
#include "models/api/api_config.hpp"
#include "models/catalog.hpp"
#include "models/connection.hpp"
#include "models/one_node_router.hpp"
#include "models/station_metrics.hpp"
#include "sim/check.hpp"
#include "sim/race.hpp"
#include "sim/station.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace archsim::models {

namespace {

class Api;

/// Owns the nodes on the clients' side, so that what they send is none of the server's business.
class ApiClients final : public Component {
public:
    explicit ApiClients(const BuildContext& context) : Component{context.name, context.kind} {}
};

/// What one page has taken so far.
struct PageTally {
    std::size_t next = 0;  ///< The first call of the stage that is not out yet.
    std::uint64_t calls = 0;
    std::int64_t sent = 0;
    std::int64_t received = 0;
    std::int64_t data = 0;
    std::int64_t needed = 0;
    Response answer;  ///< What the answers said of the data.
};

/// The side of the clients in one region.
class ApiClient final : public Node {
public:
    ApiClient(ApiClients& owner, Api& api, const std::string& place, std::uint32_t region);
    void connect(Node& server, const EdgeConfig& edge);
    sim::Task<Response> serve(Request request) override;

private:
    sim::Task<Outcome> open(Request request);
    sim::Task<Outcome> run_stage(const std::vector<std::size_t>& stage, Request request,
                                 PageTally& tally);
    /// One connection: sends calls of the stage, one after the other, while there are any.
    sim::Task<Outcome> run_lane(const std::vector<std::size_t>& stage, Request request,
                                PageTally& tally);

    Api& api_;
    std::unique_ptr<OneNodeRouter> router_;
    std::unique_ptr<Port> port_;
};

/// The side of the services.
class ApiServer final : public Node {
public:
    explicit ApiServer(Api& api);
    void connect();
    sim::Task<Response> serve(Request request) override;
    void set_speed(double factor) override { station_.set_speed(factor); }
    [[nodiscard]] double load() const override {
        return static_cast<double>(station_.present()) / station_.servers();
    }
    void check() { station_.check_little(name()); }

private:
    sim::Task<Outcome> gather(const std::vector<std::size_t>& parts, Request request,
                              Response& response);
    sim::Task<Response> fetch(std::size_t part, Request request);

    Api& api_;
    StationMetrics::Probe probe_;
    sim::Station station_;
    std::vector<std::unique_ptr<Connection>> sources_;  // of the parts; nullptr without a call
};

class Api final : public Component {
public:
    using Config = ApiConfig;

    Api(Config config, const BuildContext& context);

    void connect(Directory&) override;
    void check_end() override { server_.check(); }
    [[nodiscard]] std::vector<Node*> nearest(std::uint32_t region) override {
        return {clients_[region].get()};
    }
    [[nodiscard]] Profile profile(std::uint32_t operation) const override;

private:
    friend class ApiClient;
    friend class ApiServer;
    void publish();
    void note(const PageTally& tally);
    /// The number of the sort of call that asks for this operation, if there is one.
    [[nodiscard]] std::optional<std::size_t> call_for(std::uint32_t operation) const;

    Config config_;
    BuildContext context_;
    StyleRules rules_;
    ApiPlan plan_;
    std::vector<std::uint32_t> operations_;  // of plan_.calls
    std::vector<std::uint32_t> parts_;       // operations of config_.page
    std::uint32_t open_operation_;
    StationMetrics stations_;
    sim::Counter& pages_;
    sim::Counter& calls_;
    sim::Counter& sent_;      // bytes to clients
    sim::Counter& received_;  // bytes of requests
    sim::Counter& data_;
    sim::Counter& needed_;
    EdgeConfig edge_;  // from the clients to the server
    ApiServer server_;
    ApiClients client_side_;
    std::vector<std::unique_ptr<ApiClient>> clients_;  // by region
};

ApiClient::ApiClient(ApiClients& owner, Api& api, const std::string& place, std::uint32_t region)
    : Node{owner, owner.name() + "/" + place}, api_{api} {
    set_region(region);
    stand_beside_callers();
}

void ApiClient::connect(Node& server, const EdgeConfig& edge) {
    const BuildContext& context = api_.context_;
    router_ = std::make_unique<OneNodeRouter>(context, *this, server, edge);
    port_ = std::make_unique<Port>(context.simulation, edge, *router_,
                                   context.rng("network from " + name()));
    context.edges.add(*port_);
}

sim::Task<Response> ApiClient::serve(Request request) {
    Response response;
    if (!api_.rules_.numbers.reuse) {
        sim::Task<Outcome> opening = open(request);
        response.outcome = co_await opening;
        if (response.outcome != Outcome::ok) co_return response;
    }
    PageTally tally;
    for (const std::vector<std::size_t>& stage : api_.plan_.stages) {
        tally.next = 0;
        sim::Task<Outcome> running = run_stage(stage, request, tally);
        response.outcome = co_await running;
        response.hand_on(tally.answer);
        if (response.outcome != Outcome::ok) co_return response;
    }
    api_.note(tally);
    co_return response;
}

sim::Task<Outcome> ApiClient::open(Request request) {
    request.operation = api_.open_operation_;
    request.size = sim::Bytes{};
    for (std::int64_t trip = 0; trip < api_.rules_.numbers.handshake; ++trip) {
        const Response answer = co_await port_->call(request);
        if (answer.outcome != Outcome::ok) co_return answer.outcome;
    }
    co_return Outcome::ok;
}

sim::Task<Outcome> ApiClient::run_stage(const std::vector<std::size_t>& stage, Request request,
                                        PageTally& tally) {
    const std::int64_t limit = api_.rules_.numbers.connections;
    const std::size_t lanes =
        limit == 0 ? stage.size() : std::min(stage.size(), static_cast<std::size_t>(limit));
    if (lanes == 1) {
        sim::Task<Outcome> only = run_lane(stage, request, tally);
        const Outcome outcome = co_await only;
        co_return outcome;
    }
    std::vector<sim::Task<Outcome>> running;
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        running.push_back(run_lane(stage, request, tally));
    }
    const std::vector<Outcome> outcomes =
        co_await sim::all_of(api_.context_.simulation, std::move(running));
    for (const Outcome outcome : outcomes) {
        if (outcome != Outcome::ok) co_return outcome;
    }
    co_return Outcome::ok;
}

sim::Task<Outcome> ApiClient::run_lane(const std::vector<std::size_t>& stage, Request request,
                                       PageTally& tally) {
    while (tally.next < stage.size()) {
        const std::size_t number = stage[tally.next++];
        const ApiCall& call = api_.plan_.calls[number];
        Request asked = request;
        asked.operation = api_.operations_[number];
        asked.size = call.request + request.size;
        const Response answer = co_await port_->call(asked);
        tally.answer.hand_on(answer);
        if (answer.outcome != Outcome::ok) {
            tally.next = stage.size();
            co_return answer.outcome;
        }
        ++tally.calls;
        tally.received += asked.size.count();
        tally.sent += answer.size.count();
        tally.data += call.data.count();
        tally.needed += call.needed.count();
    }
    co_return Outcome::ok;
}

ApiServer::ApiServer(Api& api)
    : Node{api, api.name() + "/server"},
      api_{api},
      probe_{api.stations_},
      station_{
          api.context_.simulation,
          {.servers = static_cast<std::uint32_t>(api.config_.servers), .tag = api.context_.number},
          &probe_} {
    set_region(api.context_.region);
    api.stations_.add(name(), station_, probe_);
}

void ApiServer::connect() {
    for (const PagePart& part : api_.config_.page) {
        sources_.push_back(
            part.call ? std::make_unique<Connection>(api_.context_, *this, *part.call) : nullptr);
    }
}

sim::Task<Response> ApiServer::serve(Request request) {
    Response response;
    if (request.operation == api_.open_operation_) co_return response;
    const std::optional<std::size_t> number = api_.call_for(request.operation);
    if (!number) {
        // A page that comes without a client's side, as from a load balancer, is put together here.
        sim::Task<Response> making = api_.clients_[region()]->serve(request);
        const Response page = co_await making;
        co_return page;
    }
    const ApiCall& call = api_.plan_.calls[*number];
    for (const std::vector<std::size_t>& parts : call.parts) {
        sim::Task<Outcome> gathering = gather(parts, request, response);
        response.outcome = co_await gathering;
        if (response.outcome != Outcome::ok) co_return response;
    }
    const bool done = co_await station_.work(call.work, request.priority);
    ARCHSIM_CHECK_AT(name(), done, "a station without a limit has turned work away");
    response.size = call.response;
    co_return response;
}

sim::Task<Outcome> ApiServer::gather(const std::vector<std::size_t>& parts, Request request,
                                     Response& response) {
    std::vector<sim::Task<Response>> fetches;
    for (const std::size_t part : parts) {
        if (sources_[part] != nullptr) fetches.push_back(fetch(part, request));
    }
    const std::vector<Response> answers =
        co_await sim::all_of(api_.context_.simulation, std::move(fetches));
    for (const Response& answer : answers) {
        response.hand_on(answer);
        if (answer.outcome != Outcome::ok) co_return answer.outcome;
    }
    co_return Outcome::ok;
}

sim::Task<Response> ApiServer::fetch(std::size_t part, Request request) {
    request.operation = api_.parts_[part];
    request.size = sim::Bytes{};
    const Response answer = co_await sources_[part]->port().call(request);
    co_return answer;
}

Api::Api(Config config, const BuildContext& context)
    : Component{context.name, context.kind},
      config_{std::move(config)},
      context_{context},
      rules_{rules_of(config_.style)},
      plan_{plan_of(config_.page, rules_)},
      open_operation_{context_.operations.number("open " + context.name)},
      stations_{context_},
      pages_{context_.metrics.counter()},
      calls_{context_.metrics.counter()},
      sent_{context_.metrics.counter()},
      received_{context_.metrics.counter()},
      data_{context_.metrics.counter()},
      needed_{context_.metrics.counter()},
      server_{*this},
      client_side_{context_} {
    // The calls of two APIs may have the same names, and what a client asks for is no call yet.
    for (const ApiCall& call : plan_.calls) {
        operations_.push_back(context_.operations.number(name() + ":" + call.operation));
    }
    for (const PagePart& part : config_.page) {
        parts_.push_back(context_.operations.number(part.name));
    }
    edge_.delay = config_.delay;
    edge_.bandwidth = config_.bandwidth;
    edge_.timeout = config_.timeout;
    add_member(server_);
    const auto add = [this](const std::string& place, std::uint32_t region) {
        clients_.push_back(std::make_unique<ApiClient>(client_side_, *this, place, region));
        add_helper(*clients_.back());
    };
    for (std::uint32_t i = 0; i < context_.regions.size(); ++i) add(context_.regions[i], i);
    if (clients_.empty()) add("client", 0);
    publish();
}

void Api::connect(Directory&) {
    for (const auto& client : clients_) client->connect(server_, edge_);
    server_.connect();
}

std::optional<std::size_t> Api::call_for(std::uint32_t operation) const {
    const auto found = std::ranges::find(operations_, operation);
    if (found == operations_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - operations_.begin());
}

void Api::note(const PageTally& tally) {
    pages_.add();
    calls_.add(tally.calls);
    sent_.add(static_cast<std::uint64_t>(tally.sent));
    received_.add(static_cast<std::uint64_t>(tally.received));
    data_.add(static_cast<std::uint64_t>(tally.data));
    needed_.add(static_cast<std::uint64_t>(tally.needed));
}

void Api::publish() {
    const auto per_page = [this](std::string_view metric, std::string_view unit,
                                 const sim::Counter& counter) {
        context_.metrics.derive(context_.path(metric), std::string(unit),
                                [this, &counter](const sim::Stretch& s) -> std::optional<double> {
                                    const auto pages = static_cast<double>(pages_.count(s.span));
                                    if (pages <= 0.0) return std::nullopt;
                                    return static_cast<double>(counter.count(s.span)) / pages;
                                });
    };
    context_.metrics.publish_rate(context_.path("pages"), pages_);
    per_page("calls_per_page", "count", calls_);
    per_page("bytes_sent", "bytes", sent_);
    per_page("bytes_received", "bytes", received_);
    context_.metrics.derive(context_.path("over_fetch"), "ratio",
                            [this](const sim::Stretch& s) -> std::optional<double> {
                                const auto data = static_cast<double>(data_.count(s.span));
                                if (data <= 0.0) return std::nullopt;
                                return 1.0 - static_cast<double>(needed_.count(s.span)) / data;
                            });
}

Profile Api::profile(std::uint32_t) const {
    StationProfile station;
    station.servers = static_cast<std::uint32_t>(config_.servers);
    std::vector<double> fetches(config_.page.size(), 0.0);
    for (const std::vector<std::size_t>& stage : plan_.stages) {
        for (const std::size_t number : stage) {
            const ApiCall& call = plan_.calls[number];
            station.visits += 1.0;
            station.mean_work += call.work.in_seconds();
            for (const auto& parts : call.parts) {
                for (const std::size_t part : parts) fetches[part] += 1.0;
            }
        }
    }
    Profile profile{station, {}};
    profile.is_timed = false;
    for (std::size_t i = 0; i < config_.page.size(); ++i) {
        if (!config_.page[i].call) continue;
        add_calls(profile, *config_.page[i].call, parts_[i], i);
        CallProfile& call = profile.calls.back();
        call.mean_calls = fetches[i];
        call.at_most_once = fetches[i] <= 1.0;
        call.beside = true;
    }
    return profile;
}

}  // namespace

extern const NodeKind api_kind;
const NodeKind api_kind = NodeKind::of<Api>();

}  // namespace archsim::models

// Building and running the rig.
#include "tests/support/cache_rig.hpp"

#include "scenarios/parse.hpp"

#include <stdexcept>
#include <utility>

namespace archsim::tests {

using models::Access;
using models::Request;
using models::Response;

class VersionStore::Front final : public models::Node {
public:
    explicit Front(VersionStore& store) : Node{store, store.name()}, store_{store} {}
    sim::Task<Response> serve(Request request) override {
        const bool reads = request.access == Access::read;
        ++(reads ? store_.reads : store_.writes);
        if (store_.is_failing) {
            const Response failure = Response::only(models::Outcome::failed);
            co_return failure;
        }
        Response answer;
        answer.store = store_.context_.number;
        answer.version = reads ? store_.version_of(request.key) : request.version;
        const sim::Duration time = reads ? store_.read_time : store_.write_time;
        if (time > sim::Duration{}) co_await store_.context_.simulation.delay(time);
        if (!reads) store_.commit(request.key, request.version);
        co_return answer;
    }

private:
    VersionStore& store_;
};

VersionStore::VersionStore(const models::BuildContext& context)
    : Component{context.name, context.kind},
      context_{context},
      front_{std::make_unique<Front>(*this)} {
    add_member(*front_);
}

VersionStore::~VersionStore() = default;

void VersionStore::commit(std::uint64_t key, std::uint64_t version) {
    versions_[key] = version;
    context_.freshness.committed(context_.number, key, version, context_.simulation.now());
}

std::uint64_t VersionStore::version_of(std::uint64_t key) const {
    const auto found = versions_.find(key);
    return found == versions_.end() ? models::initial_version : found->second;
}

struct CacheRig::Action : sim::Event {
    explicit Action(std::function<void()> d) : Event{&Action::act}, deed{std::move(d)} {}
    static void act(sim::Event& event) { static_cast<Action&>(event).deed(); }
    std::function<void()> deed;
};

void CacheRig::Call::send(sim::Event& event) {
    Call& call = static_cast<Call&>(event);
    if (call.request.access == Access::write)
        call.request.version = call.rig.history_.next_version();
    if (!call.node.is_up()) {
        call.abandoned();
        return;
    }
    call.node.accept(call.request, call);
}

void CacheRig::Call::completed(Response answer) {
    response = answer;
    answered_ms = rig.simulation_.now().since_start().in_seconds() * 1e3;
}

CacheRig::CacheRig() : store_{std::make_unique<VersionStore>(context("store"))} {}

CacheRig::~CacheRig() {
    edges_.close();
    for (const auto& cache : caches_) {
        for (models::Node* const node : cache->members()) node->crash();
    }
    for (models::Node* const node : store_->members()) node->crash();
}

models::BuildContext CacheRig::context(const std::string& name) {
    return {.name = name,
            .kind = "cache",
            .seed = 1,
            .number = ++count_,
            .region = 0,
            .regions = regions_,
            .simulation = simulation_,
            .metrics = metrics_,
            .network = network_,
            .edges = edges_,
            .operations = operations_,
            .history = history_,
            .freshness = freshness_,
            .directory = *this,
            .traces = traces_,
            .pilot = nullptr};
}

void CacheRig::add(const std::string& name, const std::string& members, const std::string& calls) {
    const std::string text = R"({"kind": "cache", "invalidate_on": ["invalidate"], "calls": [")" +
                             calls + R"("], )" + members + "}";
    models::Sources sources;
    models::Diagnostics diagnostics;
    const std::uint32_t source = sources.add("cache.json", text);
    const auto document = scenarios::parse(text, source, diagnostics);
    if (!document) throw std::runtime_error(diagnostics.format(sources));
    models::Reader reader{diagnostics};
    const auto kind = models::read_kind(*document, reader, models::node_kinds());
    if (!kind) throw std::runtime_error(diagnostics.format(sources));
    caches_.push_back(kind->make(context(name)));
    caches_.back()->connect(*this);
}

CacheRig::Call& CacheRig::call(double at_ms, std::uint64_t key, Access access,
                               std::string_view operation) {
    Call& call = calls_.emplace_back(*this, cache());
    call.request.key = key;
    call.request.access = access;
    call.request.operation = operations_.number(operation);
    simulation_.schedule(call, sim::Instant::at(sim::Duration::from_seconds(at_ms / 1e3)));
    return call;
}

CacheRig::Call& CacheRig::read(double at_ms, std::uint64_t key) {
    return call(at_ms, key, Access::read, "read");
}
CacheRig::Call& CacheRig::write(double at_ms, std::uint64_t key) {
    return call(at_ms, key, Access::write, "write");
}
CacheRig::Call& CacheRig::invalidate(double at_ms, std::uint64_t key) {
    return call(at_ms, key, Access::read, "invalidate");
}

void CacheRig::at(double at_ms, std::function<void()> action) {
    Action& added = actions_.emplace_back(std::move(action));
    simulation_.schedule(added, sim::Instant::at(sim::Duration::from_seconds(at_ms / 1e3)));
}

void CacheRig::run(double until_ms) {
    for (const auto& cache : caches_) cache->start();
    simulation_.run_until(sim::Instant::at(sim::Duration::from_seconds(until_ms / 1e3)));
    for (const auto& cache : caches_) cache->check_end();
    metrics_.close_window(simulation_.now());
    for (const sim::MetricValue& metric : metrics_.collect()) {
        measured_.emplace(metric.name, metric.value.value_or(-1.0));
    }
}

double CacheRig::operator[](std::string_view metric) const {
    const auto found = measured_.find(metric);
    if (found == measured_.end()) throw std::runtime_error("no metric " + std::string{metric});
    return found->second;
}

models::Component* CacheRig::component(std::string_view name) const {
    if (name == store_->name()) return store_.get();
    for (const auto& cache : caches_) {
        if (cache->name() == name) return cache.get();
    }
    return nullptr;
}

}  // namespace archsim::tests

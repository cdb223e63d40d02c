// Building and running the rig.
#include "tests/support/store_rig.hpp"

#include "scenarios/parse.hpp"

#include <stdexcept>

namespace archsim::tests {

using models::Access;
using models::Request;
using models::Response;

namespace {

/// What a table of kinds makes of a JSON object. Throws std::runtime_error with all problems.
template <class Kinds, class Context>
auto make(const std::string& text, const Kinds& kinds, Context&& context) {
    models::Sources sources;
    models::Diagnostics diagnostics;
    const std::uint32_t source = sources.add("rig.json", text);
    const auto document = scenarios::parse(text, source, diagnostics);
    if (!document) throw std::runtime_error(diagnostics.format(sources));
    models::Reader reader{diagnostics};
    const auto kind = models::read_kind(*document, reader, kinds);
    if (!kind) throw std::runtime_error(diagnostics.format(sources));
    return kind->make(std::forward<Context>(context));
}

}  // namespace

class LaggingStore::Front final : public models::Node {
public:
    explicit Front(LaggingStore& store) : Node{store, store.name()}, store_{store} {}
    sim::Task<Response> serve(Request request) override {
        Response answer;
        answer.store = store_.context_.number;
        answer.version = request.version;
        if (request.access == Access::write) {
            store_.write(request.key, request.version);
        } else {
            answer.version = store_.read(request.key);
        }
        co_return answer;
    }

private:
    LaggingStore& store_;
};

LaggingStore::LaggingStore(const models::BuildContext& context, sim::Duration lag)
    : Component{context.name, context.kind},
      context_{context},
      lag_{lag},
      front_{std::make_unique<Front>(*this)} {
    add_member(*front_);
}

LaggingStore::~LaggingStore() = default;

void LaggingStore::write(std::uint64_t key, models::Version version) {
    std::vector<Entry>& log = logs_[key];
    const models::Version parent = log.empty() ? models::initial_version : log.back().version;
    log.push_back({version, context_.simulation.now()});
    context_.history.created({.version = version,
                              .key = key,
                              .parent = parent,
                              .position = log.size(),
                              .created = context_.simulation.now()});
}

models::Version LaggingStore::read(std::uint64_t key) const {
    const auto found = logs_.find(key);
    if (found == logs_.end()) return models::initial_version;
    for (auto entry = found->second.rbegin(); entry != found->second.rend(); ++entry) {
        if (entry->at + lag_ <= context_.simulation.now()) return entry->version;
    }
    return models::initial_version;
}

bool LaggingStore::report_settled(models::HistoryRecorder& history) {
    for (const auto& [key, log] : logs_) history.settled(key, log.back().version);
    return true;
}

StoreRig::StoreRig(std::uint64_t seed, sim::Duration lag) : seed_{seed}, simulation_{seed} {
    components_.push_back(std::make_unique<LaggingStore>(context("db"), lag));
    components_.front()->set_number(count_);
    history_ = std::make_unique<scenarios::StoreHistory>(scenarios::HistoryConfig{.sessions = true},
                                                         *components_.front(), recorder_, metrics_);
}

StoreRig::~StoreRig() {
    edges_.close();
    for (const auto& component : components_) {
        for (models::Node* const node : component->members()) node->crash();
    }
}

models::BuildContext StoreRig::context(const std::string& name) {
    return {.name = name,
            .kind = "rig",
            .seed = seed_,
            .number = ++count_,
            .region = 0,
            .regions = regions_,
            .simulation = simulation_,
            .metrics = metrics_,
            .network = network_,
            .edges = edges_,
            .operations = operations_,
            .history = recorder_,
            .freshness = freshness_,
            .directory = *this,
            .traces = traces_,
            .pilot = nullptr};
}

void StoreRig::add_source(const std::string& name, const std::string& members,
                          const std::string& edge) {
    const std::string text =
        R"({"kind": "open_loop", "calls": [{"to": "db")" + edge + "}], " + members + "}";
    components_.push_back(make(text, models::node_kinds(), context(name)));
    components_.back()->set_number(count_);
    components_.back()->connect(*this);
}

void StoreRig::add_fault(const std::string& object) {
    const models::FaultContext context{
        simulation_, network_, *this, recorder_, seed_, static_cast<std::uint32_t>(faults_.size()),
        {}};
    faults_.push_back(make(object, models::fault_kinds(), context));
}

void StoreRig::run(sim::Duration length) {
    for (const auto& fault : faults_) fault->start();
    for (const auto& component : components_) component->start();
    static_cast<void>(simulation_.run_until(sim::Instant::at(length)));
    metrics_.close_window(simulation_.now());
    for (const auto& component : components_) component->check_end();
    history_->finish();
    for (const sim::MetricValue& metric : metrics_.collect()) {
        if (metric.value) measured_.emplace(metric.name, *metric.value);
    }
}

double StoreRig::operator[](std::string_view metric) const {
    const auto found = measured_.find(metric);
    if (found == measured_.end()) throw std::runtime_error("not measured: " + std::string{metric});
    return found->second;
}

models::Component* StoreRig::component(std::string_view name) const {
    for (const auto& component : components_) {
        if (component->name() == name) return component.get();
    }
    return nullptr;
}

}  // namespace archsim::tests

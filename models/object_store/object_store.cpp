// An object store: one copy of large objects under keys, for little money and with some latency.
#include "models/catalog.hpp"
#include "models/object_size.hpp"
#include "sim/metrics.hpp"

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <utility>

namespace archsim::models {

namespace {

class ObjectStore final : public Component {
public:
    struct Config {
        sim::Distribution read_time;
        sim::Distribution write_time;
        std::optional<sim::Bandwidth> bandwidth = std::nullopt;
        ObjectSize object_size;
        std::int64_t objects = 0;
        static const Spec<Config>& spec();
    };

    ObjectStore(Config config, const BuildContext& context)
        : Component{context.name, context.kind},
          config_{std::move(config)},
          context_{context},
          reads_{context.metrics.counter()},
          writes_{context.metrics.counter()},
          egress_{context.metrics.counter()},
          stored_probe_{context.metrics.watch(stored_)},
          rng_{context.rng("latency")},
          front_{*this, context.name} {
        front_.set_region(context.region);
        add_member(front_);
        std::int64_t bytes = 0;
        for (std::int64_t key = 0; key < config_.objects; ++key) {
            bytes += size_of(static_cast<std::uint64_t>(key)).count();
        }
        stored_.set(context.simulation.now(), bytes);
        publish();
    }

    [[nodiscard]] const sim::LevelProbe* stored_bytes() const override { return &stored_probe_; }
    [[nodiscard]] Profile profile(std::uint32_t) const override {
        Profile profile;
        profile.is_timed = false;
        return profile;
    }

private:
    /// What has been written of a key.
    struct Object {
        Version version = initial_version;
        sim::Bytes size;
    };

    class Front final : public Node {
    public:
        Front(ObjectStore& store, std::string name) : Node{store, std::move(name)}, store_{store} {}

        sim::Task<Response> serve(Request request) override {
            sim::Simulation& simulation = store_.context_.simulation;
            if (request.access == Access::read) {
                const Response response = store_.read(request);
                const sim::Duration time = store_.time_to_read(response.size);
                co_await simulation.delay(time);
                store_.egress_.add(static_cast<std::uint64_t>(response.size.count()));
                co_return response;
            }
            const sim::Bytes size = store_.size_written(request);
            const sim::Duration time = store_.time_to_write(size);
            co_await simulation.delay(time);
            const Response response = store_.write(request, size);
            co_return response;
        }

    private:
        ObjectStore& store_;
    };

    void publish() {
        sim::Metrics& metrics = context_.metrics;
        metrics.derive(context_.path("requests"), "count",
                       [this](const sim::Stretch& s) -> std::optional<double> {
                           return static_cast<double>(reads_.count(s.span) + writes_.count(s.span));
                       });
        metrics.derive(context_.path("stored"), "bytes",
                       [this](const sim::Stretch& s) { return stored_probe_.mean(s.span, s.now); });
        metrics.derive(context_.path("egress"), "bytes/s",
                       [this](const sim::Stretch& s) -> std::optional<double> {
                           if (s.seconds() <= 0.0) return std::nullopt;
                           return static_cast<double>(egress_.count(s.span)) / s.seconds();
                       });
    }

    [[nodiscard]] sim::Bytes size_of(std::uint64_t key) const {
        return config_.object_size.of(key, context_.seed);
    }
    [[nodiscard]] sim::Bytes size_written(const Request& request) const {
        return request.size > sim::Bytes{} ? request.size : size_of(request.key);
    }
    [[nodiscard]] sim::Duration transfer(sim::Bytes size) const {
        return config_.bandwidth ? config_.bandwidth->time_to_send(size) : sim::Duration{};
    }
    sim::Duration time_to_read(sim::Bytes size) {
        return config_.read_time.sample(rng_) + transfer(size);
    }
    sim::Duration time_to_write(sim::Bytes size) {
        return config_.write_time.sample(rng_) + transfer(size);
    }

    Response read(const Request& request) {
        reads_.add();
        Response response;
        response.store = context_.number;
        const auto found = written_.find(request.key);
        if (found == written_.end()) {
            response.size = size_of(request.key);
            response.version = initial_version;
        } else {
            response.size = found->second.size;
            response.version = found->second.version;
        }
        return response;
    }

    /// Stores the object and tells history and freshness.
    Response write(const Request& request, sim::Bytes size) {
        writes_.add();
        const sim::Instant now = context_.simulation.now();
        const Version version =
            request.version != 0 ? request.version : context_.history.next_version();
        const auto [place, is_first] = written_.try_emplace(request.key);
        Object& object = place->second;
        const bool is_new = is_first && request.key >= static_cast<std::uint64_t>(config_.objects);
        const sim::Bytes before = is_first ? size_of(request.key) : object.size;
        stored_.change(now, size.count() - (is_new ? 0 : before.count()));
        if (context_.history.is_on(context_.number)) {
            VersionRecord record;
            record.version = version;
            record.key = request.key;
            record.parent = object.version;
            record.created = now;
            context_.history.created(record);
            Application application;
            application.key = request.key;
            application.version = version;
            application.at = now;
            context_.history.applied(application);
        }
        object = Object{version, size};
        context_.freshness.committed(context_.number, request.key, version, now);
        Response response;
        response.version = version;
        response.store = context_.number;
        return response;
    }

    Config config_;
    BuildContext context_;
    sim::Counter& reads_;
    sim::Counter& writes_;
    sim::Counter& egress_;
    sim::Level stored_;
    const sim::LevelProbe& stored_probe_;
    sim::Rng rng_;
    std::unordered_map<std::uint64_t, Object> written_;  // looked up, never iterated
    Front front_;
};

const Spec<ObjectStore::Config>& ObjectStore::Config::spec() {
    static const auto declared =
        Spec<Config>{"object_store",
                     "One copy of large objects, read and written whole: cheap, with latency."}
            .optional("read_time", &Config::read_time, "From a request to the first byte.")
            .optional("write_time", &Config::write_time,
                      "From the last byte of an object to its commit.")
            .optional("bandwidth", &Config::bandwidth,
                      "Rate at which an object is read or written, each for itself; its size / "
                      "bandwidth adds to the time.")
            .more_than(sim::Bandwidth{})
            .optional("object_size", &Config::object_size,
                      "Of the object behind a key: one size, or a law from which each key draws "
                      "its own. A write with a payload sets the size to that.")
            .optional("objects", &Config::objects,
                      "Keys 0, 1, 2 ... that are stored from the start; they count for storage.")
            .at_least(0)
            .at_most(100'000'000)
            .metric("requests", "count", "Reads and writes.")
            .metric("stored", "bytes", "Size of all objects, averaged over time.")
            .metric("egress", "bytes/s", "Objects read.")
            .assume(
                "Requests do not queue: a provider's store has capacity for all of them at once.")
            .assume("Every key has an object, also those that nobody has written: version 0.")
            .assume(
                "A read sees the version at its arrival, a write commits at its end and lasts: a "
                "crash loses requests, not objects.");
    return declared;
}

}  // namespace

extern const NodeKind object_store_kind;
const NodeKind object_store_kind = NodeKind::of<ObjectStore>();

}  // namespace archsim::models

// A store: one copy of the data behind one station, without replication. What replicated databases
// are compared with, and what a shard can be.
#include "models/catalog.hpp"
#include "models/database/single_copy.hpp"
#include "models/queue_limit.hpp"
#include "models/station_metrics.hpp"
#include "sim/station.hpp"

#include <utility>

namespace archsim::models {

namespace {

class SingleStore final : public Component {
public:
    struct Config {
        std::int64_t servers = 1;
        QueueLimit queue;
        sim::Distribution read_time;
        sim::Distribution write_time;
        sim::Bytes value_size;
        bool durable = true;
        static const Spec<Config>& spec();
    };
    SingleStore(Config config, const BuildContext& context)
        : Component{context.name, context.kind},
          config_{std::move(config)},
          context_{context},
          stations_{context_},
          copy_{context_},
          node_{*this} {
        add_member(node_);
        context_.metrics.derive(context_.path("lost_writes"), "count",
                                [this](const sim::Stretch& s) -> std::optional<double> {
                                    if (s.span == sim::Span::window) return std::nullopt;
                                    return static_cast<double>(lost_);
                                });
    }

    void check_end() override { node_.check(); }
    [[nodiscard]] bool holds_data() const override { return true; }
    [[nodiscard]] bool promises_no_loss() const override { return config_.durable; }
    [[nodiscard]] bool report_settled(HistoryRecorder& history) override {
        if (!node_.is_idle()) return false;
        copy_.report_settled(history);
        return true;
    }
    [[nodiscard]] Profile profile(std::uint32_t) const override {
        return {.station = station_for(config_.read_time),
                .station_of_writes = station_for(config_.write_time)};
    }

private:
    class Keeper final : public Node {
    public:
        explicit Keeper(SingleStore& store)
            : Node{store, store.name()},
              store_{store},
              probe_{store.stations_},
              station_{store.context_.simulation, options(store), &probe_},
              rng_{store.context_.rng("service")} {
            set_region(store.context_.region);
            store.stations_.add(store.name() + "/0", station_, probe_);
        }

        sim::Task<Response> serve(Request request) override {
            const bool writes = request.access == Access::write;
            const sim::Distribution& law =
                writes ? store_.config_.write_time : store_.config_.read_time;
            const sim::Duration amount = law.sample(rng_);
            const bool done = co_await station_.work(amount, request.priority);
            Response response;
            response.store = store_.context_.number;
            if (!done) {
                response.outcome = Outcome::rejected;
                co_return response;
            }
            probe_.trace(store_.context_, request, *this);
            response.version =
                writes ? store_.copy_.write(request) : store_.copy_.read(request.key);
            if (!writes) response.size = store_.config_.value_size;
            co_return response;
        }
        void set_speed(double factor) override { station_.set_speed(factor); }
        [[nodiscard]] double load() const override {
            return static_cast<double>(station_.present()) / station_.servers();
        }
        void check() { station_.check_little(name()); }
        [[nodiscard]] bool is_idle() const { return station_.present() == 0; }

    private:
        static sim::Station::Options options(const SingleStore& store) {
            return {.servers = static_cast<std::uint32_t>(store.config_.servers),
                    .queue = store.config_.queue.places,
                    .discipline = sim::Discipline::fifo,
                    .tag = store.context_.number};
        }
        void on_crash() override {
            if (!store_.config_.durable) store_.lost_ += store_.copy_.forget();
        }

        SingleStore& store_;
        StationMetrics::Probe probe_;
        sim::Station station_;
        sim::Rng rng_;
    };

    [[nodiscard]] StationProfile station_for(const sim::Distribution& work) const {
        StationProfile station;
        station.servers = static_cast<std::uint32_t>(config_.servers);
        station.queue = config_.queue.places;
        station.visits = 1.0;
        station.work = work;
        station.mean_work = work.mean_seconds();
        return station;
    }

    Config config_;
    BuildContext context_;
    StationMetrics stations_;
    SingleCopy copy_;
    std::uint64_t lost_ = 0;
    Keeper node_;
};

const Spec<SingleStore::Config>& SingleStore::Config::spec() {
    static const auto declared =
        Spec<Config>{"store", "One copy of the data behind one queue, without replication."}
            .guide("Principais Componentes, 4. Database")
            .optional("servers", &Config::servers, "Requests that it works on at the same time.")
            .at_least(1)
            .at_most(1'000'000)
            .optional("queue", &Config::queue, "Places to wait, those in service not counted.")
            .optional("read_time", &Config::read_time, "Work for a read.")
            .optional("write_time", &Config::write_time, "Work for a write.")
            .optional("value_size", &Config::value_size, "Size of the answer to a read.")
            .optional("durable", &Config::durable,
                      "Whether what is written outlives a crash; else all of it is lost.")
            .metric("arrivals", "1/s", "Requests that came, rejected ones included.")
            .metric("utilisation", "ratio", "Share of server time in use.")
            .metric("waiting_time", "s", "Time from arrival to the start of work.")
            .metric("service_time", "s", "Time at a server.")
            .metric("sojourn_time", "s", "Waiting and service together.")
            .metric("queue_length", "count", "Requests that wait.")
            .metric("rejected", "ratio", "Share of arrivals turned away by a full queue.")
            .metric("lost_in_crash", "count", "Requests that a crash took.")
            .metric("lost_writes", "count", "Keys whose value a crash took.")
            .assume("A write takes effect, and a read sees what there is, when its work is done.");
    return declared;
}

}  // namespace

extern const NodeKind store_kind;
const NodeKind store_kind = NodeKind::of<SingleStore>();

}  // namespace archsim::models

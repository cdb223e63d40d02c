// The kind "nosql": one copy of the data behind one station, asked one key at a time.
#include "models/database/nosql_config.hpp"
#include "models/database/one_server.hpp"
#include "models/database/single_copy.hpp"
#include "models/station_metrics.hpp"
#include "sim/station.hpp"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace archsim::models {

namespace {

class NosqlNode final : public Node {
public:
    NosqlNode(Component& owner, const NosqlConfig& config, const BuildContext& context)
        : Node{owner, owner.name()},
          config_{config},
          context_{context},
          stations_{context_},
          probe_{stations_},
          station_{context_.simulation,
                   {.servers = static_cast<std::uint32_t>(config_.servers),
                    .queue = config_.queue.places,
                    .discipline = sim::Discipline::fifo,
                    .tag = context_.number},
                   &probe_},
          rng_{context_.rng("service")},
          copy_{context_} {
        set_region(context_.region);
        stations_.add(context_.name + "/0", station_, probe_);
        get_.call = NosqlCall::get;
        put_.call = NosqlCall::put;
        for (const auto& [name, operation] : config_.operations.entries) {
            operations_.emplace_back(context_.operations.number(name), &operation);
        }
        context_.metrics.derive(context_.path("lost_writes"), "count",
                                [this](const sim::Stretch& s) -> std::optional<double> {
                                    if (s.span == sim::Span::window) return std::nullopt;
                                    return static_cast<double>(lost_);
                                });
    }

    sim::Task<Response> serve(Request request) override {
        const NosqlOperationConfig* own = find(request.operation);
        const NosqlOperationConfig& plain = request.access == Access::write ? put_ : get_;
        const NosqlOperationConfig& operation = own != nullptr ? *own : plain;
        Response response;
        const sim::Duration amount = work_of(operation);
        const bool done = co_await station_.work(amount, request.priority);
        if (!done) {
            response.outcome = Outcome::rejected;
            co_return response;
        }
        probe_.trace(context_, request, *this);
        const bool is_put = operation.call == NosqlCall::put;
        if (!is_put) {
            const auto parts = static_cast<std::int64_t>(operation.parts());
            response.size = sim::Bytes{config_.value_size.count() * parts};
        }
        // A call that does something else than the user's operation, such as a get on the way to a
        // put, names no store, so that nobody takes its answer for that of the operation.
        if (is_put != (request.access == Access::write)) co_return response;
        response.store = context_.number;
        response.version = is_put ? copy_.write(request) : copy_.read(request.key);
        co_return response;
    }

    void set_speed(double factor) override { station_.set_speed(factor); }
    [[nodiscard]] double load() const override {
        return static_cast<double>(station_.present()) / station_.servers();
    }
    void check() { station_.check_little(name()); }
    [[nodiscard]] bool promises_no_loss() const { return config_.durable; }
    [[nodiscard]] bool report_settled(HistoryRecorder& history) const {
        if (station_.present() > 0) return false;
        copy_.report_settled(history);
        return true;
    }

    [[nodiscard]] Profile profile(std::uint32_t number) const {
        if (const NosqlOperationConfig* const own = find(number)) {
            return {.station = station_for(*own)};
        }
        return {.station = station_for(get_), .station_of_writes = station_for(put_)};
    }

private:
    [[nodiscard]] StationProfile station_for(const NosqlOperationConfig& operation) const {
        const sim::Distribution& call = time_of(operation);
        const double item = item_time(config_.profile, operation.call).mean_seconds();
        StationProfile station;
        station.servers = static_cast<std::uint32_t>(config_.servers);
        station.queue = config_.queue.places;
        station.visits = 1.0;
        station.mean_work = call.mean_seconds() + operation.parts() * item;
        if (item == 0.0) station.work = call;
        return station;
    }
    [[nodiscard]] const NosqlOperationConfig* find(std::uint32_t number) const {
        for (const auto& [known, operation] : operations_) {
            if (known == number) return operation;
        }
        return nullptr;
    }
    [[nodiscard]] const sim::Distribution& time_of(const NosqlOperationConfig& operation) const {
        return operation.call == NosqlCall::put ? config_.put_time : config_.get_time;
    }
    [[nodiscard]] sim::Duration work_of(const NosqlOperationConfig& operation) {
        const auto parts = static_cast<std::int64_t>(operation.parts());
        sim::Duration amount = time_of(operation).sample(rng_);
        const sim::Distribution item = item_time(config_.profile, operation.call);
        if (item.is_constant()) return amount + item.sample(rng_) * parts;
        for (std::int64_t i = 0; i < parts; ++i) amount += item.sample(rng_);
        return amount;
    }
    void on_crash() override {
        if (!config_.durable) lost_ += copy_.forget();
    }

    const NosqlConfig& config_;
    BuildContext context_;
    StationMetrics stations_;
    StationMetrics::Probe probe_;
    sim::Station station_;
    sim::Rng rng_;
    SingleCopy copy_;
    NosqlOperationConfig get_;
    NosqlOperationConfig put_;
    std::vector<std::pair<std::uint32_t, const NosqlOperationConfig*>> operations_;
    std::uint64_t lost_ = 0;
};

}  // namespace

extern const NodeKind nosql_kind;
const NodeKind nosql_kind = NodeKind::of<OneServer<NosqlConfig, NosqlNode>>();

}  // namespace archsim::models

// Publishers at the door, the disk, and groups of consumers.
#include "models/queue/broker.hpp"

#include <algorithm>

namespace archsim::models {

/// The node of a queue: each publisher's call is one of its processes.
class Broker::Front final : public Node {
public:
    Front(Broker& broker, const BuildContext& context)
        : Node{broker, context.name}, broker_{broker} {
        set_region(context.region);
    }

    sim::Task<Response> serve(Request request) override {
        Response response;
        sim::Simulation& simulation = broker_.context_.simulation;
        const sim::Instant came = simulation.now();
        broker_.arrivals_.add();
        const bool is_paced =
            std::holds_alternative<RateAdaption::Config>(broker_.config_.when_full);
        if (is_paced) co_await hold_back(request);
        Admission admission{simulation, request, came};
        broker_.arrive(admission, nullptr);
        co_await admission;
        if (admission.decision() == Admission::Decision::refused) {
            response.outcome = Outcome::rejected;
            co_return response;
        }
        if (admission.decision() == Admission::Decision::spill) {
            Disk& disk = *broker_.disk_;
            const sim::Duration amount = disk.config.write_time.sample(disk.rng);
            const bool written = co_await disk.station.work(amount, request.priority);
            if (written) broker_.store(request, true);
        }
        co_return response;
    }

    /// Reads a message and sends it on its way.
    void read(Delivery& delivery) { processes().start(read_and_send(delivery)); }

    void set_speed(double factor) override {
        if (broker_.disk_ != nullptr) broker_.disk_->station.set_speed(factor);
    }
    [[nodiscard]] double load() const override { return static_cast<double>(broker_.present()); }

private:
    /// One publisher at a time waits for its turn, so that each turn is given at the rate of its
    /// moment; the others wait behind it.
    sim::Task<> hold_back(Request request) {
        const auto turn = co_await broker_.gate_.acquire();
        const sim::Duration pause = broker_.pace(request);
        co_await broker_.context_.simulation.delay(pause);
    }
    sim::Task<> read_and_send(Delivery& delivery) {
        Disk& disk = *broker_.disk_;
        const sim::Duration amount = disk.config.read_time.sample(disk.rng);
        const bool found = co_await disk.station.work(amount);
        if (found) delivery.send();
    }
    void on_crash() override {
        for (const Group& group : broker_.groups_) group.subscription->crash();
    }
    void on_restart() override {
        for (const Group& group : broker_.groups_) group.subscription->restart();
    }

    Broker& broker_;
};

namespace {

BuildContext disk_of(const BuildContext& queue) {
    BuildContext context = queue;
    context.name += "/disk";
    return context;
}

sim::Station::Options options_of(const BuildContext& context, const Spill::Config& config) {
    return {.servers = static_cast<std::uint32_t>(config.disks), .tag = context.number};
}

}  // namespace

Broker::Disk::Disk(const BuildContext& queue, const Spill::Config& spill)
    : context{disk_of(queue)},
      config{spill},
      metrics{context},
      probe{metrics},
      station{context.simulation, options_of(context, spill), &probe},
      rng{context.rng("disk")} {
    metrics.add(context.name + "/0", station, probe);
}

Broker::Broker(const QueueConfig& config, Grouping grouping, const BuildContext& context)
    : Component{context.name, context.kind},
      config_{config},
      context_{context},
      metrics_{context.metrics, context.name},
      arrivals_{context.metrics.counter()},
      rejected_{context.metrics.counter()},
      unrouted_{context.metrics.counter()},
      blocked_{context.metrics.timing()},
      gate_{context.simulation, 1},
      front_{std::make_unique<Front>(*this, context)} {
    publish_metrics();
    add_member(*front_);
    if (const auto* const spill = std::get_if<Spill::Config>(&config_.when_full)) {
        disk_ = std::make_unique<Disk>(context_, *spill);
    }
    form_groups(grouping);
}

Broker::~Broker() {
    front_.reset();  // before the lines in which its publishers stand
}

void Broker::publish_metrics() {
    sim::Metrics& metrics = context_.metrics;
    metrics.publish_rate(context_.path("arrivals"), arrivals_);
    metrics.publish_count(context_.path("rejected"), rejected_);
    metrics.publish_count(context_.path("unrouted"), unrouted_);
    metrics.publish_timing(context_.path("blocked_time"), blocked_);
    metrics.derive(context_.path("blocked_time"), "s",
                   [this](const sim::Stretch& s) -> std::optional<double> {
                       const sim::Histogram& times = blocked_.histogram(s.span);
                       if (times.count() == 0) return std::nullopt;
                       return times.mean_seconds();
                   });
}

void Broker::form_groups(Grouping grouping) {
    for (const ConsumerConfig& consumer : config_.consumers) {
        const std::string by_default = grouping == Grouping::apart ? consumer.to.name : "consumers";
        const std::string name = consumer.group.value_or(by_default);
        const auto found = std::ranges::find(groups_, name, &Group::name);
        Group& group = found == groups_.end() ? groups_.emplace_back() : *found;
        group.name = name;
        group.members.push_back(&consumer);
    }
    if (groups_.empty()) groups_.emplace_back().name = "consumers";  // it just keeps the messages
    QueueFront& front = *this;
    for (Group& group : groups_) {
        if (groups_.size() > 1) {
            group.own = std::make_unique<QueueMetrics>(context_.metrics,
                                                       context_.path("subscription/" + group.name));
        }
        QueueMetrics& own = group.own != nullptr ? *group.own : metrics_;
        group.subscription =
            std::make_unique<Subscription>(context_, config_, front, own, metrics_);
    }
}

void Broker::connect(Directory&) {
    for (Group& group : groups_) {
        for (const ConsumerConfig* const consumer : group.members) {
            group.subscription->add_consumer(*consumer);
        }
        group.subscription->connect_dead_letters();
    }
}

bool Broker::Group::wants(std::string_view topic) const {
    if (members.empty() || members.front()->topics.empty()) return true;
    return std::ranges::find(members.front()->topics, topic) != members.front()->topics.end();
}

const std::vector<Subscription*>& Broker::subscribers_of(std::uint32_t operation) {
    for (std::size_t next = by_operation_.size(); next <= operation; ++next) {
        std::vector<Subscription*>& found = by_operation_.emplace_back();
        const auto number = static_cast<std::uint32_t>(next);
        for (const Group& group : groups_) {
            if (group.wants(context_.operations.name(number))) {
                found.push_back(group.subscription.get());
            }
        }
    }
    return by_operation_[operation];
}

sim::Duration Broker::pace(const Request& request) {
    sim::Duration longest;
    for (Subscription* const subscriber : subscribers_of(request.operation)) {
        longest = std::max(longest, subscriber->pace());
    }
    return longest;
}

void Broker::arrive(Admission& admission, const Subscription* whose_turn) {
    const Request& request = admission.request;
    bool spills = false;
    for (Subscription* const subscriber : subscribers_of(request.operation)) {
        const Verdict verdict = subscriber->verdict(request, subscriber == whose_turn);
        if (verdict == Verdict::refuse) {
            rejected_.add();
            decide(admission, Admission::Decision::refused);
            return;
        }
        if (verdict == Verdict::wait) {
            subscriber->line_up(admission);
            return;
        }
        spills = spills || verdict == Verdict::spill;
    }
    if (spills) {
        decide(admission, Admission::Decision::spill);
        return;
    }
    decide(admission, Admission::Decision::accepted);
    store(request, false);
}

void Broker::decide(Admission& admission, Admission::Decision decision) {
    blocked_.record(context_.simulation.now() - admission.came);
    admission.decide(decision);
}

void Broker::store(const Request& request, bool on_disk) {
    const Request stored = request;  // the publisher's own may go while messages are delivered
    const std::vector<Subscription*>& subscribers = subscribers_of(stored.operation);
    if (subscribers.empty()) unrouted_.add();
    const std::uint64_t number = next_number_++;
    for (Subscription* const subscriber : subscribers) {
        const Verdict verdict = on_disk ? Verdict::spill : subscriber->verdict(stored, true);
        subscriber->take_in(stored, number, verdict);
    }
    for (Subscription* const subscriber : subscribers) subscriber->pump();
}

void Broker::read_and_send(Delivery& delivery) { front_->read(delivery); }

const Node& Broker::node() const { return *front_; }

std::uint64_t Broker::present() const {
    std::uint64_t sum = 0;
    for (const Group& group : groups_) sum += group.subscription->present();
    return sum;
}

void Broker::check_end() {
    for (const Group& group : groups_) group.subscription->check_end();
    if (disk_ != nullptr) disk_->station.check_little(disk_->context.name);
}

bool Broker::holds_publishers() const {
    return config_.limit.places || config_.limit_bytes ||
           std::holds_alternative<Credit::Config>(config_.when_full) ||
           std::holds_alternative<RateAdaption::Config>(config_.when_full);
}

Profile Broker::profile(std::uint32_t operation) const {
    Profile profile;
    if (holds_publishers()) {
        // Publishers may wait here or be turned away, as at a station with few places.
        profile.station = StationProfile{.queue = config_.limit.places.value_or(0), .visits = 1.0};
    }
    for (const Group& group : groups_) {
        if (!group.wants(context_.operations.name(operation))) continue;
        double places = 0.0;
        for (const ConsumerConfig* const consumer : group.members) {
            places += static_cast<double>(consumer->concurrency);
        }
        for (const ConsumerConfig* const consumer : group.members) {
            const std::size_t edge = profile.calls.size();
            profile.calls.push_back(
                {.to = consumer->to.name,
                 .operation = operation,
                 .edge = edge,
                 .mean_calls = static_cast<double>(consumer->concurrency) / places,
                 .at_most_once = config_.delivery == DeliveryMode::at_most_once,
                 .plain = false,
                 .awaited = false,
                 .after = edge,
                 .delay = consumer->delay});
        }
    }
    if (config_.dead_letter) {
        // In good times there are none: the edge is there, its traffic is not.
        const std::size_t edge = profile.calls.size();
        profile.calls.push_back({.to = config_.dead_letter->to.name,
                                 .operation = operation,
                                 .edge = edge,
                                 .mean_calls = 0.0,
                                 .plain = false,
                                 .awaited = false,
                                 .after = edge,
                                 .delay = config_.dead_letter->delay});
    }
    return profile;
}

}  // namespace archsim::models

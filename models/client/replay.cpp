// A load source that replays recorded requests.
#include "models/client/load_source.hpp"
#include "sim/check.hpp"

#include <algorithm>
#include <utility>

namespace archsim::models {

namespace {

class Replay final : public LoadSource {
public:
    struct Config : SourceConfig {
        TraceFile file;
        std::vector<std::string> writes;
        static const Spec<Config>& spec();
    };

    Replay(Config config, const BuildContext& context)
        : Replay{std::make_unique<Config>(std::move(config)), context} {}

    [[nodiscard]] std::vector<Traffic> traffic() const override {
        if (trace_->records.empty()) return {};
        std::vector<Traffic> traffic;
        for (std::size_t i = 0; i < numbers_.size(); ++i) {
            traffic.push_back({numbers_[i], 0.0, false, 0, is_write_[i]});
        }
        const double length = trace_->records.back().at.in_seconds();
        if (length <= 0.0) return traffic;
        for (const TraceRecord& record : trace_->records) {
            traffic[record.operation].per_second += 1.0 / length;
        }
        return traffic;
    }
    void start() override { schedule_next(); }

private:
    Replay(std::unique_ptr<Config> config, const BuildContext& context)
        : LoadSource{*config, context}, config_{std::move(config)}, due_{*this} {
        const auto found = context.traces.find(config_->file.name);
        ARCHSIM_CHECK_AT(name(), found != context.traces.end(), "trace {} was not loaded",
                         config_->file.name);
        trace_ = &found->second;
        for (const std::string& operation : trace_->operations) {
            numbers_.push_back(operation_number(operation));
            const auto& writes = config_->writes;
            is_write_.push_back(std::find(writes.begin(), writes.end(), operation) != writes.end());
        }
        due_.set_tag(context.number);
    }

    struct Due : sim::Event {
        explicit Due(Replay& s) : Event{&now}, source{s} {}
        static void now(sim::Event& event) { static_cast<Due&>(event).source.replay_one(); }
        Replay& source;
    };

    void replay_one() {
        const TraceRecord& record = trace_->records[position_++];
        schedule_next();
        Request request = draw();
        request.operation = numbers_[record.operation];
        request.access = is_write_[record.operation] ? Access::write : Access::read;
        request.key = record.key;
        request.size = record.size;
        send(request, 0);
    }
    void schedule_next() {
        if (position_ == trace_->records.size()) return;
        context().simulation.schedule(due_, sim::Instant::at(trace_->records[position_].at));
    }
    void answered(std::uint64_t, const Response&) override {}

    std::unique_ptr<Config> config_;
    const RequestTrace* trace_ = nullptr;
    std::vector<std::uint32_t> numbers_;
    std::vector<bool> is_write_;
    std::size_t position_ = 0;
    Due due_;
};

const Spec<Replay::Config>& Replay::Config::spec() {
    static const auto declared =
        with_source_metrics(
            Spec<Config>{"replay", "Sends the requests of a trace at their recorded times."})
            .required("file", &Config::file,
                      "CSV file with the header time,operation,key,size, beside the scenario: "
                      "seconds from the start, a name, an integer or text key, bytes.")
            .optional("writes", &Config::writes, "Operations of the trace that write data.")
            .optional("sessions", &Config::sessions, "Distinct users, all equally likely.")
            .at_least(1)
            .required("calls", &Config::calls, "Nodes called for each request, in order.")
            .check(check_calls);
    return declared;
}

}  // namespace

extern const NodeKind replay_kind;
const NodeKind replay_kind = NodeKind::of<Replay>();

}  // namespace archsim::models

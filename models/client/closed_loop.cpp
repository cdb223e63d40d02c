// A closed load source: each user waits for the answer, thinks, and asks again.
#include "models/client/load_source.hpp"

#include <deque>
#include <utility>

namespace archsim::models {

namespace {

class ClosedLoop final : public LoadSource {
public:
    struct Config : SourceConfig {
        std::int64_t users = 1;
        sim::Distribution think_time;
        static const Spec<Config>& spec();
    };

    ClosedLoop(Config config, const BuildContext& context)
        : ClosedLoop{std::make_unique<Config>(std::move(config)), context} {}

    [[nodiscard]] std::vector<Traffic> traffic() const override { return traffic_of(0.0, false); }
    void start() override {
        for (std::int64_t i = 0; i < config_->users; ++i) {
            User& user = users_.emplace_back(*this, static_cast<std::uint64_t>(i));
            user.set_tag(context().number);
            think(user);
        }
    }

private:
    ClosedLoop(std::unique_ptr<Config> config, const BuildContext& context)
        : LoadSource{*config, context}, config_{std::move(config)}, rng_{context.rng("thinking")} {}

    struct User : sim::Event {
        User(ClosedLoop& s, std::uint64_t n) : Event{&ask}, source{s}, number{n} {}
        static void ask(sim::Event& event) {
            User& user = static_cast<User&>(event);
            Request request = user.source.draw();
            request.session = user.number;
            user.source.send(request, user.number);
        }
        ClosedLoop& source;
        std::uint64_t number;
    };

    void think(User& user) {
        context().simulation.schedule_in(user, config_->think_time.sample(rng_));
    }
    void answered(std::uint64_t user, const Response&) override { think(users_[user]); }

    std::unique_ptr<Config> config_;
    sim::Rng rng_;
    std::deque<User> users_;
};

const Spec<ClosedLoop::Config>& ClosedLoop::Config::spec() {
    static const auto declared = with_source_fields(
        Spec<Config>{"closed_loop", "A fixed number of users, each with one request at a time."}
            .required("users", &Config::users, "How many; each is a session of its own.")
            .at_least(1)
            .at_most(1'000'000)
            .optional("think_time", &Config::think_time,
                      "Pause from an answer to the next request, and before the first.")
            .assume("A user whose request fails thinks and goes on like any other."));
    return declared;
}

}  // namespace

extern const NodeKind closed_loop_kind;
const NodeKind closed_loop_kind = NodeKind::of<ClosedLoop>();

}  // namespace archsim::models

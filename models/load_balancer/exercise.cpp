// Runs each row of the exercise through its policy and writes down what it says.
#include "models/load_balancer/exercise.hpp"

#include "models/load_balancer/exercise_cases.hpp"
#include "models/load_balancer/fleet.hpp"
#include "models/load_balancer/trace.hpp"
#include "sim/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

namespace archsim::models {
namespace {

constexpr std::uint32_t s3 = 2;
const char* const labels[] = {"s1", "s2", "s3", "s4", "s5"};

/// Who asks: all that any policy may look at.
struct User {
    std::uint64_t session = 0;
    std::uint32_t address = 0;
    std::string text;  ///< What a hashing policy hashes.
};

constexpr std::uint32_t loopback(std::uint32_t third_octet) {
    return (127U << 24) | (third_octet << 8) | 1U;
}

/// The policy, the servers and the random stream of one row at one moment; copied where the story
/// branches, so that all branches continue from the same state with the same random numbers.
class Stage {
public:
    Stage(const ExerciseCase& row, sim::Rng rng) : row_{&row}, policy_{row.config}, rng_{rng} {
        for (std::uint32_t i = 0; i < 4; ++i) add_server(i);
    }

    void add_fifth_server() { add_server(4); }
    void lose_third_server() { fleet_.set_usable(s3, false); }
    void set_open(std::uint32_t index, std::uint32_t requests) {
        fleet_.set_in_flight(index, requests);
    }
    void forget() { policy_ = AnyBalancingPolicy{row_->config}; }
    void explain(Trace* trace) { trace_ = trace; }
    [[nodiscard]] bool hashes_text() const { return policy_.hashes_text(); }

    /// Decides one request; `stays` leaves it open.
    ExerciseAnswer decide(const User& user, bool stays) {
        Request request;
        request.session = user.session;
        request.address = user.address;
        const Candidates candidates = fleet_.candidates(sim::Instant::origin());
        ExerciseAnswer answer;
        answer.chances = policy_.chances(request, candidates);
        // With one server left to draw from nothing is drawn.
        if (std::ranges::find(answer.chances, 1.0) != answer.chances.end()) answer.chances.clear();
        const std::optional<std::uint32_t> chosen =
            policy_.hashes_text() ? policy_.pick_identity(user.text, candidates, trace_)
                                  : policy_.pick(request, candidates, rng_, trace_);
        ARCHSIM_CHECK(chosen.has_value(), "{} found no server in the exercise", policy_.name());
        answer.server = labels[*chosen];
        if (stays) fleet_.set_in_flight(*chosen, fleet_.at(*chosen).in_flight + 1);
        return answer;
    }

private:
    void add_server(std::uint32_t i) {
        fleet_.add(fmt::format("127.0.0.{}:9100", 11 + i), row_->weights[i]);
        fleet_.set_load(i, row_->loads[i]);
        fleet_.set_response_time(i, sim::Duration::milliseconds(row_->mean_times_ms[i]));
    }

    const ExerciseCase* row_;
    AnyBalancingPolicy policy_;
    Fleet fleet_;
    sim::Rng rng_;
    Trace* trace_ = nullptr;
};

/// u1 as somebody other than u2 whom the policy sends to s3 in the state `stage`.
User first_user_on_s3(const Stage& stage, const User& u2, bool by_address) {
    for (std::uint32_t k = 0; k < 1000; ++k) {
        const User user = {1, loopback(k + 1), fmt::format("u1-{}", k)};
        if (by_address && user.address == u2.address) continue;
        if (!by_address && !stage.hashes_text()) return user;
        Stage attempt = stage;
        if (attempt.decide(user, false).server == labels[s3]) return user;
    }
    ARCHSIM_CHECK(false, "nobody goes to s3");
    return {};
}

/// Brings a stage to the state before t1.
void prepare(Stage& stage, const ExerciseCase& row, const User& u1) {
    const bool stays = row.open == OpenRequests::all || row.open == OpenRequests::uneven;
    if (row.before == Before::rotation) {
        const User strangers[] = {{101, loopback(101), "a"}, {102, loopback(102), "b"}};
        for (const User& stranger : strangers) (void)stage.decide(stranger, stays);
        const ExerciseAnswer last = stage.decide(u1, stays);
        ARCHSIM_CHECK(last.server == labels[s3], "u1 starts on {}, not on s3", last.server);
    }
    if (row.open == OpenRequests::last_of_u1) stage.set_open(s3, 1);
    if (row.open == OpenRequests::uneven) {
        // Three more requests of others; then those on s3 end and 1, 1, 0, 2 are left.
        for (std::uint64_t other = 103; other < 106; ++other) {
            (void)stage.decide({other, 0, {}}, true);
        }
        stage.set_open(s3, 0);
    }
}

std::string in_words(const std::vector<double>& chances) {
    std::string text;
    for (std::size_t i = 0; i < chances.size(); ++i) {
        text += fmt::format("{}{}={:.1f}%", i == 0 ? "" : " ", labels[i], chances[i] * 100.0);
    }
    return text;
}

/// Decides a step and tells the trace what it was and how it came out.
ExerciseAnswer step(Stage& stage, Trace& trace, const User& user, bool stays,
                    std::pair<std::string_view, std::string_view> heading) {
    trace.say("{}:", "{}:", trace.language() == Language::english ? heading.first : heading.second);
    stage.explain(&trace);
    const ExerciseAnswer answer = stage.decide(user, stays);
    if (!answer.chances.empty()) {
        trace.say("probabilities: {}", "probabilidades: {}", in_words(answer.chances));
    }
    trace.say("-> {}", "-> {}", answer.server);
    return answer;
}

std::string who(const ExerciseCase& row, bool hashes_text, const User& u1, const User& u2) {
    if (hashes_text) return fmt::format("u1 = {}, u2 = {}", u1.text, u2.text);
    if (!std::holds_alternative<IpHash::Config>(row.config)) return {};
    return fmt::format("u1 = 127.0.{}.1, u2 = 127.0.{}.1", (u1.address >> 8) & 255U,
                       (u2.address >> 8) & 255U);
}

ExerciseRow solve(const ExerciseCase& row, Language language, std::uint64_t seed) {
    const AnyBalancingPolicy policy{row.config};
    Stage stage{row, sim::Rng::named(seed, "exercise/load_balancing", policy.name())};
    const bool by_address = std::holds_alternative<IpHash::Config>(row.config);
    const User u2 = {2, loopback(2), "u2"};
    const User u1 = first_user_on_s3(stage, u2, by_address);
    prepare(stage, row, u1);

    ExerciseRow result;
    result.algorithm = policy.name();
    result.variant = row.variant;
    result.identities = who(row, stage.hashes_text(), u1, u2);
    Trace trace{language, {std::begin(labels), std::end(labels)}};
    const bool stays = row.open == OpenRequests::all;
    result.t1 = step(stage, trace, u1, stays, {"t1, u1", "t1, u1"});
    result.t2 = step(stage, trace, u2, stays, {"t2, u2", "t2, u2"});

    Stage down = stage;
    Stage added = stage;
    result.t3 = step(stage, trace, u1, stays, {"t3, u1", "t3, u1"});
    if (row.restarted_on_change) {
        down.forget();
        added.forget();
    }
    down.lose_third_server();
    result.t3_down = step(down, trace, u1, stays, {"t3, u1, s3 down", "t3, u1, s3 indisponível"});
    added.add_fifth_server();
    result.t3_added = step(added, trace, u1, stays, {"t3, u1, s5 added", "t3, u1, s5 adicionado"});
    result.trace = trace.lines();
    return result;
}

}  // namespace

ExerciseSolution solve_load_balancing_exercise(Language language, std::uint64_t seed) {
    ExerciseSolution solution;
    solution.title = language == Language::english
                         ? "Load balancing: where do u1 and u2 go?"
                         : "Balanceamento de carga: para onde vão u1 e u2?";
    solution.questions = exercise_questions(language);
    solution.assumptions = exercise_assumptions(language, seed);
    for (const ExerciseCase& row : exercise_cases(language)) {
        solution.rows.push_back(solve(row, language, seed));
    }
    return solution;
}

}  // namespace archsim::models

// Predictions for stations, and from them for what users see.
#include "scenarios/theory.hpp"

#include "scenarios/estimates.hpp"
#include "scenarios/flow.hpp"
#include "scenarios/theory_availability.hpp"
#include "scenarios/theory_station.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace archsim::scenarios {

namespace {

using models::CallProfile;
using Mixture = std::vector<TimePart>;

/// A percentile as metrics write it.
struct Percentile {
    const char* name;
    double q;
};
constexpr Percentile percentiles[] = {{"p95", 0.95}, {"p99", 0.99}};

/// One time after another. Nothing unless one of the two is constant in each of its parts.
std::optional<Mixture> one_after_another(const Mixture& first, const Mixture& second) {
    constexpr std::size_t most_parts = 256;
    Mixture sum;
    for (const TimePart& a : first) {
        for (const TimePart& b : second) {
            if (!a.rest.empty() && !b.rest.empty()) return std::nullopt;
            sum.push_back({a.share * b.share, a.shift + b.shift, a.rest.empty() ? b.rest : a.rest});
        }
    }
    if (sum.size() > most_parts) return std::nullopt;
    return sum;
}

bool same_time(const TimePart& a, const TimePart& b) {
    return a.shift == b.shift &&
           std::ranges::equal(a.rest, b.rest, [](const TailTerm& x, const TailTerm& y) {
               return x.weight == y.weight && x.slope == y.slope && x.rate == y.rate;
           });
}

/// Adds `more`, taken with probability `share`, to a mixture.
void mix_in(Mixture& mixture, const Mixture& more, double share) {
    for (const TimePart& part : more) {
        const auto same = std::ranges::find_if(
            mixture, [&part](const TimePart& other) { return same_time(part, other); });
        if (same != mixture.end()) {
            same->share += share * part.share;
        } else {
            mixture.push_back({share * part.share, part.shift, part.rest});
        }
    }
}

/// How long answers take, put together from the stations and delays on the way.
class Answers {
public:
    /// Both arguments outlive the answers.
    Answers(const Flow& flow, const std::vector<std::optional<StationTheory>>& stations)
        : flow_{flow},
          stations_{stations},
          means_(flow.streams.size()),
          laws_(flow.streams.size()),
          formulas_(flow.streams.size()) {
        for (auto number = flow.order.rbegin(); number != flow.order.rend(); ++number) {
            const std::vector<std::size_t>& streams = flow.components[*number].streams;
            for (std::size_t place = 0; place < streams.size(); ++place) {
                means_[streams[place]] = find_mean(flow.streams[streams[place]], place);
                laws_[streams[place]] = find_law(flow.streams[streams[place]]);
                formulas_[streams[place]] = find_formulas(flow.streams[streams[place]]);
            }
        }
    }

    /// Mean time from a request of this stream to its answer.
    [[nodiscard]] std::optional<double> mean(std::size_t number) const { return means_[number]; }
    /// The law of that time.
    [[nodiscard]] const std::optional<Mixture>& law(std::size_t number) const {
        return laws_[number];
    }
    /// The formulas of all stations on the way.
    [[nodiscard]] const std::set<std::string>& formulas(std::size_t number) const {
        return formulas_[number];
    }

private:
    /// Whether requests need time at the station; where no request does, nobody waits either.
    [[nodiscard]] bool works(const Stream& stream) const {
        return stream.visits() && flow_.components[stream.component].load > 0.0;
    }

    [[nodiscard]] std::set<std::string> find_formulas(const Stream& stream) const {
        std::set<std::string> formulas;
        if (works(stream) && stations_[stream.component]) {
            formulas.insert(stations_[stream.component]->formula);
        }
        for (std::size_t c = 0; c < stream.callees.size(); ++c) {
            if (!stream.profile.calls[c].awaited) continue;
            const std::set<std::string>& more = formulas_[stream.callees[c]];
            formulas.insert(more.begin(), more.end());
        }
        return formulas;
    }

    [[nodiscard]] std::optional<double> find_mean(const Stream& stream, std::size_t place) const {
        if (!stream.profile.is_timed) return std::nullopt;
        double sum = 0.0;
        if (works(stream)) {
            const auto& station = stations_[stream.component];
            if (!station || station->sojourn_of.empty()) return std::nullopt;
            sum += station->sojourn_of[place];
        }
        for (std::size_t c = 0; c < stream.callees.size(); ++c) {
            const CallProfile& call = stream.profile.calls[c];
            if (!call.awaited) continue;
            const std::optional<double> answer = means_[stream.callees[c]];
            if (call.beside || !call.plain || call.limited || !answer) return std::nullopt;
            const auto& delay = stream.delays[c];
            sum += call.mean_calls * (*answer + (delay ? 2.0 * delay->mean_seconds() : 0.0));
        }
        return sum;
    }

    [[nodiscard]] std::optional<Mixture> find_law(const Stream& stream) const {
        if (!stream.profile.is_timed) return std::nullopt;
        std::optional<Mixture> sum = Mixture{TimePart{}};
        if (works(stream)) {
            const auto& station = stations_[stream.component];
            if (!station || station->sojourn_tail.empty()) return std::nullopt;
            sum = Mixture{TimePart{1.0, 0.0, station->sojourn_tail}};
        }
        Mixture alternatives;
        for (std::size_t c = 0; c < stream.callees.size() && sum; ++c) {
            const CallProfile& call = stream.profile.calls[c];
            if (!call.awaited) continue;
            const std::optional<Mixture> answer = call_law(stream, c);
            if (!answer) return std::nullopt;
            if (call.one_of) {
                mix_in(alternatives, *answer, call.mean_calls);
                continue;
            }
            Mixture perhaps;
            mix_in(perhaps, *answer, call.mean_calls);
            if (call.mean_calls < 1.0) mix_in(perhaps, {TimePart{}}, 1.0 - call.mean_calls);
            sum = one_after_another(*sum, perhaps);
        }
        if (sum && !alternatives.empty()) sum = one_after_another(*sum, alternatives);
        return sum;
    }

    /// From sending a call to its answer.
    [[nodiscard]] std::optional<Mixture> call_law(const Stream& stream, std::size_t number) const {
        const CallProfile& call = stream.profile.calls[number];
        const auto& delay = stream.delays[number];
        if (call.beside || !call.plain || !call.at_most_once || call.limited) return std::nullopt;
        if (delay && !delay->is_constant()) return std::nullopt;
        std::optional<Mixture> answer = laws_[stream.callees[number]];
        if (!answer || !delay) return answer;
        for (TimePart& part : *answer) part.shift += 2.0 * delay->mean_seconds();
        return answer;
    }

    const Flow& flow_;
    const std::vector<std::optional<StationTheory>>& stations_;
    // Of each stream:
    std::vector<std::optional<double>> means_;
    std::vector<std::optional<Mixture>> laws_;
    std::vector<std::set<std::string>> formulas_;
};

/// Collects predictions.
class Predictions {
public:
    Predictions(const Scenario& scenario, const World& world)
        : world_{world}, flow_{trace_flow(scenario, world)} {
        for (const ComponentFlow& component : flow_.components) {
            stations_.push_back(station_theory(flow_, component));
        }
    }

    std::vector<Prediction> all() {
        for (std::size_t i = 0; i < stations_.size(); ++i) {
            const std::string& name = flow_.components[i].component->name();
            if (stations_[i]) add_station(name, *stations_[i]);
        }
        const Answers answers{flow_, stations_};
        for (const ComponentFlow& component : flow_.components) {
            if (component.is_source) add_source(component, answers);
            if (component.cache) add_cache(component, answers);
        }
        std::ranges::sort(found_, {}, &Prediction::metric);
        return std::move(found_);
    }

private:
    void add(const std::string& metric, std::optional<double> value, const std::string& formula) {
        if (value) found_.push_back({metric, *value, formula});
    }

    void add_station(const std::string& name, const StationTheory& station) {
        const std::string& formula = station.formula;
        add(name + "/utilisation", station.utilisation, formula);
        add(name + "/rejected", station.rejected, formula);
        add(name + "/waiting_time/mean", station.waiting, formula);
        add(name + "/sojourn_time/mean", station.sojourn, formula);
        add(name + "/queue_length/mean", station.queue_length, formula);
        add_percentiles(name + "/sojourn_time/", {TimePart{1.0, 0.0, station.sojourn_tail}},
                        formula);
        add_percentiles(name + "/waiting_time/", {TimePart{1.0, 0.0, station.waiting_tail}},
                        formula);
    }

    /// A mixture with a part that is only a shift has percentiles too, but one of nothing has none.
    void add_percentiles(const std::string& prefix, const Mixture& law,
                         const std::string& formula) {
        const bool is_time = std::ranges::any_of(
            law, [](const TimePart& part) { return part.shift > 0.0 || !part.rest.empty(); });
        if (!is_time) return;
        for (const Percentile& percentile : percentiles) {
            add(prefix + percentile.name, quantile(law, percentile.q), formula);
        }
    }

    /// Reads during a fetch are misses too, which a form that knows no fetches leaves out.
    void add_cache(const ComponentFlow& cache, const Answers& answers) {
        for (const std::size_t s : cache.streams) {
            const Stream& stream = flow_.streams[s];
            for (std::size_t c = 0; c < stream.callees.size() && cache.cache->at_once; ++c) {
                if (stream.delays[c] || answers.mean(stream.callees[c]) != 0.0) return;
            }
        }
        add(cache.component->name() + "/hit_ratio", cache.cache->hit_ratio, cache.cache->formula);
    }

    void add_source(const ComponentFlow& source, const Answers& answers) {
        std::map<std::uint32_t, std::vector<std::size_t>> by_operation;
        for (const std::size_t s : source.streams) {
            if (!flow_.streams[s].exact || !flow_.streams[s].sure) return;
            by_operation[flow_.streams[s].operation].push_back(s);
        }
        const std::string& name = source.component->name();
        add(name + "/throughput", flow_.rate_at(source), "what comes in goes out");
        add_latency(name, source.streams, answers);
        if (by_operation.size() < 2) return;
        for (const auto& [operation, streams] : by_operation) {
            add_latency(name + "/" + world_.operations().name(operation), streams, answers);
        }
    }

    void add_latency(const std::string& prefix, const std::vector<std::size_t>& streams,
                     const Answers& answers) {
        double rate = 0.0;
        for (const std::size_t s : streams) rate += flow_.streams[s].per_second;
        if (rate <= 0.0) return;
        std::optional<double> mean = 0.0;
        std::optional<Mixture> law = Mixture{};
        std::set<std::string> formulas;
        for (const std::size_t s : streams) {
            const double share = flow_.streams[s].per_second / rate;
            if (share == 0.0) continue;
            const std::optional<double> own_mean = answers.mean(s);
            if (!own_mean) return;
            *mean += share * *own_mean;
            formulas.insert(answers.formulas(s).begin(), answers.formulas(s).end());
            const std::optional<Mixture>& own_law = answers.law(s);
            if (!own_law) law.reset();
            if (law) mix_in(*law, *own_law, share);
        }
        std::string formula;
        for (const std::string& one : formulas) formula += (formula.empty() ? "" : " + ") + one;
        if (formula.empty()) formula = "delays only";
        add(prefix + "/latency/mean", mean, formula);
        if (law) add_percentiles(prefix + "/latency/", *law, formula);
    }

    const World& world_;
    Flow flow_;
    std::vector<std::optional<StationTheory>> stations_;
    std::vector<Prediction> found_;
};

}  // namespace

std::vector<Prediction> predict(const Scenario& scenario, const World& world) {
    if (!scenario.faults.entries.empty()) {
        return predict_availability(trace_flow(scenario, world), world);
    }
    return Predictions{scenario, world}.all();
}

void add_theory(std::span<const Prediction> predictions, Result& result) {
    for (const Prediction& prediction : predictions) {
        const MetricResult* const metric = find_metric(result, prediction.metric);
        if (metric == nullptr) continue;
        result.theory.push_back(beside_theory(*metric, prediction.value, prediction.formula));
    }
}

}  // namespace archsim::scenarios

// Which closed form fits a station, and its numbers.
#include "scenarios/theory_station.hpp"

#include "models/theory/networks.hpp"
#include "models/theory/queueing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

namespace archsim::scenarios {

namespace {

namespace theory = models::theory;

/// Work of one stream at one instance.
struct Class {
    std::size_t place;  ///< In the component's list of streams.
    double rate;
    double mean;
    double scv;
    std::uint8_t priority;
};

/// Everything about the station of one instance that formulas ask for.
struct Facts {
    std::vector<Class> classes;
    double rate = 0.0;
    double instances = 1.0;
    int servers = 1;
    std::optional<int> queue;
    sim::Discipline discipline = sim::Discipline::fifo;
    ArrivalLaw law;
    bool exponential = true;  ///< All work is, with one mean.
    bool constant = true;     ///< All work takes the same time.
    theory::ServiceTime service{};
    theory::ScalabilityLaw scalability{};  ///< How busy servers slow each other down.

    [[nodiscard]] double load() const { return rate * service.mean; }
    [[nodiscard]] theory::Station station() const { return {rate, 1.0 / service.mean, servers}; }
    [[nodiscard]] bool slows() const {
        return scalability.contention > 0.0 || scalability.coherency > 0.0;
    }
    [[nodiscard]] bool shares() const { return discipline == sim::Discipline::processor_sharing; }
    [[nodiscard]] bool several_priorities() const {
        return discipline == sim::Discipline::priority &&
               std::ranges::any_of(classes, [this](const Class& one) {
                   return one.priority != classes.front().priority;
               });
    }
    /// Whether jobs leave the queue in the order in which they came.
    [[nodiscard]] bool in_order() const {
        return discipline == sim::Discipline::fifo ||
               (discipline == sim::Discipline::priority && !several_priorities());
    }
};

/// Mean and squared coefficient of variation of the work of several classes together.
theory::ServiceTime mixed(std::span<const Class> classes) {
    double rate = 0.0;
    double first = 0.0;
    double second = 0.0;
    for (const Class& one : classes) {
        rate += one.rate;
        first += one.rate * one.mean;
        second += one.rate * one.mean * one.mean * (1.0 + one.scv);
    }
    const double mean = first / rate;
    return {mean, std::max(0.0, second / rate / (mean * mean) - 1.0)};
}

/// Nothing if the work at the station is not known well enough for any formula.
std::optional<Facts> facts_of(const Flow& flow, const ComponentFlow& component) {
    constexpr std::uint64_t most_places = 1'000'000;  // the formulas for finite queues count them
    Facts facts;
    facts.instances = static_cast<double>(component.instances());
    facts.law = component.law;
    const models::StationProfile* first = nullptr;
    for (std::size_t i = 0; i < component.streams.size(); ++i) {
        const Stream& stream = flow.streams[component.streams[i]];
        if (!stream.visits() || stream.per_second <= 0.0) continue;
        const models::StationProfile& station = *stream.profile.station;
        if (!stream.exact || !station.work || station.sheds) return std::nullopt;
        if (station.most_instances > 0) return std::nullopt;
        if (station.queue && *station.queue > most_places) return std::nullopt;
        if (first == nullptr) first = &station;
        facts.classes.push_back({i, stream.per_second / facts.instances, station.mean_work,
                                 station.work->scv(), stream.priority});
        const bool same = station.mean_work == facts.classes.front().mean;
        facts.exponential = facts.exponential && station.work->is_exponential() && same;
        facts.constant = facts.constant && station.work->is_constant() && same;
    }
    if (first == nullptr || !component.balanced) return std::nullopt;
    facts.service = mixed(facts.classes);
    if (!(facts.service.mean > 0.0) || !std::isfinite(facts.service.mean)) return std::nullopt;
    for (const Class& one : facts.classes) facts.rate += one.rate;
    facts.servers = static_cast<int>(first->servers);
    if (first->queue) facts.queue = static_cast<int>(*first->queue);
    facts.discipline = first->discipline;
    facts.scalability = {first->contention, first->coherency};
    return facts;
}

/// Sets mean sojourns and the queue length from the mean wait before the work.
void set_waiting(const Facts& facts, double waiting, StationTheory& result, std::size_t streams) {
    result.waiting = waiting;
    result.sojourn = waiting + facts.service.mean;
    result.queue_length = facts.instances * facts.rate * waiting;
    result.sojourn_of.assign(streams, 0.0);
    for (const Class& one : facts.classes) result.sojourn_of[one.place] = waiting + one.mean;
}

/// The time in M/M/c is that of its work and, with probability `waits`, a wait at rate `drain`.
std::vector<TailTerm> wait_and_work(double waits, double drain, double rate) {
    constexpr double alike = 1e-7;
    if (std::abs(drain - rate) < alike * rate) return {{1.0, waits * rate, rate}};
    const double part = waits / (drain - rate);
    return {{1.0 - waits + part * drain, 0.0, rate}, {-part * rate, 0.0, drain}};
}

StationTheory markov(const Facts& facts, std::size_t streams) {
    const theory::Station station = facts.station();
    StationTheory result;
    result.formula = facts.servers == 1 ? "M/M/1" : "M/M/c, Erlang C";
    set_waiting(facts, theory::mean_waiting(station), result, streams);
    if (facts.in_order()) {
        const double waits = theory::erlang_c(station);
        const double drain = facts.servers * station.service_rate - facts.rate;
        result.waiting_tail = {{waits, 0.0, drain}};
        result.sojourn_tail = facts.servers == 1
                                  ? std::vector<TailTerm>{{1.0, 0.0, drain}}
                                  : wait_and_work(waits, drain, station.service_rate);
    } else if (facts.several_priorities()) {
        result.sojourn_of.clear();
    }
    return result;
}

StationTheory in_turn(const Facts& facts, std::size_t streams) {
    const auto arrivals = theory::erlang_arrivals(facts.rate, static_cast<int>(facts.law.stages));
    const double rate = 1.0 / facts.service.mean;
    const double waits = theory::gim1_sigma(arrivals, rate);
    const double drain = rate * (1.0 - waits);
    StationTheory result;
    result.formula = fmt::format("E{}/M/1, one in turn", facts.law.stages);
    set_waiting(facts, waits / drain, result, streams);
    if (facts.in_order()) {
        result.waiting_tail = {{waits, 0.0, drain}};
        result.sojourn_tail = {{1.0, 0.0, drain}};
    }
    return result;
}

std::optional<StationTheory> general(const Facts& facts, std::size_t streams) {
    if (!std::isfinite(facts.service.scv)) return std::nullopt;
    StationTheory result;
    result.formula = facts.constant ? "M/D/1" : "M/G/1, Pollaczek-Khinchine";
    set_waiting(facts, theory::mg1_mean_waiting(facts.rate, facts.service), result, streams);
    return result;
}

std::optional<StationTheory> prioritised(const Facts& facts, std::size_t streams) {
    if (!std::isfinite(facts.service.scv)) return std::nullopt;
    std::map<std::uint8_t, std::vector<Class>, std::greater<>> by_priority;  // most urgent first
    for (const Class& one : facts.classes) by_priority[one.priority].push_back(one);
    std::vector<theory::PriorityClass> classes;
    for (const auto& [priority, members] : by_priority) {
        double rate = 0.0;
        for (const Class& one : members) rate += one.rate;
        classes.push_back({rate, mixed(members)});
    }
    const std::vector<double> waits = theory::priority_waiting(classes);
    double mean = 0.0;
    for (std::size_t i = 0; i < waits.size(); ++i) {
        mean += classes[i].arrival_rate / facts.rate * waits[i];
    }
    StationTheory result;
    result.formula = "M/G/1 with priorities, Cobham";
    set_waiting(facts, mean, result, streams);
    std::size_t rank = 0;
    for (const auto& [priority, members] : by_priority) {
        for (const Class& one : members) result.sojourn_of[one.place] = waits[rank] + one.mean;
        ++rank;
    }
    return result;
}

/// The number present is that of M/M/c, whatever the law of the work; each stays in proportion to
/// its work (Kelly 1979, "Reversibility and Stochastic Networks", section 3.3).
StationTheory sharing(const Facts& facts, std::size_t streams) {
    const theory::Station station = facts.station();
    const double present = theory::mean_in_system(station);
    StationTheory result;
    result.formula = facts.servers == 1 ? "M/G/1, processor sharing" : "M/G/c, processor sharing";
    result.sojourn = present / facts.rate;
    result.sojourn_of.assign(streams, 0.0);
    for (const Class& one : facts.classes) {
        result.sojourn_of[one.place] = one.mean * present / facts.load();
    }
    return result;
}

StationTheory finite(const Facts& facts) {
    const theory::Station station = facts.station();
    const auto lossy = theory::finite_queue(station, facts.servers + *facts.queue);
    StationTheory result;
    result.formula = facts.servers == 1 ? "M/M/1/K" : "M/M/c/K";
    result.rejected = lossy.loss;
    result.utilisation = lossy.throughput * facts.service.mean / facts.servers;
    result.sojourn = lossy.mean_sojourn;
    if (facts.shares()) return result;
    result.waiting = lossy.mean_waiting;
    result.queue_length = facts.instances * lossy.mean_in_queue;
    return result;
}

/// Insensitive to the law of the work (Sevastyanov 1957).
StationTheory no_queue(const Facts& facts) {
    const double loss = theory::erlang_b(facts.station());
    StationTheory result;
    result.formula = "M/G/c/c, Erlang B";
    result.rejected = loss;
    result.utilisation = facts.load() * (1.0 - loss) / facts.servers;
    result.sojourn = facts.service.mean;
    return result;
}

/// The number present has the law of a birth-death process in any order, also shared, that does not
/// look at the work.
StationTheory contended(const Facts& facts, std::size_t streams) {
    const auto queue = theory::contended_queue(facts.station(), facts.scalability);
    StationTheory result;
    result.formula = "M/M/c with universal scalability law";
    result.utilisation = queue.busy / facts.servers;
    result.sojourn = queue.in_system / facts.rate;
    if (!facts.several_priorities()) result.sojourn_of.assign(streams, *result.sojourn);
    if (facts.shares()) return result;
    result.waiting = queue.in_queue / facts.rate;
    result.queue_length = facts.instances * queue.in_queue;
    return result;
}

std::optional<StationTheory> choose(const Facts& facts, std::size_t streams, bool stable) {
    const bool poisson = facts.law.is_poisson();
    if (facts.slows()) {
        const bool fits = poisson && facts.exponential && !facts.queue && stable;
        return fits ? std::optional{contended(facts, streams)} : std::nullopt;
    }
    if (facts.queue) {
        if (!poisson) return std::nullopt;
        if (*facts.queue == 0) return no_queue(facts);
        return facts.exponential ? std::optional{finite(facts)} : std::nullopt;
    }
    if (!stable) return std::nullopt;
    if (facts.law.kind == ArrivalLaw::Kind::in_turn) {
        const bool fits = facts.exponential && facts.servers == 1 && !facts.shares() &&
                          !facts.several_priorities();
        return fits ? std::optional{in_turn(facts, streams)} : std::nullopt;
    }
    if (!poisson) return std::nullopt;
    if (facts.shares()) return sharing(facts, streams);
    if (facts.several_priorities() && facts.servers == 1) return prioritised(facts, streams);
    if (facts.exponential) return markov(facts, streams);
    return facts.servers == 1 ? general(facts, streams) : std::nullopt;
}

/// The share of time in use needs no law, only a station that keeps up with exact rates.
std::optional<double> mean_utilisation(const Flow& flow, const ComponentFlow& component) {
    if (!component.is_stable() || !component.balanced || component.load <= 0.0) return std::nullopt;
    for (const std::size_t s : component.streams) {
        const Stream& stream = flow.streams[s];
        if (!stream.profile.is_all_work) return std::nullopt;
        if (!stream.visits()) continue;
        const models::StationProfile& station = *stream.profile.station;
        if (!stream.exact || station.queue || station.sheds) return std::nullopt;
        const bool slows = station.contention > 0.0 || station.coherency > 0.0;
        if (slows || station.most_instances > 0) return std::nullopt;
    }
    return component.load / component.capacity;
}

}  // namespace

double quantile(std::span<const TimePart> parts, double q) {
    const auto tail = [parts](double t) {
        double sum = 0.0;
        for (const TimePart& part : parts) {
            const double rest = t - part.shift;
            if (rest < 0.0) {
                sum += part.share;
                continue;
            }
            for (const TailTerm& term : part.rest) {
                sum += part.share * (term.weight + term.slope * rest) * std::exp(-term.rate * rest);
            }
        }
        return sum;
    };
    if (tail(0.0) <= 1.0 - q) return 0.0;
    double high = 1e-9;
    while (tail(high) > 1.0 - q) high *= 2.0;
    double low = 0.0;
    for (int i = 0; i < 100 && low < high; ++i) {
        const double middle = 0.5 * (low + high);
        (tail(middle) > 1.0 - q ? low : high) = middle;
    }
    return high;
}

std::optional<StationTheory> station_theory(const Flow& flow, const ComponentFlow& component) {
    if (!component.has_station()) return std::nullopt;
    std::optional<StationTheory> result;
    if (const std::optional<Facts> facts = facts_of(flow, component)) {
        result = choose(*facts, component.streams.size(), component.is_stable());
    }
    const std::optional<double> utilisation = mean_utilisation(flow, component);
    if (!utilisation) return result;
    if (!result) result = StationTheory{.formula = "utilisation law"};
    result->utilisation = utilisation;
    return result;
}

}  // namespace archsim::scenarios

// Holds every closed form against numbers computed independently of this program: the entries of
// truth.json, each with its own tolerance. An entry is met by model and metric.
#include "models/theory/caching.hpp"
#include "models/theory/networks.hpp"
#include "models/theory/queueing.hpp"
#include "models/theory/reliability.hpp"
#include "tests/support/checkout.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

using namespace archsim::models::theory;
using archsim::sim::Duration;

namespace {

using Json = nlohmann::json;
using Formula = std::function<double(const Json&)>;
using Formulas = std::map<std::string, Formula>;

Station station_of(const Json& params) {
    return {params.value("lambda", 0.0), params.value("mu", 1.0), params.value("c", 1)};
}

std::vector<PriorityClass> two_classes(const Json& params) {
    const double mean = 1.0 / params["mu"].get<double>();
    return {{params["l1"], {mean, 1.0}}, {params["l2"], {mean, 1.0}}};
}

LossyStation finite_of(const Json& params) {
    return finite_queue(station_of(params), params["K"].get<int>());
}

LossyStation abandoning_of(const Json& params) {
    return abandoning_queue(station_of(params), params["theta"].get<double>());
}

ClosedNetwork closed_of(const Json& params) {
    const std::vector<double> demands = {1.0, 0.5};
    return mean_value_analysis(demands, 5.0, params["N"].get<int>());
}

/// The tandem of the entry: all arrivals pass each of the service rates.
double tandem(const Json& params) {
    std::vector<Station> stations;
    for (const double mu : params["mu"]) stations.push_back({params["lambda"], mu, 1});
    return tandem_sojourn(stations);
}

double feedback(const Json& params) {
    const double external = params["lambda"];
    const std::vector<double> outside = {external};
    const auto rates = jackson_rates(outside, {{params["p"].get<double>()}});
    const std::vector<Station> stations = {{rates[0], params["mu"], 1}};
    return jackson_sojourn(stations, external);
}

double split_and_join(const Json&) {
    const std::vector<double> outside = {0.6, 0.4, 0.0};
    const auto rates = jackson_rates(outside, {{0, 0, 1}, {0, 0, 1}, {0, 0, 0}});
    const std::vector<Station> stations = {
        {rates[0], 0.8, 1}, {rates[1], 0.7, 1}, {rates[2], 1.5, 1}};
    return jackson_sojourn(stations, 1.0);
}

const std::vector<double> four_keys = {0.4, 0.3, 0.2, 0.1};

void add_single_stations(Formulas& table) {
    table["M/M/1|W"] = [](const Json& p) { return mean_sojourn(station_of(p)); };
    table["M/M/1|Wq"] = [](const Json& p) { return mean_waiting(station_of(p)); };
    table["M/M/1|L"] = [](const Json& p) { return mean_in_system(station_of(p)); };
    table["M/M/1|quantile of W"] = [](const Json& p) {
        return sojourn_quantile(station_of(p), p["q"]);
    };
    table["M/M/1|P(N=3)"] = [](const Json& p) {
        return mm1_probability_of(station_of(p), p["n"].get<int>());
    };
    table["M/M/c|P(wait)"] = [](const Json& p) { return erlang_c(station_of(p)); };
    table["M/M/c|W"] = table["M/M/1|W"];
    table["M/M/c|Wq"] = table["M/M/1|Wq"];
    table["M/M/c|quantile of Wq"] = [](const Json& p) {
        return waiting_quantile(station_of(p), p["q"]);
    };
    table["M/M/c/c|P(block)"] = [](const Json& p) { return erlang_b(station_of(p)); };
    table["M/M/c/K|P(loss)"] = [](const Json& p) { return finite_of(p).loss; };
    table["M/M/c/K|W of accepted"] = [](const Json& p) { return finite_of(p).mean_sojourn; };
    table["M/M/1+M (Erlang-A, exp patience while waiting)|P(abandon)"] = [](const Json& p) {
        return abandoning_of(p).loss;
    };
    table["M/M/1+M|Wq (all customers)"] = [](const Json& p) {
        return abandoning_of(p).mean_waiting;
    };
}

void add_general_stations(Formulas& table) {
    table["M/D/1|Wq"] = [](const Json& p) { return mg1_mean_waiting(p["lambda"], {p["S"], 0.0}); };
    table["M/D/1|W"] = [](const Json& p) {
        return mg1_mean_waiting(p["lambda"], {p["S"], 0.0}) + p["S"].get<double>();
    };
    table["M/G/1|Wq"] = [](const Json& p) {
        if (p.contains("cv2")) return mg1_mean_waiting(p["lambda"], {p["mean_S"], p["cv2"]});
        // S = 0.5 with probability 0.9, else 5.5: mean 1, second moment 3.25.
        return mg1_mean_waiting(p["lambda"], {1.0, 2.25});
    };
    table["M/G/1-PS|W"] = [](const Json& p) { return ps_mean_sojourn(p["lambda"], p["mean_S"]); };
    table["M/G/1-PS|E[T | size x]"] = [](const Json& p) {
        return ps_mean_sojourn_of(p["x"], p["lambda"], p["mean_S"]);
    };
    table["M/M/1 non-preemptive priority|Wq class 1"] = [](const Json& p) {
        return priority_waiting(two_classes(p))[0];
    };
    table["M/M/1 preemptive-resume|W class 1"] = [](const Json& p) {
        return preemptive_sojourn(two_classes(p))[0];
    };
    table["M/M/1 preemptive-resume|W class 2"] = [](const Json& p) {
        return preemptive_sojourn(two_classes(p))[1];
    };
    table["E_k/M/1 (round robin of Poisson over k servers)|W"] = [](const Json& p) {
        return gim1_mean_sojourn(erlang_arrivals(p["rho"], p["k"].get<int>()), p["mu"]);
    };
    table["D/M/1|W"] = [](const Json& p) {
        return gim1_mean_sojourn(constant_arrivals(p["rho"]), p["mu"]);
    };
}

void add_networks(Formulas& table) {
    table["tandem M/M/1 -> M/M/1|W total"] = tandem;
    table["M/M/1 with feedback p=.25|W total"] = feedback;
    table["lambda=1 split .6/.4 to mu=.8,.7 then node mu=1.5|W total"] = split_and_join;
    table["closed network, Z=5, D=[1,0.5]|response"] = [](const Json& p) {
        return closed_of(p).response;
    };
    table["closed network, Z=5, D=[1,0.5]|throughput"] = [](const Json& p) {
        return closed_of(p).throughput;
    };
    table["supermarket SQ(d), n->inf|W"] = [](const Json& p) {
        return power_of_choices_sojourn(station_of(p), p["d"].get<int>());
    };
    table["fork-join, 2 M/M/1 stations|W"] = [](const Json& p) {
        return fork_join_sojourn(station_of(p), 2);
    };
    table["fork-join, K M/M/1 stations|W"] = [](const Json& p) {
        return fork_join_sojourn(station_of(p), p["K"].get<int>());
    };
    table["USL|N at peak"] = [](const Json& p) { return best_size({p["sigma"], p["kappa"]}); };
    table["USL|C(N)"] = [](const Json& p) {
        return relative_capacity({p["sigma"], p["kappa"]}, p["N"]);
    };
}

void add_tails_and_retries(Formulas& table) {
    table["k-th of n iid exp(1)|mean"] = [](const Json& p) {
        return order_statistic_mean(p["k"].get<int>(), p["n"].get<int>());
    };
    table["fan-out 100, leaf P(slow)=1%|P(slow)"] = [](const Json&) {
        return fan_out_slow(0.01, 100);
    };
    table["exp(1) service, no queueing, hedge after the q-quantile|mean"] = [](const Json& p) {
        return hedged_mean(p["q"]);
    };
    table["as above|p99"] = [](const Json& p) { return hedged_quantile(p["q"], 0.99); };
    table["independent failure p, r retries|P(call fails)"] = [](const Json& p) {
        return call_failure(p["p"], p["r"].get<int>());
    };
    table["independent failure p, r retries|attempts per call"] = [](const Json& p) {
        return mean_attempts(p["p"], p["r"].get<int>());
    };
    table["3 layers, 3 retries each (4 attempts), all failing|backend attempts per user call"] =
        [](const Json&) { return retry_amplification(3, 4); };
    table["mu=1, r=3 retries on time-out|lambda below which overload cannot sustain itself"] =
        [](const Json& p) { return self_sustaining_rate(p["mu"], p["r"].get<int>()); };
}

void add_availability(Formulas& table) {
    table["MTBF 1000 h, MTTR 1 h|A"] = [](const Json&) {
        return availability(Duration::hours(1000), Duration::hours(1));
    };
    table["2 in parallel, 99.9 % each|A"] = [](const Json&) {
        return parallel_availability(std::vector<double>{0.999, 0.999});
    };
    table["5 in series, 99.9 %|A"] = [](const Json&) {
        return series_availability(std::vector<double>(5, 0.999));
    };
    table["k-of-n|A"] = [](const Json& p) {
        return k_of_n_availability(p["k"].get<int>(), p["n"].get<int>(), p["A"]);
    };
    for (const char* nines : {"2", "4", "5"})
        table[std::string{nines} + " nines|down seconds per 365-day year"] = [](const Json& p) {
            return down_time_per_year(p["A"]).in_seconds();
        };
    table["1-of-2, no repair|MTTF h"] = [](const Json& p) {
        return time_to_failure(1, 2, p["lambda"]);
    };
    table["2-of-3, no repair|MTTF h"] = [](const Json& p) {
        return time_to_failure(2, 3, p["lambda"]);
    };
    table["1-of-2, independent repair|A"] = [](const Json& p) {
        return repairable_availability({1, 2, p["lambda"], p["mu"], 2});
    };
}

void add_caches_and_placement(Formulas& table) {
    table["LRU, IRM Zipf, N=10000|miss ratio"] = [](const Json& p) {
        return 1.0 - lru_estimate(zipf_popularity(10000, p["alpha"]), p["C"].get<int>()).hit_ratio;
    };
    table["FIFO = RANDOM, IRM Zipf, N=10000|miss ratio"] = [](const Json& p) {
        return 1.0 - fifo_estimate(zipf_popularity(10000, p["alpha"]), p["C"].get<int>()).hit_ratio;
    };
    table["TTL cache, timer not reset, Poisson rate*T|hit ratio"] = [](const Json& p) {
        return ttl_hit_ratio(p["lambda*T"]);
    };
    table["TTL cache, timer reset on hit|hit ratio"] = [](const Json& p) {
        return sliding_ttl_hit_ratio(p["lambda*T"]);
    };
    table["LRU, IRM p=(.4,.3,.2,.1)|miss ratio"] = [](const Json& p) {
        return 1.0 - lru_exact(four_keys, p["C"].get<int>());
    };
    table["FIFO = RANDOM, IRM p=(.4,.3,.2,.1)|miss ratio"] = [](const Json& p) {
        return 1.0 - fifo_exact(four_keys, p["C"].get<int>());
    };
    table["any demand policy, uniform IRM|miss ratio"] = [](const Json& p) {
        const std::vector<double> equal = zipf_popularity(p["N"].get<int>(), 0.0);
        return 1.0 - lru_estimate(equal, p["C"].get<int>()).hit_ratio;
    };
    table["random ring, n servers, V points each|cv of share"] = [](const Json& p) {
        return ring_share_cv(p["n"].get<int>(), p["V"].get<int>());
    };
    table["add 1 to n (ring expected value, HRW, jump, anchor)|moved"] = [](const Json& p) {
        return moved_by_joining(p["n"].get<int>());
    };
    table["remove 1 of n|moved"] = [](const Json& p) {
        return moved_by_leaving(p["n"].get<int>());
    };
    table["jump hash, n=100|expected loop iterations"] = [](const Json&) { return harmonic(100); };
}

Formulas all_formulas() {
    Formulas table;
    add_single_stations(table);
    add_general_stations(table);
    add_networks(table);
    add_tails_and_retries(table);
    add_availability(table);
    add_caches_and_placement(table);
    return table;
}

/// The only entries without a closed form here: the slow start weight belongs to the balancer.
const std::set<std::string> elsewhere = {
    "Envoy slow start, window 60 s, aggression 1|weight factor"};

}  // namespace

TEST_SUITE("theory: truth") {
    TEST_CASE("every closed form agrees with independently computed values") {
        std::ifstream file{archsim::tests::checkout() + "/tests/theory/truth.json"};
        REQUIRE(file.good());
        const Json entries = Json::parse(file);
        const Formulas formulas = all_formulas();
        int covered = 0;
        std::set<std::string> used;
        for (const auto& entry : entries) {
            const std::string key =
                entry["model"].get<std::string>() + "|" + entry["metric"].get<std::string>();
            CAPTURE(entry["id"].get<std::string>());
            if (elsewhere.contains(key)) continue;
            REQUIRE(formulas.contains(key));
            const double expected = entry["value"];
            const double tolerance = entry["tol"].get<double>() * std::abs(expected) + 1e-15;
            const double computed = formulas.at(key)(entry["params"]);
            CAPTURE(computed);
            CHECK(std::abs(computed - expected) <= tolerance);
            used.insert(key);
            ++covered;
        }
        CHECK(entries.size() == 178);
        CHECK(covered == 175);
        CHECK(used.size() == formulas.size());
    }
}

// The three loops of bare_loops.hpp. They are meant to be fast and plain, not general.
#include "tests/bench/bare_loops.hpp"

#include "sim/rng.hpp"

#include <boost/random/exponential_distribution.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <functional>
#include <limits>
#include <queue>
#include <vector>

namespace archsim::bench {

namespace {

using Draw = boost::random::exponential_distribution<double>;

/// A first-in first-out line in a ring that doubles when it is full.
template <class T>
class Ring {
public:
    [[nodiscard]] bool empty() const { return first_ == last_; }
    void push(T value) {
        if (last_ - first_ == places_.size()) grow();
        places_[last_++ & (places_.size() - 1)] = value;
    }
    T pop() { return places_[first_++ & (places_.size() - 1)]; }

private:
    void grow() {
        std::vector<T> larger(places_.size() * 2);
        for (std::size_t i = first_; i < last_; ++i) {
            larger[i & (larger.size() - 1)] = places_[i & (places_.size() - 1)];
        }
        places_.swap(larger);
    }
    std::vector<T> places_ = std::vector<T>(64);
    std::size_t first_ = 0;
    std::size_t last_ = 0;
};

/// Sums up sojourn times.
class Tally {
public:
    void add(double sojourn) {
        sum_ += sojourn;
        ++count_;
    }
    [[nodiscard]] std::uint64_t count() const { return count_; }
    [[nodiscard]] Workload result(std::uint64_t events) const {
        return {.requests = count_,
                .events = events,
                .mean_sojourn = sum_ / static_cast<double>(count_),
                .standard_error = 0.0,
                .checksum = std::bit_cast<std::uint64_t>(sum_)};
    }

private:
    double sum_ = 0.0;
    std::uint64_t count_ = 0;
};

/// A pending event of the two servers: server 2 stands for the next arrival.
struct ServerEvent {
    double time = 0.0;
    std::uint32_t server = 0;
    [[nodiscard]] bool operator>(const ServerEvent& other) const { return time > other.time; }
};

/// A pending event of the path.
struct PathEvent {
    enum class What : std::uint16_t { arrival, reached, served, returned };
    double time = 0.0;
    std::uint32_t request = 0;
    std::uint16_t hop = 0;
    What what = What::arrival;
    [[nodiscard]] bool operator>(const PathEvent& other) const { return time > other.time; }
};

/// One hop of the path.
struct Hop {
    Ring<std::uint32_t> line;
    std::uint32_t busy = 0;
};

/// The path in motion.
class Path {
public:
    Path(const PathShape& shape, std::uint64_t seed)
        : shape_{shape},
          arrivals_{seed},
          services_{seed + 1},
          delays_{seed + 2},
          hops_(shape.hops) {
        schedule(0, 0, PathEvent::What::arrival, Draw{}(arrivals_) / shape.arrival_rate);
    }

    Workload run(std::uint64_t requests) {
        while (tally_.count() < requests) {
            const PathEvent event = pending_.top();
            pending_.pop();
            now_ = event.time;
            ++events_;
            switch (event.what) {
                case PathEvent::What::arrival:
                    arrive();
                    break;
                case PathEvent::What::reached:
                    enter(event);
                    break;
                case PathEvent::What::served:
                    leave(event);
                    break;
                case PathEvent::What::returned:
                    answer(event);
                    break;
            }
        }
        return tally_.result(events_);
    }

private:
    void schedule(std::uint32_t request, std::uint16_t hop, PathEvent::What what, double in) {
        pending_.push({now_ + in, request, hop, what});
    }
    [[nodiscard]] double delay() { return shape_.mean_delay * Draw{}(delays_); }
    void arrive() {
        std::uint32_t request = 0;
        if (free_.empty()) {
            request = static_cast<std::uint32_t>(started_.size());
            started_.push_back(now_);
        } else {
            request = free_.back();
            free_.pop_back();
            started_[request] = now_;
        }
        schedule(request, 0, PathEvent::What::reached, delay());
        schedule(0, 0, PathEvent::What::arrival, Draw{}(arrivals_) / shape_.arrival_rate);
    }
    void serve(std::uint32_t request, std::uint16_t hop) {
        schedule(request, hop, PathEvent::What::served, shape_.mean_service * Draw{}(services_));
    }
    void enter(const PathEvent& event) {
        Hop& hop = hops_[event.hop];
        if (hop.busy == shape_.servers) {
            hop.line.push(event.request);
            return;
        }
        ++hop.busy;
        serve(event.request, event.hop);
    }
    void leave(const PathEvent& event) {
        Hop& hop = hops_[event.hop];
        if (hop.line.empty()) {
            --hop.busy;
        } else {
            serve(hop.line.pop(), event.hop);
        }
        const auto next = static_cast<std::uint16_t>(event.hop + 1);
        if (next < shape_.hops) {
            schedule(event.request, next, PathEvent::What::reached, delay());
        } else {
            schedule(event.request, event.hop, PathEvent::What::returned, delay());
        }
    }
    void answer(const PathEvent& event) {
        if (event.hop > 0) {
            const auto previous = static_cast<std::uint16_t>(event.hop - 1);
            schedule(event.request, previous, PathEvent::What::returned, delay());
            return;
        }
        tally_.add(now_ - started_[event.request]);
        free_.push_back(event.request);
    }

    PathShape shape_;
    sim::Rng arrivals_;
    sim::Rng services_;
    sim::Rng delays_;
    std::vector<Hop> hops_;
    std::priority_queue<PathEvent, std::vector<PathEvent>, std::greater<>> pending_;
    std::vector<double> started_;
    std::vector<std::uint32_t> free_;
    Tally tally_;
    double now_ = 0.0;
    std::uint64_t events_ = 0;
};

}  // namespace

Workload bare_single_queue(double arrival_rate, double mean_service, std::uint64_t customers,
                           std::uint64_t seed) {
    constexpr double never = std::numeric_limits<double>::infinity();
    sim::Rng gaps{seed};
    sim::Rng services{seed + 1};
    Ring<double> present;  // arrival times, the first of them in service
    Tally tally;
    std::uint64_t arrived = 0;
    std::uint64_t in_system = 0;
    double arrival = Draw{}(gaps) / arrival_rate;
    double departure = never;
    double oldest = 0.0;
    while (tally.count() < customers) {
        if (arrival < departure) {
            if (in_system++ == 0) {
                oldest = arrival;
                departure = arrival + mean_service * Draw{}(services);
            } else {
                present.push(arrival);
            }
            arrival = ++arrived < customers ? arrival + Draw{}(gaps) / arrival_rate : never;
        } else {
            tally.add(departure - oldest);
            if (--in_system == 0) {
                departure = never;
            } else {
                oldest = present.pop();
                departure += mean_service * Draw{}(services);
            }
        }
    }
    return tally.result(2 * customers);
}

Workload bare_two_servers(double arrival_rate, double mean_service, std::uint64_t customers,
                          std::uint64_t seed) {
    constexpr std::uint32_t arrivals = 2;
    sim::Rng gaps{seed};
    sim::Rng services{seed + 1};
    std::vector<ServerEvent> heap{{Draw{}(gaps) / arrival_rate, arrivals}};
    Ring<double> lines[2];
    double in_service[2] = {-1.0, -1.0};  // when the customer in service arrived, or -1
    std::uint32_t turn = 0;
    std::uint64_t events = 0;
    Tally tally;
    const auto push = [&heap](ServerEvent event) {
        heap.push_back(event);
        std::push_heap(heap.begin(), heap.end(), std::greater<>{});
    };
    while (tally.count() < customers) {
        std::pop_heap(heap.begin(), heap.end(), std::greater<>{});
        const ServerEvent event = heap.back();
        heap.pop_back();
        ++events;
        if (event.server == arrivals) {
            const std::uint32_t server = turn;
            turn ^= 1;
            if (in_service[server] < 0.0) {
                in_service[server] = event.time;
                push({event.time + mean_service * Draw{}(services), server});
            } else {
                lines[server].push(event.time);
            }
            push({event.time + Draw{}(gaps) / arrival_rate, arrivals});
            continue;
        }
        tally.add(event.time - in_service[event.server]);
        in_service[event.server] = -1.0;
        if (!lines[event.server].empty()) {
            in_service[event.server] = lines[event.server].pop();
            push({event.time + mean_service * Draw{}(services), event.server});
        }
    }
    return tally.result(events);
}

Workload bare_path(const PathShape& shape, std::uint64_t requests, std::uint64_t seed) {
    return Path{shape, seed}.run(requests);
}

}  // namespace archsim::bench

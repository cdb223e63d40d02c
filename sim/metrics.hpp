// What is measured in a run. Models hold probes (Counter, Timing, Level) and add to them; which
// numbers are made of them, over which stretch of time, is decided here and nowhere else.
#pragma once

#include "sim/histogram.hpp"
#include "sim/time_weighted.hpp"
#include "sim/units.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace archsim::sim {

/// Over which stretch a number is asked for: the current window, or all of the measured time.
enum class Span : std::uint8_t { window, measured };

/// Counts events.
class Counter {
public:
    void add(std::uint64_t n = 1) { window_ += n; }
    [[nodiscard]] std::uint64_t count(Span span) const {
        return span == Span::window ? window_ : closed_ + window_;
    }
    /// Since the start of the run, warm-up included.
    [[nodiscard]] std::uint64_t ever() const { return before_ + closed_ + window_; }

private:
    friend class Metrics;
    void close() {
        closed_ += window_;
        window_ = 0;
    }
    void forget() {
        before_ = ever();
        closed_ = window_ = 0;
    }
    std::uint64_t window_ = 0;
    std::uint64_t closed_ = 0;
    std::uint64_t before_ = 0;
};

/// Records durations in a histogram.
class Timing {
public:
    void record(Duration d) { window_.record(d); }
    /// The histogram of a span; `measured` covers closed windows only.
    [[nodiscard]] const Histogram& histogram(Span span) const {
        return span == Span::window ? window_ : closed_;
    }

private:
    friend class Metrics;
    void close() {
        closed_.merge(window_);
        window_.clear();
    }
    void forget() {
        closed_.clear();
        window_.clear();
    }
    Histogram window_;
    Histogram closed_;
};

/// A level as the metrics see it: its sums over the measured windows.
class LevelProbe {
public:
    explicit LevelProbe(Level& level) : level_{level} {}
    /// Time average over the span; nothing if no time has passed.
    [[nodiscard]] std::optional<double> mean(Span span, Instant now) const;
    /// Level times time over the span, in level x seconds.
    [[nodiscard]] double integral_seconds(Span span, Instant now) const;
    [[nodiscard]] std::int64_t max(Span span, Instant now) const;

private:
    friend class Metrics;
    void close(Instant now);
    void forget(Instant now);
    Level& level_;
    __extension__ __int128 closed_integral_ = 0;
    Duration closed_length_;
    std::int64_t closed_max_ = 0;
};

/// What a derived number is computed from besides its probes.
struct Stretch {
    Span span = Span::window;
    Instant from;
    Instant now;
    [[nodiscard]] double seconds() const { return (now - from).in_seconds(); }
};

/// A named number of a run.
struct MetricValue {
    std::string name;
    std::string unit;             ///< "s", "1/s", "ratio", "count", "bytes/s" ...
    std::optional<double> value;  ///< Over the measured time; nothing if not measurable.
    std::vector<std::optional<double>> windows;  ///< The same over each window.
    std::string reason = {};  ///< Why there is no value, if that is known better than in general.
};

/// All probes of a run and the numbers derived from them. Probes live as long as the Metrics.
/// Names are paths such as "web/utilisation"; each may be given once.
class Metrics {
public:
    using Formula = std::function<std::optional<double>(const Stretch&)>;

    Metrics() = default;
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;

    /// A new counter or timing; it shows up in reports only through derive() and the like.
    [[nodiscard]] Counter& counter();
    [[nodiscard]] Timing& timing();
    /// Watches a level owned elsewhere; the level must outlive the Metrics' last use.
    [[nodiscard]] LevelProbe& watch(Level& level);

    /// Publishes `name` as a number computed by `formula`.
    void derive(std::string name, std::string unit, Formula formula);
    /// Publishes events per second, as `name`.
    void publish_rate(std::string name, const Counter& counter);
    /// Publishes a plain count.
    void publish_count(std::string name, const Counter& counter);
    /// Publishes part / whole, absent while the whole is 0.
    void publish_ratio(std::string name, const Counter& part, std::vector<const Counter*> whole);
    /// Publishes `name`/mean, p50, p90, p95, p99, p99.9 and max.
    void publish_timing(const std::string& name, const Timing& timing);
    /// Publishes `name`/mean and max.
    void publish_level(const std::string& name, const LevelProbe& level);

    [[nodiscard]] bool has(std::string_view name) const { return names_.contains(name); }
    /// Name and unit of everything published, in order of publication.
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> units() const;

    /// Forgets all that was measured (the end of the warm-up). O(probes).
    void forget(Instant now);
    /// Ends a window: evaluates every number over it and adds it to the measured time.
    void close_window(Instant now);
    /// The timings published so far under their names, in order of publication.
    [[nodiscard]] const std::vector<std::pair<std::string, const Timing*>>& timings_by_name()
        const {
        return timings_by_name_;
    }
    /// Every published number over all closed windows.
    [[nodiscard]] std::vector<MetricValue> collect();

private:
    struct Published {
        std::string name;
        std::string unit;
        Formula formula;
        std::vector<std::optional<double>> windows;
    };
    std::deque<Counter> counters_;
    std::deque<Timing> timings_;
    std::deque<LevelProbe> levels_;
    std::vector<Published> published_;
    std::vector<std::pair<std::string, const Timing*>> timings_by_name_;
    std::set<std::string, std::less<>> names_;
    Instant measured_from_;
    Instant window_from_;
    Instant now_;
};

}  // namespace archsim::sim

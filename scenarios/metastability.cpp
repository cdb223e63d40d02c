// Sampling the load of a run, and judging what came after its triggers.
#include "scenarios/metastability.hpp"

#include "sim/check.hpp"
#include "sim/units_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace archsim::scenarios {

namespace {

constexpr int samples_per_run = 400;
constexpr double usual_requests = 100.0;  // in a stretch, so that chance is a tenth of it
constexpr std::string_view metastable_name = "system/metastable";
constexpr std::string_view recovery_name = "system/recovery_time";

/// Sums of samples, by index.
class RunningSums {
public:
    explicit RunningSums(std::span<const LoadSample> samples)
        : samples_{samples}, offered_{0}, good_{0} {
        for (const LoadSample& sample : samples) {
            offered_.push_back(offered_.back() + sample.counts.offered);
            good_.push_back(good_.back() + sample.counts.good);
        }
    }
    [[nodiscard]] std::size_t size() const { return samples_.size(); }
    [[nodiscard]] double offered(std::size_t from, std::size_t to) const {
        return rate(offered_, from, to);
    }
    [[nodiscard]] double good(std::size_t from, std::size_t to) const {
        return rate(good_, from, to);
    }
    /// The first sample that begins at or after `time`.
    [[nodiscard]] std::size_t first_from(sim::Instant time) const {
        const auto found = std::ranges::lower_bound(samples_, time, {}, &LoadSample::from);
        return static_cast<std::size_t>(found - samples_.begin());
    }
    /// One past the last sample that ends at or before `time`.
    [[nodiscard]] std::size_t last_until(sim::Instant time) const {
        const auto found = std::ranges::upper_bound(samples_, time, {}, &LoadSample::to);
        return static_cast<std::size_t>(found - samples_.begin());
    }

private:
    [[nodiscard]] double rate(const std::vector<std::uint64_t>& sums, std::size_t from,
                              std::size_t to) const {
        const double seconds = (samples_[to - 1].to - samples_[from].from).in_seconds();
        return static_cast<double>(sums[to] - sums[from]) / seconds;
    }
    std::span<const LoadSample> samples_;
    std::vector<std::uint64_t> offered_;
    std::vector<std::uint64_t> good_;
};

}  // namespace

const models::Spec<MetastabilityConfig>& MetastabilityConfig::spec() {
    static const auto declared =
        models::Spec<MetastabilityConfig>{
            "metastability", "When a failure counts as one that goes on after its trigger is over."}
            .optional("after", &MetastabilityConfig::after,
                      "How long after the end of the trigger the goodput is still low; without it "
                      "twice as long as the trigger lasted.")
            .more_than(sim::Duration{})
            .optional("loss", &MetastabilityConfig::loss,
                      "Share of the goodput of before that is lacking when it is low.")
            .metric("system/metastable", "ratio",
                    "1 if after a trigger the load was as before and the goodput was not, else 0; "
                    "only where a fault or a peak of the load ends before the run does.")
            .metric("system/recovery_time", "s",
                    "From the end of a trigger until the goodput is back, the longest of all; "
                    "absent if it never is.")
            .assume(
                "metastability: Triggers are faults that end and peaks of the load; those that "
                "overlap count as one. A stretch of at least 100 requests says whether the "
                "goodput is low.");
    return declared;
}

std::vector<Trigger> merged(std::vector<Trigger> triggers) {
    std::ranges::stable_sort(triggers, {}, &Trigger::from);
    std::vector<Trigger> result;
    for (Trigger& trigger : triggers) {
        if (result.empty() || trigger.from > result.back().to) {
            result.push_back(std::move(trigger));
            continue;
        }
        Trigger& last = result.back();
        last.to = std::max(last.to, trigger.to);
        if (last.what != trigger.what) last.what += " and " + trigger.what;
    }
    return result;
}

std::optional<Aftermath> aftermath_of(const Trigger& trigger, std::span<const LoadSample> samples,
                                      sim::Instant measured_from, sim::Instant end,
                                      const MetastabilityConfig& config) {
    const RunningSums sums{samples};
    const std::size_t start = sums.first_from(measured_from);
    const std::size_t begun = sums.last_until(trigger.from);
    const std::size_t over = sums.first_from(trigger.to);
    const std::size_t last = sums.last_until(end);
    if (begun <= start || last <= over) return std::nullopt;
    Aftermath found{.trigger = trigger};
    found.offered_before = sums.offered(start, begun);
    found.goodput_before = sums.good(start, begun);
    found.goodput_after = sums.good(over, last);
    if (found.goodput_before <= 0.0) return std::nullopt;
    const double length = (samples.front().to - samples.front().from).in_seconds();
    const auto in_samples = [length](double seconds) {
        return static_cast<std::size_t>(std::ceil(std::max(seconds / length - 1e-9, 1.0)));
    };
    const std::size_t stretch = in_samples(usual_requests / found.offered_before);
    const sim::Duration patience = config.after.value_or(2 * (trigger.to - trigger.from));
    const std::size_t enough = in_samples(patience.in_seconds());
    if (begun - start < stretch || over + enough + stretch > last) return std::nullopt;
    // Three standard deviations of a Poisson count, and a tenth, are no other load.
    const double after = sums.offered(over, over + enough);
    const double chance = 3.0 * std::sqrt(found.offered_before / patience.in_seconds());
    if (std::abs(after - found.offered_before) > 0.1 * found.offered_before + chance) {
        return std::nullopt;
    }
    const double low = (1.0 - config.loss.value()) * found.goodput_before;
    const auto is_low = [&](std::size_t i) { return sums.good(i, i + stretch) < low; };
    std::size_t back = over;
    while (back + stretch <= last && is_low(back)) ++back;
    const bool recovers = back + stretch <= last;
    if (recovers) found.recovery = samples[back].from - trigger.to;
    found.is_metastable = back - over >= enough;
    if (!found.is_metastable) return found;
    std::size_t onset = over;
    while (onset > begun && is_low(onset - 1)) --onset;
    found.onset = std::max(samples[onset].from, trigger.from);
    return found;
}

RecoveryWatch::RecoveryWatch(std::vector<Trigger> triggers, MetastabilityConfig config,
                             sim::Duration length, sim::Metrics& metrics)
    : triggers_{std::move(triggers)}, config_{config}, length_{length} {
    metrics.derive(std::string(metastable_name), "ratio",
                   [this](const sim::Stretch& stretch) -> std::optional<double> {
                       if (stretch.span == sim::Span::window || aftermaths_.empty()) {
                           return std::nullopt;
                       }
                       return std::ranges::any_of(aftermaths_, &Aftermath::is_metastable) ? 1.0
                                                                                          : 0.0;
                   });
    metrics.derive(std::string(recovery_name), "s",
                   [this](const sim::Stretch& stretch) -> std::optional<double> {
                       if (stretch.span == sim::Span::window || aftermaths_.empty()) {
                           return std::nullopt;
                       }
                       sim::Duration longest;
                       for (const Aftermath& aftermath : aftermaths_) {
                           if (!aftermath.recovery) return std::nullopt;
                           longest = std::max(longest, *aftermath.recovery);
                       }
                       return longest.in_seconds();
                   });
}

sim::Instant RecoveryWatch::next() const {
    const auto number = static_cast<std::int64_t>(samples_.size()) + 1;
    if (number > samples_per_run) return sim::Instant::never();
    // Multiply first: the last sample then ends at the very end.
    const auto share = static_cast<__int128_t>(length_.count()) * number / samples_per_run;
    return sim::Instant::at(sim::Duration::nanoseconds(static_cast<std::int64_t>(share)));
}

void RecoveryWatch::sample(models::LoadCounts since_start) {
    const sim::Instant from = samples_.empty() ? sim::Instant::origin() : samples_.back().to;
    samples_.push_back(
        {from, next(), {since_start.offered - before_.offered, since_start.good - before_.good}});
    before_ = since_start;
}

void RecoveryWatch::finish(sim::Instant measured_from) {
    if (samples_.empty()) return;
    for (std::size_t i = 0; i < triggers_.size(); ++i) {
        const sim::Instant end =
            i + 1 < triggers_.size() ? triggers_[i + 1].from : samples_.back().to;
        const auto found = aftermath_of(triggers_[i], samples_, measured_from, end, config_);
        if (found) aftermaths_.push_back(*found);
    }
}

void RecoveryWatch::explain(std::vector<sim::MetricValue>& metrics) const {
    for (sim::MetricValue& metric : metrics) {
        if (metric.value || (metric.name != metastable_name && metric.name != recovery_name)) {
            continue;
        }
        metric.reason = aftermaths_.empty()
                            ? "too little time before or after the trigger, or another load after "
                              "it than before"
                            : "the goodput did not come back before the end or the next trigger";
    }
}

Section metastability_section(std::span<const std::vector<Aftermath>* const> replications) {
    struct TriggerRow {
        std::string what;
        double judged = 0.0;
        double metastable = 0.0;
        double before = 0.0;
        double after = 0.0;
        double onset = 0.0;
        double recovered = 0.0;
        double recovery = 0.0;
    };
    std::map<std::pair<sim::Instant, sim::Instant>, TriggerRow> rows;
    bool any = false;
    for (const std::vector<Aftermath>* const aftermaths : replications) {
        for (const Aftermath& aftermath : *aftermaths) {
            TriggerRow& row = rows[{aftermath.trigger.from, aftermath.trigger.to}];
            row.what = aftermath.trigger.what;
            row.judged += 1.0;
            row.before += aftermath.goodput_before;
            row.after += aftermath.goodput_after;
            any = any || aftermath.is_metastable;
            if (aftermath.onset) {
                row.metastable += 1.0;
                row.onset += aftermath.onset->since_start().in_seconds();
            }
            if (!aftermath.recovery) continue;
            row.recovered += 1.0;
            row.recovery += aftermath.recovery->in_seconds();
        }
    }
    Table table{"triggers",
                "Goodput before and after each trigger, means over replications",
                {{"trigger"},
                 {"from", "s"},
                 {"to", "s"},
                 {"goodput_before", "1/s"},
                 {"goodput_after", "1/s"},
                 {"metastable", "ratio"},
                 {"onset", "s"},
                 {"recovered", "ratio"},
                 {"recovery_time", "s"}}};
    const auto mean = [](double sum, double count) {
        return count > 0.0 ? Cell{sum / count} : Cell{};
    };
    for (const auto& [times, row] : rows) {
        table.rows.push_back({row.what, times.first.since_start().in_seconds(),
                              times.second.since_start().in_seconds(), row.before / row.judged,
                              row.after / row.judged, row.metastable / row.judged,
                              mean(row.onset, row.metastable), row.recovered / row.judged,
                              mean(row.recovery, row.recovered)});
    }
    Section section{.name = "metastability",
                    .title = "After the trigger: does the goodput come back?"};
    section.facts.push_back({"metastable", any});
    section.tables.push_back(std::move(table));
    return section;
}

}  // namespace archsim::scenarios

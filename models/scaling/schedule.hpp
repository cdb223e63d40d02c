// The policy "schedule": so many instances from set times on.
#pragma once

#include "models/scaling/sample.hpp"

#include <functional>
#include <optional>
#include <vector>

namespace archsim::models {

/// From when on how many.
struct ScheduleEntry {
    sim::Duration at;
    std::int64_t instances = 1;
    static const Spec<ScheduleEntry>& spec() {
        static const auto s =
            Spec<ScheduleEntry>{"schedule_entry", "So many instances from a time on."}
                .required("at", &ScheduleEntry::at, "From the start of the run or of the day.")
                .required("instances", &ScheduleEntry::instances, "How many.")
                .at_least(1);
        return s;
    }
};

/// The last entry whose time has come holds; with `every` the table begins anew again and again,
/// and before its first entry the last one holds.
class Schedule {
public:
    static constexpr std::string_view name = "schedule";
    static constexpr std::string_view summary = "So many instances from set times on.";
    struct Config {
        std::vector<ScheduleEntry> entries;
        std::optional<sim::Duration> every = std::nullopt;
        static const Spec<Config>& spec() {
            static const auto s =
                Spec<Config>{name, summary}
                    .required("entries", &Config::entries, "The table, in order of time.")
                    .optional("every", &Config::every, "Length of its day, such as \"24h\".")
                    .more_than(sim::Duration{})
                    .check([](const Config& config, const Place& place) {
                        const auto& all = config.entries;
                        const bool in_order =
                            std::ranges::is_sorted(all, std::less_equal<>{}, &ScheduleEntry::at);
                        const bool fits =
                            all.empty() || !config.every || all.back().at < *config.every;
                        if (in_order && fits && !all.empty()) return;
                        place.fail("entries", {.code = Code::time_window,
                                               .message = all.empty() ? "a schedule needs an entry"
                                                          : fits ? "the times of a schedule rise"
                                                                 : "an entry lies beyond its day",
                                               .hint = "sort the entries by \"at\""});
                    })
                    .assume("An entry takes effect at the first look at or after its time.");
            return s;
        }
    };

    explicit Schedule(const Config& config) : config_{config} {}

    /// O(entries).
    [[nodiscard]] std::int64_t wanted(const ScalingSample& sample, std::int64_t planned) const {
        std::int64_t time = sample.at.count();
        if (config_.every) time %= config_.every->count();
        std::int64_t now = config_.every ? config_.entries.back().instances : planned;
        for (const ScheduleEntry& entry : config_.entries) {
            if (entry.at.count() <= time) now = entry.instances;
        }
        return now;
    }

private:
    Config config_;
};

}  // namespace archsim::models

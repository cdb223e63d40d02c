// The headings and fixed sentences of the HTML report, in each language. Metric names, units and
// messages of the simulator stay English.
#pragma once

#include "models/language.hpp"

#include <string_view>

namespace archsim::reports {

/// One language.
struct Words {
    std::string_view code;  ///< As in the lang attribute.
    std::string_view all_hold, some_fail, undecided, no_expectations;
    std::string_view expectation, observed, interval, verdict, note;
    std::string_view topology, load, latency, distribution, tail, over_time, stations, theory;
    std::string_view measured, predicted, deviation, formula;
    std::string_view failure_points, cost, item, quantity, price, per_month, together, cost_basis;
    std::string_view warnings, assumptions, all_metrics;
    std::string_view metric, value, time, no_data, partial, replications, replication, seed;
    std::string_view in_json_only, without_warm_up;
    std::string_view variant, variants, replication_each, replications_each;
    std::string_view sweep_of, expectations, more_in_table;
    std::string_view design, chosen, others, on_front, front, total_cost, against;
    std::string_view witness, witness_not_to_scale, in_effect, read, write, session;
    std::string_view show, yes, no, passes, fails, is_undecided;
};

/// The words of a language.
[[nodiscard]] const Words& words_of(models::Language language);

/// The title of a chapter or of one of its tables, or the name of a fact under a picture, in the
/// language of `words`; `english` itself where there is no translation, as in a result that
/// somebody else made.
[[nodiscard]] std::string_view title_in(const Words& words, std::string_view english);

}  // namespace archsim::reports

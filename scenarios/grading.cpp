// One overload for each rule that an answer may be graded by.
#include "scenarios/grading.hpp"

#include "sim/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace archsim::scenarios {

namespace {

Interval interval_of(const MetricResult& metric) {
    return metric.ci95.value_or(Interval{*metric.value, *metric.value});
}

class Grader {
public:
    Grader(const Exercise& exercise, const WorkedExercise& worked, const GivenAnswer& answer,
           models::Diagnostics& diagnostics)
        : exercise_{exercise}, worked_{worked}, answer_{answer}, diagnostics_{diagnostics} {
        grade_.given = answer.words;
    }

    Grade operator()(const ChoiceRule& rule) {
        grade_.expected = rule.accepted;
        return decided_by_word();
    }
    Grade operator()(const NumberRule& rule);
    Grade operator()(const OrderRule& rule);
    Grade operator()(const SpofRule& rule) {
        std::vector<std::string>& expected = grade_.expected;
        for (const SpofResult& spof : result_of(rule.run).spof) expected.push_back(spof.node);
        std::ranges::sort(expected);
        std::vector<std::string> given = answer_.words;
        std::ranges::sort(given);
        return marked(given == expected);
    }
    Grade operator()(const DecisionRule& rule);

private:
    [[nodiscard]] const Result& result_of(const models::Reference& run) const {
        const auto index = exercise_.run_called(run.name);
        ARCHSIM_CHECK(index && *index < worked_.results.size(), "no result of run {}", run.name);
        return worked_.results[*index];
    }
    Grade marked(bool is_right) {
        const bool is_answered = answer_.is_list || !answer_.words.empty();
        grade_.mark = !is_answered ? Mark::unanswered : is_right ? Mark::right : Mark::wrong;
        return grade_;
    }
    Grade decided_by_word() {
        return marked(!answer_.words.empty() &&
                      std::ranges::find(grade_.expected, answer_.words.front()) !=
                          grade_.expected.end());
    }
    Grade not_measured() {
        grade_.mark = Mark::not_measured;
        return grade_;
    }

    const Exercise& exercise_;
    const WorkedExercise& worked_;
    const GivenAnswer& answer_;
    models::Diagnostics& diagnostics_;
    Grade grade_;
};

Grade Grader::operator()(const NumberRule& rule) {
    const MetricResult* const metric = find_metric(result_of(rule.run), rule.metric);
    if (metric == nullptr || !metric->value) return not_measured();
    grade_.observed = metric->value;
    grade_.unit = metric->unit;
    if (answer_.words.empty()) return marked(false);
    const auto parsed = parse_expectation(rule.metric + " == " + answer_.words.front());
    const auto* const given = std::get_if<Expectation>(&parsed);
    ARCHSIM_CHECK(given != nullptr, "an answer that was not checked: {}", answer_.words.front());
    if (std::string problem = unit_problem(*given, metric->unit); !problem.empty()) {
        diagnostics_.add({.code = models::Code::unit_wrong,
                          .message = std::move(problem),
                          .pointer = answer_.pointer,
                          .spot = answer_.spot});
        return marked(false);
    }
    const double off = std::abs(given->bound - *metric->value);
    return marked(off <= rule.tolerance.value() * std::abs(*metric->value));
}

Grade Grader::operator()(const OrderRule& rule) {
    std::vector<const MetricResult*> metrics;
    for (const models::Reference& run : rule.runs) {
        metrics.push_back(find_metric(result_of(run), rule.metric));
        if (metrics.back() == nullptr || !metrics.back()->value) return not_measured();
    }
    const auto metric_of = [&](const std::string& name) {
        const auto found = std::ranges::find(rule.runs, name, &models::Reference::name);
        return metrics[static_cast<std::size_t>(found - rule.runs.begin())];
    };
    const bool upwards = rule.from == OrderFrom::lowest;
    for (const models::Reference& run : rule.runs) grade_.expected.push_back(run.name);
    std::ranges::stable_sort(grade_.expected, [&](const std::string& a, const std::string& b) {
        return upwards ? *metric_of(a)->value < *metric_of(b)->value
                       : *metric_of(a)->value > *metric_of(b)->value;
    });
    bool is_right = answer_.words.size() == rule.runs.size();
    for (std::size_t i = 1; is_right && i < answer_.words.size(); ++i) {
        const Interval first = interval_of(*metric_of(answer_.words[i - 1]));
        const Interval second = interval_of(*metric_of(answer_.words[i]));
        is_right = upwards ? first.low <= second.high : first.high >= second.low;
    }
    return marked(is_right);
}

Grade Grader::operator()(const DecisionRule& rule) {
    std::int64_t row_index = 0;
    const models::ExerciseRow* row = nullptr;
    if (worked_.table) {
        for (const models::ExerciseRow& candidate : worked_.table->rows) {
            if (candidate.algorithm != rule.algorithm || row_index++ != rule.row) continue;
            row = &candidate;
        }
    }
    if (row == nullptr) return not_measured();
    const models::ExerciseAnswer* const columns[] = {&row->t1, &row->t2, &row->t3, &row->t3_down,
                                                     &row->t3_added};
    const models::ExerciseAnswer& column = *columns[static_cast<std::size_t>(rule.step)];
    if (column.chances.empty()) grade_.expected.push_back(column.server);
    for (std::size_t i = 0; i < column.chances.size(); ++i) {
        if (column.chances[i] > 0.0) grade_.expected.push_back(fmt::format("s{}", i + 1));
    }
    return decided_by_word();
}

}  // namespace

std::vector<Grade> grade(const Exercise& exercise, const WorkedExercise& worked,
                         std::span<const GivenAnswer> answers, models::Diagnostics& diagnostics) {
    ARCHSIM_CHECK(answers.size() == exercise.questions.size(), "{} answers to {} questions",
                  answers.size(), exercise.questions.size());
    std::vector<Grade> grades;
    for (std::size_t i = 0; i < answers.size(); ++i) {
        grades.push_back(std::visit(Grader{exercise, worked, answers[i], diagnostics},
                                    exercise.questions[i].accept));
    }
    return grades;
}

std::vector<GivenAnswer> own_answers(const Exercise& exercise) {
    std::vector<GivenAnswer> answers;
    for (const ExerciseQuestion& question : exercise.questions) answers.push_back(question.answer);
    return answers;
}

StatementResult judge(const Statement& statement, const Exercise& exercise,
                      const WorkedExercise& worked) {
    const auto run = exercise.run_called(statement.run);
    ARCHSIM_CHECK(run && *run < worked.results.size(), "no result of run {}", statement.run);
    const auto other = exercise.run_called(statement.other_run);
    return judge(statement, worked.results[*run], other ? &worked.results[*other] : nullptr);
}

}  // namespace archsim::scenarios

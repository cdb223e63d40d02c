// Texts of exercises with the numbers of their runs in them.
#include "reports/lesson.hpp"

#include "reports/scenario_texts.hpp"
#include "reports/wrap.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace archsim::reports {

namespace {

using models::Language;
using scenarios::Exercise;
using scenarios::ExerciseQuestion;
using scenarios::Mark;
using scenarios::MetricResult;
using scenarios::Statement;
using scenarios::StatementResult;
using scenarios::Verdict;
using scenarios::Wording;
using scenarios::WorkedExercise;

/// One of two texts by language.
std::string_view either(Language language, std::string_view english, std::string_view portuguese) {
    return language == Language::portuguese ? portuguese : english;
}

std::string heading(std::string_view text, const Style& style) {
    return '\n' + painted(text, Colour::bold, style) + '\n';
}

/// The metric that "run:metric" names, or nullptr.
const MetricResult* metric_named(std::string_view name, const Exercise& exercise,
                                 const WorkedExercise& worked) {
    const std::size_t colon = name.find(':');
    if (colon == std::string_view::npos) return nullptr;
    const auto run = exercise.run_called(name.substr(0, colon));
    if (!run || *run >= worked.results.size()) return nullptr;
    const MetricResult* const metric = find_metric(worked.results[*run], name.substr(colon + 1));
    return metric != nullptr && metric->value ? metric : nullptr;
}

/// Every text of the exercise that may name metrics.
std::vector<Wording> texts_of(const Exercise& exercise) {
    std::vector<Wording> texts = exercise.answer;
    for (const auto& claim : exercise.claims) texts.push_back(claim.wording());
    for (const ExerciseQuestion& question : exercise.questions) texts.push_back(question.reason);
    return texts;
}

std::string observed_text(const StatementResult& finding) {
    if (!finding.value) return "-";
    std::string text = humanised(*finding.value, finding.unit, 3);
    if (finding.other) text += " | " + humanised(*finding.other, finding.other_unit, 3);
    return text;
}

/// "archsim run FILE --set 'x=y'".
std::string command_of(const Exercise& exercise, const scenarios::ExerciseRun& run) {
    std::string command = "archsim run " + exercise.path_of(run);
    for (const std::string& change : run.set) command += " --set '" + change + "'";
    return command;
}

struct Options {
    Language language;
    std::string text;

    void operator()(const scenarios::ChoiceRule& rule) {
        for (const auto& [word, wording] : rule.options.entries) {
            text += wrapped(printable(wording.in(language)),
                            fmt::format("     {}: ", printable(word)), 9);
        }
    }
    void operator()(const scenarios::NumberRule& rule) {
        text += wrapped(
            fmt::format(
                fmt::runtime(either(language, "a quantity with its unit, within {} ({} of \"{}\")",
                                    "uma grandeza com unidade, com erro de até {} ({} de \"{}\")")),
                humanised(rule.tolerance.value(), "ratio", 3), printable(rule.metric),
                printable(rule.run.name)),
            "     ", 5);
    }
    void operator()(const scenarios::OrderRule& rule) {
        std::vector<std::string> names;
        for (const auto& run : rule.runs) names.push_back(printable(run.name));
        const bool lowest = rule.from == scenarios::OrderFrom::lowest;
        const auto first = lowest ? either(language, "the lowest first", "do menor ao maior")
                                  : either(language, "the highest first", "do maior ao menor");
        text += wrapped(fmt::format("[{}], {}", fmt::join(names, ", "), first), "     ", 5);
    }
    void operator()(const scenarios::SpofRule&) {
        text += wrapped(std::string(either(language, "a list of nodes", "uma lista de nós")),
                        "     ", 5);
    }
    void operator()(const scenarios::DecisionRule&) { text += "     s1, s2, s3, s4, s5\n"; }
};

std::string options_text(const ExerciseQuestion& question, Language language) {
    Options options{language, {}};
    std::visit([&options](const auto& rule) { options(rule); }, question.accept);
    return std::move(options.text);
}

struct MarkLook {
    std::string_view english;
    std::string_view portuguese;
    Colour colour;
};

MarkLook look_of(Mark mark) {
    switch (mark) {
        case Mark::right:
            return {"right", "certo", Colour::green};
        case Mark::wrong:
            return {"wrong", "errado", Colour::red};
        case Mark::unanswered:
            return {"not answered", "sem resposta", Colour::yellow};
        case Mark::not_measured:
            break;
    }
    return {"not measured", "não medido", Colour::yellow};
}

}  // namespace

std::string filled(std::string_view text, const Exercise& exercise, const WorkedExercise& worked) {
    std::string made;
    for (const std::string& name : scenarios::named_metrics(text)) {
        const std::size_t open = text.find('{');
        made += text.substr(0, open);
        text.remove_prefix(open + name.size() + 2);
        const MetricResult* const metric = metric_named(name, exercise, worked);
        made += metric != nullptr ? humanised(*metric->value, metric->unit, 3) : "-";
    }
    return made + std::string{text};
}

std::vector<std::string> unfounded(const Exercise& exercise, const WorkedExercise& worked) {
    std::vector<std::string> found;
    for (const Wording& wording : texts_of(exercise)) {
        for (const std::string* const text : {&wording.en, &wording.pt}) {
            for (const std::string& name : scenarios::named_metrics(*text)) {
                if (metric_named(name, exercise, worked) != nullptr) continue;
                found.push_back("a text names {" + name + "}, which was not measured");
            }
        }
    }
    const auto check = [&](const Statement& statement) {
        const StatementResult finding = judge(statement, exercise, worked);
        if (finding.verdict == Verdict::pass) return;
        found.push_back(fmt::format("{}: {} ({})", statement.expr, name_of(finding.verdict),
                                    observed_text(finding)));
    };
    for (const auto& claim : exercise.claims) std::ranges::for_each(claim.holds, check);
    for (const auto& question : exercise.questions) std::ranges::for_each(question.holds, check);
    return found;
}

std::string write_exercise_question(const Exercise& exercise, Language language,
                                    const Style& style) {
    std::string text = painted(printable(exercise.title.in(language)), Colour::bold, style) + '\n';
    text += wrapped(printable(exercise.guide), "  ", 2);
    text += heading(either(language, "Question", "Pergunta"), style);
    text += wrapped(printable(exercise.question.in(language)), "  ", 2);
    return text;
}

std::string write_exercise_answer(const Exercise& exercise, const WorkedExercise& worked,
                                  Language language, const Style& style) {
    std::string text;
    if (!exercise.runs.empty()) {
        text += heading(either(language, "Runs", "Execuções"), style);
        for (const auto& run : exercise.runs) {
            text += fmt::format("  {}: {}\n", printable(run.name),
                                printable(command_of(exercise, run)));
        }
    }
    if (!exercise.claims.empty()) {
        text +=
            heading(either(language, "What the runs show", "O que as execuções mostram"), style);
    }
    for (const auto& claim : exercise.claims) {
        text +=
            wrapped(printable(filled(claim.wording().in(language), exercise, worked)), "  - ", 4);
        for (const Statement& statement : claim.holds) {
            const StatementResult finding = judge(statement, exercise, worked);
            const bool holds = finding.verdict == Verdict::pass;
            text += fmt::format("      {} {}   {}\n",
                                painted(holds ? signs_of(style).pass : signs_of(style).fail,
                                        holds ? Colour::green : Colour::red, style),
                                printable(statement.expr), observed_text(finding));
        }
    }
    text += heading(either(language, "Answer", "Resposta"), style);
    for (const Wording& paragraph : exercise.answer) {
        text += wrapped(printable(filled(paragraph.in(language), exercise, worked)), "  ", 2);
    }
    return text;
}

std::string write_grades(const Exercise& exercise, const WorkedExercise& worked,
                         std::span<const scenarios::Grade> grades, Language language,
                         const Style& style) {
    std::string text = heading(either(language, "Questions", "Questões"), style);
    std::size_t right = 0;
    for (std::size_t i = 0; i < grades.size(); ++i) {
        const ExerciseQuestion& question = exercise.questions[i];
        const scenarios::Grade& grade = grades[i];
        right += grade.mark == Mark::right ? 1U : 0U;
        text += wrapped(printable(question.ask.in(language)), fmt::format("  {}. ", i + 1), 5);
        text += options_text(question, language);
        const MarkLook look = look_of(grade.mark);
        text +=
            "     " + painted(either(language, look.english, look.portuguese), look.colour, style);
        if (!grade.given.empty()) {
            text += ": " + printable(fmt::format("{}", fmt::join(grade.given, ", ")));
        }
        text += '\n';
        std::string expected = fmt::format("{}", fmt::join(grade.expected, ", "));
        if (grade.observed) expected = humanised(*grade.observed, grade.unit, 3);
        text += fmt::format("     {}: {}\n", either(language, "accepted", "aceito"),
                            printable(expected));
        text +=
            wrapped(printable(filled(question.reason.in(language), exercise, worked)), "     ", 5);
    }
    text += fmt::format(fmt::runtime(either(language, "\n{} of {} right\n", "\n{} de {} certas\n")),
                        right, grades.size());
    return text;
}

std::string write_answer_sheet(const Exercise& exercise, Language language) {
    const auto comment = [](const std::string& lines) {
        std::string made;
        for (std::size_t at = 0; at < lines.size();) {
            const std::size_t end = std::min(lines.find('\n', at), lines.size());
            made += "    // " + lines.substr(at, end - at) + '\n';
            at = end + 1;
        }
        return made;
    };
    const auto quoted = [](const std::string& name) {
        return models::Value::string(name).to_json();
    };
    std::string text = "{\n  \"exercise\": " + quoted(exercise.name) + ",\n  \"answers\": {\n";
    for (std::size_t i = 0; i < exercise.questions.size(); ++i) {
        const ExerciseQuestion& question = exercise.questions[i];
        text += comment(wrapped(printable(question.ask.in(language)), "", 0) +
                        options_text(question, language));
        text += fmt::format("    {}: null{}\n", quoted(question.id),
                            i + 1 < exercise.questions.size() ? "," : "");
    }
    return text + "  }\n}\n";
}

}  // namespace archsim::reports

// The table of a worked exercise and its reasons.
#include "reports/exercise_text.hpp"

#include "reports/table.hpp"

#include <fmt/format.h>

namespace archsim::reports {

namespace {

using models::ExerciseAnswer;
using models::ExerciseRow;
using models::Language;

/// "s4", or for a draw "s4 (1/4 each)" or its probabilities.
std::string answer_text(const ExerciseAnswer& answer) {
    if (answer.chances.empty()) return answer.server;
    std::string chances;
    for (std::size_t i = 0; i < answer.chances.size(); ++i) {
        if (answer.chances[i] <= 0.0) continue;
        if (!chances.empty()) chances += ' ';
        chances += fmt::format("s{} {}", i + 1, humanised(answer.chances[i], "ratio", 3));
    }
    return fmt::format("{} [{}]", answer.server, chances);
}

bool is_drawn(const ExerciseRow& row) {
    return !row.t1.chances.empty() || !row.t2.chances.empty() || !row.t3.chances.empty() ||
           !row.t3_down.chances.empty() || !row.t3_added.chances.empty();
}

std::string list(const std::vector<std::string>& lines, std::string_view bullet) {
    std::string text;
    for (const std::string& line : lines) text += fmt::format("  {} {}\n", bullet, line);
    return text;
}

}  // namespace

std::string write_exercise(const models::ExerciseSolution& solution, Language language,
                           const Style& style, bool trace) {
    const bool pt = language == Language::portuguese;
    std::string text = painted(solution.title, Colour::bold, style) + "\n\n";
    text += list(solution.questions, "-");
    text += pt ? "\nO que se supõe\n" : "\nAssumptions\n";
    text += list(solution.assumptions, "-");
    TextTable table{std::vector<Align>(6, Align::left)};
    if (pt) {
        table.add({"algoritmo", "t1 (u1)", "t2 (u2)", "t3 (u1)", "t3, s3 fora", "t3, com s5"});
    } else {
        table.add({"algorithm", "t1 (u1)", "t2 (u2)", "t3 (u1)", "t3, s3 down", "t3, with s5"});
    }
    std::string drawn;
    for (const ExerciseRow& row : solution.rows) {
        const std::string name =
            row.variant.empty() ? row.algorithm : row.algorithm + ", " + row.variant;
        const std::string mark = is_drawn(row) ? "*" : "";
        table.add({name + mark, row.t1.server, row.t2.server, row.t3.server, row.t3_down.server,
                   row.t3_added.server});
        if (mark.empty()) continue;
        drawn += fmt::format("  {}\n    t1: {}\n    t2: {}\n    t3: {}\n", name,
                             answer_text(row.t1), answer_text(row.t2), answer_text(row.t3));
        drawn += (pt ? "    t3, s3 fora: " : "    t3, s3 down: ") + answer_text(row.t3_down) + "\n";
        drawn += (pt ? "    t3, com s5: " : "    t3, with s5: ") + answer_text(row.t3_added) + "\n";
    }
    text += (pt ? "\nRespostas\n" : "\nAnswers\n") + table.text(style);
    if (!drawn.empty()) {
        text += (pt ? "  * sorteio: o servidor sorteado e as probabilidades\n"
                    : "  * drawn at random: the draw, and the probabilities\n") +
                drawn;
    }
    if (!trace) return text;
    text += pt ? "\nPor quê\n" : "\nWhy\n";
    for (const ExerciseRow& row : solution.rows) {
        const std::string name =
            row.variant.empty() ? row.algorithm : row.algorithm + ", " + row.variant;
        text += "  " + painted(name, Colour::bold, style) + "\n";
        if (!row.identities.empty()) text += "    " + row.identities + "\n";
        for (const std::string& line : row.trace) text += "    " + line + "\n";
    }
    return text;
}

}  // namespace archsim::reports

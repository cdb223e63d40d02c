// archsim exercise: a question of the guide, worked out.
#include "models/load_balancer/exercise.hpp"

#include "models/suggest.hpp"
#include "reports/exercise_text.hpp"
#include "tools/terminal.hpp"

#include <limits>

namespace archsim::tools {

namespace {

using Kind = OptionSpec::Kind;

/// An exercise that can be asked for.
struct Exercise {
    std::string_view name;
    std::string_view summary;
    std::string (*solve)(models::Language language, std::uint64_t seed, const reports::Style& style,
                         bool trace);
};

constexpr Exercise exercises[] = {
    {"load-balancing", "Section 3.1: who serves u1 and u2, and what if s3 fails or s5 joins?",
     [](models::Language language, std::uint64_t seed, const reports::Style& style, bool trace) {
         return reports::write_exercise(models::solve_load_balancing_exercise(language, seed),
                                        language, style, trace);
     }},
};

std::vector<OptionSpec> options() {
    return {{Kind::optional_argument, "name", "NAME", "The exercise; all are listed without it."},
            {Kind::value, "--lang", "pt|en", "Language of the answer; en without it."},
            {Kind::value, "--seed", "N", "Decides the draws of random policies."},
            {Kind::flag, "--no-trace", "", "The table only, without the reasons."},
            {Kind::value, "--color", "WHEN", "auto, always or never."}};
}

Exit run(const Arguments& arguments) {
    const auto style = style_of(arguments.text("color").value_or("auto"));
    const auto seed =
        whole_number(arguments, "seed", 0, std::numeric_limits<std::int64_t>::max(), 1);
    const auto language = language_of(arguments);
    if (!style || !seed || !language) return Exit::bad_input;
    const auto name = arguments.text("name");
    std::vector<std::string> names;
    for (const Exercise& exercise : exercises) {
        if (!name) {
            say(std::string(exercise.name) + "  " + std::string(exercise.summary) + "\n");
        } else if (*name == exercise.name) {
            say(exercise.solve(*language, static_cast<std::uint64_t>(*seed), *style,
                               !arguments.has("no-trace")));
            return Exit::ok;
        }
        names.emplace_back(exercise.name);
    }
    if (!name) return Exit::ok;
    complain("error: there is no exercise '" + reports::printable(*name) + "'");
    complain("hint: " + models::did_you_mean(*name, names));
    return Exit::bad_input;
}

}  // namespace

extern const Command exercise_command;
const Command exercise_command = {"exercise", "Answer a question of the guide, with reasons.",
                                  "  archsim exercise load-balancing\n"
                                  "  archsim exercise load-balancing --lang pt --no-trace\n",
                                  options, run};

}  // namespace archsim::tools

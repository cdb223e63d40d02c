// The entry "pt" of a scenario.
#include "scenarios/texts.hpp"

#include "models/spec.hpp"

namespace archsim::scenarios {

const models::Spec<Texts>& Texts::spec() {
    static const auto declared =
        models::Spec<Texts>{"texts", "The texts of a scenario in another language."}
            .optional("description", &Texts::description, "What is simulated.")
            .optional("question", &Texts::question, "The question that it answers.")
            .optional("look_at", &Texts::look_at, "What to look at in the result.");
    return declared;
}

std::vector<std::string> named_metrics(std::string_view text) {
    std::vector<std::string> names;
    while (true) {
        const std::size_t open = text.find('{');
        const std::size_t close = text.find('}', open == std::string_view::npos ? 0 : open);
        if (open == std::string_view::npos || close == std::string_view::npos) return names;
        names.emplace_back(text.substr(open + 1, close - open - 1));
        text.remove_prefix(close + 1);
    }
}

}  // namespace archsim::scenarios

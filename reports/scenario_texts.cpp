// Replaces the names of metrics by their values.
#include "reports/scenario_texts.hpp"

#include "reports/text.hpp"

namespace archsim::reports {

std::string filled(std::string_view text, const scenarios::Result& result) {
    std::string made;
    for (const std::string& name : scenarios::named_metrics(text)) {
        const std::size_t open = text.find('{');
        made += text.substr(0, open);
        text.remove_prefix(open + name.size() + 2);
        const scenarios::MetricResult* const metric = find_metric(result, name);
        const bool has_value = metric != nullptr && metric->value;
        made += has_value ? humanised(*metric->value, metric->unit, 3) : "-";
    }
    return made + std::string{text};
}

scenarios::Texts texts_in(const scenarios::Result& result, models::Language language) {
    const scenarios::Texts english{result.description, result.question, result.look_at};
    const auto text = [&](std::string scenarios::Texts::*part) {
        const bool is_translated =
            language == models::Language::portuguese && !(result.pt.*part).empty();
        return filled(is_translated ? result.pt.*part : english.*part, result);
    };
    return {text(&scenarios::Texts::description), text(&scenarios::Texts::question),
            text(&scenarios::Texts::look_at)};
}

}  // namespace archsim::reports

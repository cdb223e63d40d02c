// What a scenario says to the people who read it, in one language.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace archsim::models {
template <class Config>
class Spec;
}

namespace archsim::scenarios {

/// Texts of a scenario. Any of them may name a metric of the run in braces, such as
/// "{users/latency/p99}": reports put its value there, so that text and run cannot part.
struct Texts {
    std::string description{};
    std::string question{};
    std::string look_at{};
    static const models::Spec<Texts>& spec();

    [[nodiscard]] bool empty() const {
        return description.empty() && question.empty() && look_at.empty();
    }
};

/// The names in braces in `text`, in order. O(length).
[[nodiscard]] std::vector<std::string> named_metrics(std::string_view text);

}  // namespace archsim::scenarios

// The record of why a policy chose what it chose, in the language of the reader.
// Policies are given a null pointer in ordinary runs, so that explaining costs them one branch.
#pragma once

#include "models/language.hpp"
#include "models/load_balancer/policy.hpp"

#include <fmt/format.h>

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace archsim::models {

/// Collects the lines of one decision after another.
class Trace {
public:
    /// `labels`, when given, stand for the names of the backends, index by index.
    explicit Trace(Language language, std::vector<std::string> labels = {})
        : language_{language}, labels_{std::move(labels)} {}

    /// Adds a line; both texts are fmt formats for the same arguments.
    template <class... Args>
    void say(fmt::format_string<const Args&...> english,
             fmt::format_string<const Args&...> portuguese, const Args&... args) {
        const auto& text = language_ == Language::english ? english : portuguese;
        lines_.push_back(fmt::format(text, args...));
    }

    /// What a backend is called here.
    [[nodiscard]] std::string label(const Candidates& candidates, std::uint32_t index) const {
        return index < labels_.size() ? labels_[index] : candidates.all[index].name;
    }

    /// "s1=0 s2=3": a value for each of the given backends. Linear.
    template <class Value>
    [[nodiscard]] std::string values(const Candidates& candidates,
                                     std::span<const std::uint32_t> backends, Value value) const {
        std::string text;
        for (const std::uint32_t i : backends) {
            if (!text.empty()) text += ' ';
            text += fmt::format("{}={}", label(candidates, i), value(i));
        }
        return text;
    }

    /// "s1 s2": the names of the given backends. Linear.
    [[nodiscard]] std::string names(const Candidates& candidates,
                                    std::span<const std::uint32_t> backends) const {
        std::string text;
        for (const std::uint32_t i : backends) {
            if (!text.empty()) text += ' ';
            text += label(candidates, i);
        }
        return text;
    }

    [[nodiscard]] Language language() const { return language_; }
    /// Everything said so far, in order.
    [[nodiscard]] const std::vector<std::string>& lines() const { return lines_; }

private:
    Language language_;
    std::vector<std::string> labels_;
    std::vector<std::string> lines_;
};

}  // namespace archsim::models

// An answer as a student writes it: a word, a quantity, a list of words, or null for none.
#pragma once

#include "models/codec.hpp"

#include <string>
#include <vector>

namespace archsim::scenarios {

/// What was written, with its place for messages.
struct GivenAnswer {
    std::vector<std::string> words{};  ///< One unless it is a list; none for null.
    bool is_list = false;
    models::Spot spot{};
    std::string pointer{};
};

}  // namespace archsim::scenarios

namespace archsim::models {

ARCHSIM_DECLARE_CODEC(scenarios::GivenAnswer);

}  // namespace archsim::models

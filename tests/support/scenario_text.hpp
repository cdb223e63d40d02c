// Scenarios for tests, written as text and read by the same road as a file.
#pragma once

#include "scenarios/scenario.hpp"

#include <string>

namespace archsim::tests {

/// A scenario of 10 s with these nodes, such as `"users": {...}, "web": {...}`; `rest` is further
/// members, such as `"regions": ["a"]`. Throws std::runtime_error with all problems if there is
/// one.
[[nodiscard]] scenarios::Scenario scenario_of(const std::string& nodes,
                                              const std::string& rest = "");

/// The document behind it. Throws like scenario_of().
[[nodiscard]] models::Value document_of(const std::string& nodes, const std::string& rest = "");

/// `"users": {...}`: Poisson requests at a rate such as "0.8/s", sent to `calls`, a JSON list.
[[nodiscard]] std::string users(const std::string& rate, const std::string& calls = R"(["web"])");

/// `"<name>": {...}`: a service with work such as "5ms" or "exponential 1s" (a word that stands for
/// the kind, then the mean), and `more` members.
[[nodiscard]] std::string service(const std::string& name, const std::string& work,
                                  const std::string& more = "");

}  // namespace archsim::tests

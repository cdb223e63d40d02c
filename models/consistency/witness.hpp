// The few operations that prove a register not linearizable, and their picture as a timeline.
#pragma once

#include "models/consistency/zones.hpp"
#include "models/history.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace archsim::models {

/// A proof that one key is not linearizable. The operations alone, taken as a history that starts
/// from the initial value, already have no legal order; there are at most six.
struct Witness {
    std::uint64_t key = 0;
    Violation violation = Violation::none;
    std::vector<Operation> operations;  ///< In the order of invocation.
};

/// Id of a stand-in: "the write of this version had taken effect by then", kept in place of the
/// write and the first answer of a version that was retired.
inline constexpr std::uint64_t stand_in_id = ~std::uint64_t{0};

/// Puts operations in the order of invocation without repeats, and names the violation between the
/// two versions they speak of.
[[nodiscard]] Witness make_witness(std::uint64_t key, Violation violation,
                                   std::vector<Operation> operations);

/// The same witness with what was not known when it was found: each stand-in is replaced by the
/// operations it stands for, and writes that were still unanswered get their answers.
/// Requires: ids as in `history`. O(history).
[[nodiscard]] Witness with_details(Witness witness, std::span<const Operation> history);

/// What to call the numbers in a witness. Without a list a number is called by its digits.
struct WitnessNames {
    std::span<const std::string> keys{};
    std::span<const std::string> values{};    ///< By version.
    std::span<const std::string> sessions{};  ///< By session.
    std::span<const std::size_t> lines{};     ///< Line in a file, by operation.
    bool has_times = true;  ///< Whether times mean anything; else their order is shown.
};

/// Draws the witness, one line per operation on a common time axis of `width` characters.
[[nodiscard]] std::string draw(const Witness& witness, int width = 40,
                               const WitnessNames& names = {});

}  // namespace archsim::models

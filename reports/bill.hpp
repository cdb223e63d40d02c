// The bill of a result in words, the same for every report that people read.
#pragma once

#include "scenarios/result.hpp"

#include <string>
#include <vector>

namespace archsim::reports {

/// A line of a bill: whose, for what, how much of it, at which price, and the amount.
struct BillRow {
    std::string node;
    std::string item;
    std::string quantity;
    std::string price;
    std::string amount;
};

/// Its lines in order. Texts of the scenario are as they are written there.
[[nodiscard]] std::vector<BillRow> bill_rows(const scenarios::Bill& bill);

/// "$4.10 for a million requests answered ok"; "" where nothing was answered.
[[nodiscard]] std::string per_million(const scenarios::Bill& bill);

}  // namespace archsim::reports

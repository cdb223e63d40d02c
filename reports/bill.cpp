// Quantities and amounts of a bill as people read them.
#include "reports/bill.hpp"

#include "reports/text.hpp"

namespace archsim::reports {

std::vector<BillRow> bill_rows(const scenarios::Bill& bill) {
    std::vector<BillRow> rows;
    for (const scenarios::CostLine& line : bill.lines) {
        rows.push_back({line.node, line.item, humanised(line.quantity, line.unit) + " " + line.note,
                        line.price, humanised(line.amount.dollars(), "usd")});
    }
    return rows;
}

std::string per_million(const scenarios::Bill& bill) {
    if (!bill.per_million_requests) return "";
    return humanised(*bill.per_million_requests, "usd") + " for a million requests answered ok";
}

}  // namespace archsim::reports

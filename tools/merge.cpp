// archsim merge: the journals of shards into one result, the same bytes as of a single process.
#include "scenarios/parse.hpp"
#include "tools/sweep.hpp"
#include "tools/terminal.hpp"

#include <fmt/format.h>

#include <set>
#include <utility>

namespace archsim::tools {

namespace {

using Kind = OptionSpec::Kind;

std::vector<OptionSpec> options() {
    std::vector<OptionSpec> all = {
        {Kind::arguments, "journals", "JOURNAL...", "Journals of one plan, in any order."},
        {Kind::value, "--shards", "N",
         "How many shards there were, to name those that are to run again."}};
    for (const OptionSpec& option : sweep_output_options()) all.push_back(option);
    return all;
}

/// The plan in the header of a journal.
std::optional<scenarios::Plan> plan_in(const std::string& header) {
    models::Diagnostics diagnostics;
    const auto value = scenarios::parse(header, 0, diagnostics);
    if (!value) return std::nullopt;
    const models::Value* const plan = value->find("plan");
    const models::Value* const hash = value->find("plan_hash");
    if (plan == nullptr || hash == nullptr || !hash->is_string()) return std::nullopt;
    auto made = scenarios::Plan::from_value(*plan);
    if (!made || made->hash() != hash->text()) return std::nullopt;
    return made;
}

Exit complain_of(const scenarios::JournalError& error) {
    complain((error.is_io ? "archsim: " : "error: ") + error.message);
    return error.is_io ? Exit::io : Exit::bad_input;
}

/// Units without a result, and how to get them.
Exit list_missing(const scenarios::Plan& plan, const std::vector<scenarios::UnitId>& missing,
                  std::int64_t shards) {
    constexpr std::size_t most = 20;
    complain(fmt::format("error: {} of {} units of plan {} are missing or failed:", missing.size(),
                         plan.units(), plan.hash()));
    std::set<std::int64_t> again;
    for (std::size_t i = 0; i < missing.size(); ++i) {
        const scenarios::UnitId unit = missing[i];
        again.insert(plan.index_of(unit) % shards + 1);
        if (i >= most) continue;
        complain(fmt::format("  {} {} {}", plan.index_of(unit), plan.variant_id(unit.variant),
                             unit.replication));
    }
    if (missing.size() > most) complain(fmt::format("  and {} more", missing.size() - most));
    if (shards > 1)
        complain(fmt::format("hint: run these shards again with --resume: --array={}",
                             fmt::join(again, ",")));
    return Exit::bad_input;
}

Exit run(const Arguments& arguments) {
    const auto shards = whole_number(arguments, "shards", 1, scenarios::variant_limit, 1);
    if (!shards) return Exit::bad_input;
    std::optional<scenarios::Plan> plan;
    std::optional<scenarios::UnitStore> store;
    for (const std::string& path : arguments.texts("journals")) {
        auto journal = scenarios::Journal::open(path, scenarios::Journal::Mode::read);
        if (auto* const error = std::get_if<scenarios::JournalError>(&journal))
            return complain_of(*error);
        scenarios::Journal& open = std::get<scenarios::Journal>(journal);
        auto own = plan_in(open.header());
        if (!own) {
            complain("error: " + path + " is not the journal of a sweep of this version");
            return Exit::bad_input;
        }
        if (!plan) {
            plan.emplace(*std::move(own));
            store.emplace(*plan);
        } else if (own->hash() != plan->hash()) {
            complain(fmt::format("error: {} belongs to plan {}, the journals before it to {}", path,
                                 own->hash(), plan->hash()));
            return Exit::bad_input;
        }
        if (open.torn_bytes() > 0)
            complain(fmt::format("archsim: {}: the last {} bytes are torn and left out", path,
                                 open.torn_bytes()));
        if (auto error = store->add(std::move(open))) return complain_of(*error);
    }
    const auto missing = store->missing();
    if (!missing.empty()) return list_missing(*plan, missing, *shards);
    return show_sweep(arguments, *plan, *store, false);
}

}  // namespace

extern const Command merge_command;
const Command merge_command = {"merge", "Put the journals of shards together into one result.",
                               "  archsim merge part.* --json result.json\n"
                               "  archsim merge part.* --shards 8\n",
                               options, run};

}  // namespace archsim::tools

// Finding units in journals, and from units to the result of a variant.
#include "scenarios/unit_store.hpp"

#include "scenarios/expect.hpp"
#include "scenarios/experiment.hpp"
#include "scenarios/topology.hpp"

#include <fmt/format.h>

#include <limits>
#include <utility>

namespace archsim::scenarios {

UnitStore::UnitStore(const Plan& plan)
    : plan_{plan}, entries_(static_cast<std::size_t>(plan.units())) {}

std::optional<JournalError> UnitStore::add(Journal journal) {
    if (journals_.size() >= std::numeric_limits<std::uint16_t>::max())
        return JournalError{false, "more than 65,535 journals"};
    journals_.push_back(std::move(journal));
    const auto number = static_cast<std::uint16_t>(journals_.size() - 1);
    std::optional<JournalError> problem;
    auto failure = journals_.back().each([&](RecordPlace place, std::string_view json) {
        if (!problem) problem = note(number, place, json);
    });
    return failure ? std::move(failure) : std::move(problem);
}

std::optional<JournalError> UnitStore::append(const std::string& json) {
    auto written = journals_.back().append(json);
    if (auto* const error = std::get_if<JournalError>(&written)) return std::move(*error);
    return note(static_cast<std::uint16_t>(journals_.size() - 1), std::get<RecordPlace>(written),
                json);
}

std::optional<JournalError> UnitStore::note(std::uint16_t journal, RecordPlace place,
                                            std::string_view json) {
    const std::optional<UnitRecord> record = read_unit(plan_, json);
    if (!record) {
        return JournalError{false, fmt::format("the record at byte {} does not belong to plan {}",
                                               place.offset, plan_.hash())};
    }
    Entry& entry = entries_[static_cast<std::size_t>(plan_.index_of(record->unit))];
    const Known now = record->error.empty() ? Known::finished : Known::failed;
    if (entry.known == Known::finished && now == Known::finished) {
        auto before = text_of(entry);
        if (auto* const error = std::get_if<JournalError>(&before)) return std::move(*error);
        if (std::get<std::string>(before) == json) return std::nullopt;
        return JournalError{
            false, fmt::format("two unequal records for replication {} of variant {}: the run is "
                               "not deterministic, or the machines differ",
                               record->unit.replication, plan_.variant_id(record->unit.variant))};
    }
    if (entry.known == Known::finished) return std::nullopt;
    failed_ +=
        static_cast<int>(now == Known::failed) - static_cast<int>(entry.known == Known::failed);
    const bool is_cut = now == Known::finished && record->replication.end != sim::RunEnd::deadline;
    limited_ += static_cast<int>(is_cut);
    entry = {place.offset, place.length, journal, now};
    return std::nullopt;
}

std::variant<std::string, JournalError> UnitStore::text_of(const Entry& entry) const {
    return journals_[entry.journal].read({entry.offset, entry.length});
}

std::vector<UnitId> UnitStore::missing(Shard shard) const {
    std::vector<UnitId> units;
    for (std::int64_t i = shard.index; i < plan_.units(); i += shard.count) {
        if (entries_[static_cast<std::size_t>(i)].known != Known::finished)
            units.push_back(plan_.unit(i));
    }
    return units;
}

std::vector<Expectation> expectations_in(const models::Value& document) {
    std::vector<Expectation> made;
    const models::Value* const list = document.find("expect");
    if (list == nullptr) return made;
    for (const models::Value& entry : list->items()) {
        if (!entry.is_string()) continue;
        auto parsed = parse_expectation(entry.text());
        if (auto* const one = std::get_if<Expectation>(&parsed)) made.push_back(std::move(*one));
    }
    return made;
}

std::variant<Result, JournalError> UnitStore::result(std::int64_t variant) const {
    Result result;
    const models::Value document = plan_.document(variant);
    if (const auto* const name = document.find("scenario"); name != nullptr && name->is_string())
        result.scenario = name->text();
    if (const auto* const seed = document.find("seed"); seed != nullptr && seed->is_number())
        result.seed = static_cast<std::uint64_t>(seed->as_integer().value_or(1));
    std::vector<Replication> replications;
    for (std::int64_t r = 0; r < plan_.replications(); ++r) {
        const Entry& entry = entries_[static_cast<std::size_t>(plan_.index_of({variant, r}))];
        if (entry.known != Known::finished) {
            result.status = Status::limit;
            result.status_reason =
                entry.known == Known::failed ? "a replication failed" : "not all replications ran";
            continue;
        }
        auto text = text_of(entry);
        if (auto* const error = std::get_if<JournalError>(&text)) return std::move(*error);
        std::optional<UnitRecord> record = read_unit(plan_, std::get<std::string>(text));
        if (!record) return JournalError{true, "a record in the journal has changed"};
        if (record->replication.end != sim::RunEnd::deadline) {
            result.status = Status::limit;
            result.status_reason = "the limit on events was reached";
        }
        result.warm_up = record->warm_up;
        result.simulated = record->replication.simulated;
        result.events += record->replication.events;
        replications.push_back(std::move(record->replication));
    }
    result.replications = static_cast<int>(replications.size());
    result.fingerprint = combined_fingerprint(replications);
    result.metrics = metrics_of(replications);
    sort_by_name(result);
    add_bottleneck(result);
    judge_all(expectations_in(document), result);
    return result;
}

}  // namespace archsim::scenarios

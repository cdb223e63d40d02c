// How prices are written, and what of them makes a line of a bill.
#include "models/price.hpp"

#include "sim/units_text.hpp"

#include <algorithm>
#include <utility>

namespace archsim::models {

namespace {

/// Whether `text` is a day, such as "2026-06-17".
bool is_day(std::string_view text) {
    constexpr std::string_view form = "0000-00-00";
    if (text.size() != form.size()) return false;
    for (std::size_t i = 0; i < form.size(); ++i) {
        const bool is_digit = text[i] >= '0' && text[i] <= '9';
        if (form[i] == '-' ? text[i] != '-' : !is_digit) return false;
    }
    const std::string_view month = text.substr(5, 2);
    const std::string_view day = text.substr(8, 2);
    return month >= "01" && month <= "12" && day >= "01" && day <= "31";
}

void check_price(const PriceConfig& config, const Place& place) {
    if (config.as_of.empty() || is_day(config.as_of)) return;
    place.fail("as_of", {.code = Code::bad_value,
                         .message = quoted(config.as_of) + " is no day",
                         .hint = "write it as in \"2026-06-17\""});
}

double per_request(const sim::PriceOfRequests& price) {
    return price.price().dollars() / static_cast<double>(price.per());
}

double per_byte(const sim::PriceOfData& price) {
    return price.price().dollars() / static_cast<double>(price.per().count());
}

}  // namespace

const Spec<PriceConfig>& PriceConfig::spec() {
    static const auto declared =
        Spec<PriceConfig>{"price", "What a node costs, the same words for every kind."}
            .optional("instance", &PriceConfig::instance,
                      "For each instance, such as \"$0.0832/h\" or \"$20/month\".")
            .optional("request", &PriceConfig::request,
                      "For requests that arrive, such as \"$0.40/1M\".")
            .optional("write", &PriceConfig::write,
                      "For those of them that write, where they have a price of their own.")
            .optional("storage", &PriceConfig::storage,
                      "For a month of keeping data, such as \"$0.023/GiB\".")
            .optional("stored", &PriceConfig::stored,
                      "How much data each instance keeps, where the kind does not measure it.")
            .optional("sent", &PriceConfig::sent, "For data sent, such as \"$0.09/GiB\".")
            .optional("sent_from", &PriceConfig::sent_from,
                      R"(Where sending has another price: [["sao_paulo", "$0.11/GiB"]].)")
            .optional("source", &PriceConfig::source, "Where the prices come from.")
            .optional("as_of", &PriceConfig::as_of, "The day on which they held: \"2026-06-17\".")
            .check(check_price)
            .metric("cost/per_month", "usd",
                    "All nodes with a price, for a month of 730 hours like the measured time.")
            .metric("cost/per_million_requests", "usd",
                    "cost/per_month for every million requests that load sources had answered ok.")
            .metric("cost", "usd",
                    "As cost/<node>, and cost/<node>/{instances,requests,writes,storage,sent}: of "
                    "one node, and of what it pays for. Only what has a price.")
            .assume("A month has 730 hours; it goes on as the measured time went.")
            .assume(
                "An instance is paid for from the decision to add it until it is taken out, for "
                "its "
                "exact time, also while it starts, gets another version or is down; without a "
                "minimum and not rounded up to hours.")
            .assume(
                "A request is paid for by the node where it arrives, whatever becomes of it; one "
                "that finds its instance down is not.")
            .assume(
                "Sent is the payload of answers to callers and of requests to others, repeated "
                "ones included. Messages within a node and between members of a database are free.")
            .assume("Prices have no free allowance and no steps by volume.");
    return declared;
}

std::optional<PriceChoice> Codec<PriceChoice>::read(const Value& value, Reader& reader) {
    if (value.is_string()) {
        reader.refer(value.text(), value.spot(), FoundReference::To::price);
        return PriceChoice{value.text(), {}};
    }
    if (!value.is_object()) {
        reader.fail_type(value, type());
        return std::nullopt;
    }
    std::optional<PriceConfig> own = Codec<PriceConfig>::read(value, reader);
    if (!own) return std::nullopt;
    return PriceChoice{{}, std::move(*own)};
}
Value Codec<PriceChoice>::write(const PriceChoice& choice) {
    return choice.name.empty() ? Codec<PriceConfig>::write(choice.own) : Value::string(choice.name);
}
Value Codec<PriceChoice>::schema(SchemaBuilder& builder) {
    return Value::object(
        {{"anyOf", Value::array({Value::object({{"type", Value::string("string")}}),
                                 Codec<PriceConfig>::schema(builder)})}});
}
std::string Codec<PriceChoice>::type() { return "name of an entry of \"prices\", or prices"; }

std::vector<PriceItem> items_of(const PriceConfig& config,
                                const std::vector<std::string>& regions) {
    using Of = PriceItem::Of;
    std::vector<PriceItem> items;
    const auto add = [&items](Of of, std::string name, std::string_view unit, const auto& price,
                              double each, std::size_t region = PriceItem::all_regions) {
        if (each <= 0.0) return;
        items.push_back({of, std::move(name), std::string(unit), to_text(price), each, region});
    };
    add(Of::instances, "instances", "count", config.instance,
        config.instance.per_month().dollars());
    add(config.write ? Of::reads : Of::requests, "requests", "count", config.request,
        per_request(config.request));
    if (config.write) add(Of::writes, "writes", "count", *config.write, per_request(*config.write));
    add(Of::storage, "storage", "bytes", config.storage, per_byte(config.storage));
    if (config.sent_from.empty()) {
        add(Of::sent, "sent", "bytes", config.sent, per_byte(config.sent));
        return items;
    }
    for (std::size_t i = 0; i < regions.size(); ++i) {
        const auto own = std::ranges::find_if(config.sent_from, [&](const auto& entry) {
            return std::get<0>(entry).name == regions[i];
        });
        const sim::PriceOfData& price =
            own == config.sent_from.end() ? config.sent : std::get<1>(*own);
        add(Of::sent, "sent/" + regions[i], "bytes", price, per_byte(price), i);
    }
    return items;
}

}  // namespace archsim::models

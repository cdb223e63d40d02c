// The profiles of NoSQL databases: what each is for, what it promises, and what it costs.
#include "models/database/nosql_config.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace archsim::models {

namespace {

/// The most rows or edges of one call.
constexpr double parts_most = 1e6;

std::string_view name_of(const NosqlProfile& profile) {
    return std::visit(
        [](const auto& one) -> std::string_view {
            return std::decay_t<decltype(one)>::spec().name();
        },
        profile);
}

std::string hint_for(const NosqlProfile& profile, NosqlCall call) {
    if (std::holds_alternative<GraphProfile>(profile)) return "ask for a traverse";
    if (call == NosqlCall::traverse) {
        return "it has no joins: let the service call it once for each key, "
               R"(such as {"call": "db", "operation": "get", "times": 51})";
    }
    return R"(let the service call it once for each key, with "times", or take column_family)";
}

void check_operation(const NosqlOperationConfig& operation, const Place& place) {
    const bool traverses = operation.call == NosqlCall::traverse;
    for (const char* key : {"depth", "fan_out"}) {
        if (traverses || !place.has(key)) continue;
        place.fail(key, {.code = Code::conflicting_keys,
                         .message = fmt::format("{} belongs to traverse", quoted(key)),
                         .hint = R"(write "call": "traverse")"});
    }
    if (traverses && place.has("items")) {
        place.fail("items", {.code = Code::conflicting_keys,
                             .message = "the edges of a traversal follow from depth and fan_out"});
    }
    if (operation.edges() > parts_most) {
        place.fail("depth", {.code = Code::size_limit,
                             .message = fmt::format("a traversal over {:.3g} edges; at most {:.0e} "
                                                    "are accepted",
                                                    operation.edges(), parts_most),
                             .hint = "lower depth or fan_out"});
    }
}

void check_database(const NosqlConfig& config, const Place& place) {
    for (const auto& [name, operation] : config.operations.entries) {
        if (!offers(config.profile, operation.call)) {
            place.fail("operations", {.code = Code::conflicting_keys,
                                      .message = fmt::format(
                                          "{}: a database of profile {} has no {}", quoted(name),
                                          name_of(config.profile), name_in_table(operation.call)),
                                      .hint = hint_for(config.profile, operation.call)});
        }
        const bool plain = operation.call == NosqlCall::get || operation.call == NosqlCall::put;
        if (plain && operation.items > 1 &&
            (std::holds_alternative<KeyValueProfile>(config.profile) ||
             std::holds_alternative<GraphProfile>(config.profile))) {
            place.fail("operations", {.code = Code::conflicting_keys,
                                      .message = fmt::format(
                                          "{}: a {} of profile {} is about one value", quoted(name),
                                          name_in_table(operation.call), name_of(config.profile)),
                                      .hint = "leave items out"});
        }
    }
}

}  // namespace

double NosqlOperationConfig::edges() const {
    if (call != NosqlCall::traverse) return 0.0;
    double level = 1.0;
    double sum = 0.0;
    for (std::int64_t i = 0; i < depth && sum <= parts_most; ++i) {
        level *= static_cast<double>(fan_out);
        sum += level;
    }
    return sum;
}

double NosqlOperationConfig::parts() const {
    return call == NosqlCall::traverse ? edges() : static_cast<double>(items);
}

bool offers(const NosqlProfile& profile, NosqlCall call) {
    switch (call) {
        case NosqlCall::get:
        case NosqlCall::put:
            return true;
        case NosqlCall::scan:
            return std::holds_alternative<ColumnFamilyProfile>(profile);
        case NosqlCall::traverse:
            return std::holds_alternative<GraphProfile>(profile);
    }
    return false;
}

sim::Distribution item_time(const NosqlProfile& profile, NosqlCall call) {
    if (const auto* document = std::get_if<DocumentProfile>(&profile)) return document->part_time;
    if (const auto* rows = std::get_if<ColumnFamilyProfile>(&profile)) return rows->row_time;
    const auto* const graph = std::get_if<GraphProfile>(&profile);
    if (graph != nullptr && call == NosqlCall::traverse) return graph->edge_time;
    return {};
}

const Spec<NosqlOperationConfig>& NosqlOperationConfig::spec() {
    static const auto declared =
        Spec<NosqlOperationConfig>{"nosql_operation", "What an operation asks a database for."}
            .optional("call", &NosqlOperationConfig::call, "What kind of call it is.")
            .optional("items", &NosqlOperationConfig::items,
                      "Parts of the document, columns of the row, or rows of the scan.")
            .at_least(1)
            .at_most(1'000'000)
            .optional("depth", &NosqlOperationConfig::depth,
                      "How many edges a traversal goes away from its vertex.")
            .at_least(1)
            .at_most(20)
            .optional("fan_out", &NosqlOperationConfig::fan_out,
                      "Edges that it follows from each vertex.")
            .at_least(1)
            .at_most(1'000'000)
            .check(check_operation);
    return declared;
}

const Spec<KeyValueProfile>& KeyValueProfile::spec() {
    static const auto declared =
        Spec<KeyValueProfile>{"key_value", "Opaque values under keys: get and put."}
            .assume(
                "Guarantees: each get and put of one key is atomic and in order. Nothing spans two "
                "keys: no transaction, no query, no join. What needs N other values takes N more "
                "calls, which the caller makes (the steps of a service, with \"times\").")
            .assume(
                "For orientation: LinkedIn's Voldemort answered in 0.58 ms on average from SSDs "
                "and in 4.85 ms from disks (Bailis et al., Probabilistically bounded staleness, "
                "2012).");
    return declared;
}

const Spec<DocumentProfile>& DocumentProfile::spec() {
    static const auto declared =
        Spec<DocumentProfile>{"document", "Documents with parts inside: get and put."}
            .optional("part_time", &DocumentProfile::part_time,
                      "Work for each part of a document that is read or written with it.")
            .assume(
                "Guarantees: one document is read and written atomically, however many parts it "
                "has. Nothing spans two documents.")
            .assume(
                "What belongs together is kept in one document (denormalised), so that one get "
                "answers a query that would be a join elsewhere; a change of one part reads or "
                "writes the whole document, so its `items` are all of its parts.");
    return declared;
}

const Spec<ColumnFamilyProfile>& ColumnFamilyProfile::spec() {
    static const auto declared =
        Spec<ColumnFamilyProfile>{"column_family", "Sorted rows of columns: get, put and scan."}
            .optional("row_time", &ColumnFamilyProfile::row_time,
                      "Work for each row of a scan, or column of a get or put.")
            .assume(
                "Guarantees: one row is written atomically. A scan reads neighbouring rows in one "
                "call, which sees each row as it is when the work is done; there are no joins "
                "(Chang et al., Bigtable, 2006; Lakshman and Malik, Cassandra, 2010).")
            .assume(
                "Data is written once for each query that will read it, such as one timeline per "
                "user; those writes are calls of their own.");
    return declared;
}

const Spec<GraphProfile>& GraphProfile::spec() {
    static const auto declared =
        Spec<GraphProfile>{"graph", "Vertices and edges: get, put and traverse."}
            .optional("edge_time", &GraphProfile::edge_time, "Work for each edge followed.")
            .assume(
                "Guarantees: one vertex with its edges is read and written atomically. A traversal "
                "is one call; it sees each edge as it is when the work is done.")
            .assume(
                "A traversal of depth d and fan-out f follows f + f^2 + ... + f^d edges, each at "
                "the same cost whatever the size of the graph (edges are stored with their "
                "vertices); a vertex that is reached twice is counted twice.")
            .assume(
                "For orientation: among a million users with 50 friends each, friends of friends "
                "took Neo4j 10 ms and MySQL 16 ms for some 2,550 edges or rows, which is 4 us and "
                "6 us for each (Partner and Vukotic, Neo4j in Action, 2014).");
    return declared;
}

const Spec<NosqlConfig>& NosqlConfig::spec() {
    static const auto declared =
        Spec<NosqlConfig>{"nosql", "One NoSQL database: calls that each concern one key."}
            .guide("Principais Componentes, 4.2 NoSQL Database")
            .required("profile", &NosqlConfig::profile,
                      "What it stores, and with that what it can be asked for.")
            .optional("operations", &NosqlConfig::operations,
                      "What each operation asks for; without it, a get of an operation that reads "
                      "and a put of one that writes.")
            .optional("servers", &NosqlConfig::servers, "Calls that it works on at the same time.")
            .at_least(1)
            .at_most(1'000'000)
            .optional("queue", &NosqlConfig::queue, "Places to wait, those in service not counted.")
            .optional("get_time", &NosqlConfig::get_time, "Work for a get, scan or traverse.")
            .optional("put_time", &NosqlConfig::put_time, "Work for a put.")
            .optional("value_size", &NosqlConfig::value_size,
                      "Size of an answer for each part, row or edge in it.")
            .at_most(sim::Bytes::gib(1))
            .optional("durable", &NosqlConfig::durable,
                      "Whether what is written outlives a crash; else all of it is lost.")
            .check(check_database)
            .metric("arrivals", "1/s", "Calls that came, rejected ones included.")
            .metric("utilisation", "ratio", "Share of server time in use.")
            .metric("waiting_time", "s", "Time from arrival to the start of work.")
            .metric("service_time", "s", "Time at a server.")
            .metric("sojourn_time", "s", "Waiting and service together.")
            .metric("queue_length", "count", "Calls that wait.")
            .metric("rejected", "ratio", "Share of arrivals turned away by a full queue.")
            .metric("lost_in_crash", "count", "Calls that a crash took.")
            .metric("lost_writes", "count", "Keys whose value a crash took.")
            .assume(
                "One copy of the data. A call takes effect, and sees what there is, when its work "
                "is done: the work of the call and that of each part, row or edge.")
            .assume(
                "All times are zero unless they are given: a profile says what can be asked for "
                "and what grows with what, not how fast some product is.")
            .assume(
                "For judging consistency, a put of an operation of type write carries its version, "
                "and any other call of an operation of type read returns it; a call that does "
                "something else than its operation is left out.");
    return declared;
}

}  // namespace archsim::models

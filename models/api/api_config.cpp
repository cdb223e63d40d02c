// What may be written of an API, and what it measures and assumes.
#include "models/api/api_config.hpp"

#include <set>
#include <string>
#include <utility>

namespace archsim::models {

namespace {

void check_page(const ApiConfig& config, const Place& place) {
    const auto fail = [&place](Code code, std::string message, std::string hint = {}) {
        place.fail("page", {.code = code, .message = std::move(message), .hint = std::move(hint)});
    };
    if (config.page.empty()) fail(Code::bad_value, "a page without parts needs no API");
    std::set<std::string> before;
    for (const PagePart& part : config.page) {
        if (part.after && !before.contains(*part.after)) {
            fail(Code::unknown_name,
                 quoted(part.name) + " comes after " + quoted(*part.after) +
                     ", which is no part before it",
                 "name a part that stands further up in the list");
        }
        if (!before.insert(part.name).second) {
            fail(Code::duplicate_name, "two parts are called " + quoted(part.name));
        }
        if (part.needed > part.whole) {
            fail(Code::bad_value,
                 "of " + quoted(part.name) + " the page needs more than the whole of it",
                 "\"needed\" is at most \"whole\"");
        }
    }
}

}  // namespace

const Spec<ApiConfig>& ApiConfig::spec() {
    static const auto declared =
        Spec<ApiConfig>{"api",
                        "Turns one page of a client into the calls of an interface style, sends "
                        "them over the network and answers them."}
            .guide("Comunicação: REST, gRPC, GraphQL")
            .required("style", &ApiConfig::style, "rest, grpc or graphql, and its numbers.")
            .required("page", &ApiConfig::page, "What a request asks for: the parts of a page.")
            .optional("servers", &ApiConfig::servers, "Answers written at the same time.")
            .at_least(1)
            .at_most(1'000'000)
            .optional("delay", &ApiConfig::delay,
                      "One way between clients and server; else the network's between the regions.")
            .optional("bandwidth", &ApiConfig::bandwidth, "Of each message between them; likewise.")
            .more_than(sim::Bandwidth{})
            .optional("timeout", &ApiConfig::timeout, "A client gives a call up after that.")
            .more_than(sim::Duration{})
            .check(check_page)
            .metric("pages", "1/s", "Pages that were answered.")
            .metric("calls_per_page", "count", "Calls over the network for a page.")
            .metric("bytes_sent", "bytes", "Answers to the client for a page, with their headers.")
            .metric("bytes_received", "bytes", "Requests of the client for a page, likewise.")
            .metric("over_fetch", "ratio", "Share of the data sent that the page does not show.")
            .metric("utilisation", "ratio", "Share of server time that goes into writing answers.")
            .assume(
                "A request is a page. Its calls go out in stages: what comes after another part is "
                "asked for when the whole stage before has been answered.")
            .assume(
                "The client's side stands where the caller does. A call asks the part's node once, "
                "for one thing or for all of them; a query asks for parts of a stage side by side.")
            .assume(
                "Connections are set up before the first call of a page or are open for good; "
                "what TCP does to the first bytes on one, and reading answers, take no time.");
    return declared;
}

}  // namespace archsim::models

// The numbers of the styles, each with its source.
#include "models/api/styles.hpp"

#include <utility>
#include <variant>

namespace archsim::models {

namespace {

// Request headers: "typical header sizes of 700-800 bytes" (SPDY: An experimental protocol for a
// faster web, whitepaper, 2009). Answer headers: 110 743 bytes in 366 answers (Jasnell, HTTP 2.0
// Header Stats, 2013).
constexpr sim::Bytes plain_request{750};
constexpr sim::Bytes plain_response{303};
// HPACK leaves 24 % of request headers and 31 % of answer headers (Krasnov, HPACK: the silent
// killer feature of HTTP/2, 2016). A message in gRPC has 5 bytes in front and stands in a frame of
// HTTP/2 with 9; headers, and at the end of an answer trailers, are frames of their own (gRPC over
// HTTP2, protocol description).
constexpr sim::Bytes packed_request{180 + 9 + 5 + 9};
constexpr sim::Bytes packed_response{94 + 9 + 5 + 9 + 9};
// A struct of six fields with 152 bytes as JSON is written in 2165 ns, and as a protocol buffer, of
// 53 bytes, in 411 ns (go_serialization_benchmarks, encoding/json and golang/protobuf, 2018).
constexpr auto json_rate = sim::Bandwidth::bits_per_second(562'000'000);
constexpr auto protobuf_rate = sim::Bandwidth::bits_per_second(2'960'000'000);
constexpr double protobuf_ratio = 53.0 / 152.0;
// Browsers open six connections to a host (SPDY whitepaper).
constexpr std::int64_t browser_connections = 6;

/// The parameters that every style has.
template <class Style>
auto with_profile(Spec<Style>&& spec) {
    return std::move(spec)
        .optional("request_head", &Style::request_head, "Headers and framing of a request.")
        .at_least(sim::Bytes{})
        .optional("response_head", &Style::response_head, "The same of an answer.")
        .at_least(sim::Bytes{})
        .optional("size_ratio", &Style::size_ratio,
                  "Bytes on the wire for each byte of data as JSON.")
        .more_than(0.0)
        .at_most(100.0)
        .optional("encode_rate", &Style::encode_rate,
                  "Rate at which a server writes answers, counted in data as JSON.")
        .more_than(sim::Bandwidth{})
        .optional("call_time", &Style::call_time,
                  "Further work of a server for a call: routing, parsing, checking a query.")
        .at_least(sim::Duration{})
        .optional("connections", &Style::connections,
                  "Calls that a client has out at the same time, one on each connection; 0: any "
                  "number on one connection.")
        .at_least(0)
        .at_most(1000)
        .optional("reuse", &Style::reuse, "Whether connections stay open from page to page.")
        .optional("handshake", &Style::handshake,
                  "Round trips of a new connection before its first request: one of TCP (RFC 9293) "
                  "and one of TLS 1.3 (RFC 8446).")
        .at_least(0)
        .at_most(100);
}

}  // namespace

RestStyle::RestStyle()
    : StyleProfile{.request_head = plain_request,
                   .response_head = plain_response,
                   .size_ratio = 1.0,
                   .encode_rate = json_rate,
                   .connections = browser_connections} {}

GrpcStyle::GrpcStyle()
    : StyleProfile{.request_head = packed_request,
                   .response_head = packed_response,
                   .size_ratio = protobuf_ratio,
                   .encode_rate = protobuf_rate,
                   .connections = 0} {}

GraphQlStyle::GraphQlStyle()
    : StyleProfile{.request_head = plain_request,
                   .response_head = plain_response,
                   .size_ratio = 1.0,
                   .encode_rate = json_rate,
                   .connections = browser_connections} {}

const Spec<RestStyle>& RestStyle::spec() {
    static const auto declared = with_profile(
        Spec<RestStyle>{"rest",
                        "One address for each thing or list; answers are whole, in JSON, "
                        "over HTTP/1.1."}
            .assume("Headers of 750 bytes (SPDY whitepaper, 2009) and 303 bytes (Jasnell, HTTP 2.0 "
                    "Header Stats, 2013); six connections (SPDY whitepaper).")
            .assume(
                "152 bytes of JSON are written in 2165 ns (go_serialization_benchmarks, 2018)."));
    return declared;
}

const Spec<GrpcStyle>& GrpcStyle::spec() {
    static const auto declared = with_profile(
        Spec<GrpcStyle>{"grpc",
                        "One call for all things of a kind; whole, as protocol buffers, over "
                        "one connection of HTTP/2."}
            .assume("Headers of REST, of which HPACK leaves 24 % and 31 % (Krasnov, HPACK, 2016), "
                    "and frames: 203 and 126 bytes.")
            .assume("53 bytes stand for 152 of JSON and are written in 411 ns "
                    "(go_serialization_benchmarks, golang/protobuf, 2018)."));
    return declared;
}

const Spec<GraphQlStyle>& GraphQlStyle::spec() {
    static const auto declared = with_profile(
        Spec<GraphQlStyle>{"graphql",
                           "One query for the page, answered with what it asks for, in "
                           "JSON, over HTTP/1.1."}
            .optional("query", &GraphQlStyle::query,
                      "Text of the query in the request; 0 where the server knows it by number.")
            .at_least(sim::Bytes{})
            .assume("Headers and speed of writing as with REST. Parsing and resolving a query take "
                    "`call_time`, 0 unless given: no source gives a number for all servers."));
    return declared;
}

StyleRules rules_of(const StyleChoice& choice) {
    StyleRules rules;
    if (const auto* const rest = std::get_if<RestStyle>(&choice)) {
        rules.numbers = *rest;
    } else if (const auto* const grpc = std::get_if<GrpcStyle>(&choice)) {
        rules.numbers = *grpc;
        rules.in_batches = true;
    } else {
        const auto& graphql = std::get<GraphQlStyle>(choice);
        rules.numbers = graphql;
        rules.one_for_all = rules.selects = true;
        rules.body = graphql.query;
    }
    return rules;
}

}  // namespace archsim::models

// Interface styles as profiles: what a call weighs and costs in REST, gRPC and GraphQL. All numbers
// are parameters; their defaults and where those come from stand in styles.cpp and nowhere else.
#pragma once

#include "models/choice.hpp"
#include "sim/units.hpp"

#include <cstdint>

namespace archsim::models {

/// What every style has; the defaults of a plain struct are those of nobody.
struct StyleProfile {
    sim::Bytes request_head;     ///< Headers and framing of a request.
    sim::Bytes response_head;    ///< The same of an answer.
    double size_ratio = 1.0;     ///< Bytes on the wire for a byte of data as JSON.
    sim::Bandwidth encode_rate;  ///< Data as JSON that the server writes in a time.
    sim::Duration call_time{};   ///< Further work of the server for a call.
    std::int64_t connections =
        0;                       ///< Calls at the same time; 0 is any number, over one connection.
    bool reuse = true;           ///< Whether connections stay open from page to page.
    std::int64_t handshake = 2;  ///< Round trips of a new connection before its first request.
};

/// One address for each thing or list; every answer is the whole thing.
struct RestStyle : StyleProfile {
    RestStyle();
    static const Spec<RestStyle>& spec();
};

/// One call for all things of a kind; typed messages, over one connection.
struct GrpcStyle : StyleProfile {
    GrpcStyle();
    static const Spec<GrpcStyle>& spec();
};

/// One query for the page, answered with what it asks for.
struct GraphQlStyle : StyleProfile {
    sim::Bytes query;  ///< Text of the query.
    GraphQlStyle();
    static const Spec<GraphQlStyle>& spec();
};

using StyleChoice = OneOf<RestStyle, GrpcStyle, GraphQlStyle>;

/// What makes a style what it is, beside its numbers.
struct StyleRules {
    StyleProfile numbers;
    bool one_for_all = false;  ///< One call asks for the whole page.
    bool in_batches = false;   ///< One call asks for all things of a part.
    bool selects = false;      ///< Answers have only what the page needs.
    sim::Bytes body;           ///< Of a request.
};
[[nodiscard]] StyleRules rules_of(const StyleChoice& choice);

}  // namespace archsim::models

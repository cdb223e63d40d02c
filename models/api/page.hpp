// A page and the calls by which a client gets it, in a style: pure arithmetic, without time.
#pragma once

#include "models/api/styles.hpp"
#include "models/edge.hpp"
#include "models/spec.hpp"
#include "sim/units.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace archsim::models {

/// Things of a kind that a page shows, such as the posts of a timeline.
struct PagePart {
    std::string name;
    std::int64_t count = 1;
    sim::Bytes needed;
    sim::Bytes whole;
    bool listed = false;
    std::optional<std::string> after = std::nullopt;
    std::optional<EdgeConfig> call = std::nullopt;
    static const Spec<PagePart>& spec();
};

/// How many round trips of data come before the part: 0 if it waits for no other. Requires: the
/// parts have been checked.
[[nodiscard]] std::size_t stage_of(const std::vector<PagePart>& parts, std::size_t part);

/// What one call asks for and what its answer weighs.
struct ApiCall {
    std::vector<std::vector<std::size_t>> parts;  ///< By stage: what the server gets, one after
                                                  ///< the other stage.
    std::string operation;                        ///< The part's name, or "page".
    sim::Bytes request;                           ///< On the wire.
    sim::Bytes response;                          ///< On the wire.
    sim::Bytes data;                              ///< In the answer, as JSON.
    sim::Bytes needed;                            ///< Of that.
    sim::Duration work;                           ///< Of the server: writing the answer.
};

/// The calls for a page: those of a stage go out together, when all of the stage before have been
/// answered.
struct ApiPlan {
    std::vector<ApiCall> calls;                    ///< Each sort once.
    std::vector<std::vector<std::size_t>> stages;  ///< Indices into `calls`, one for each call.
};

/// The plan of a page in a style. Requires: the parts have been checked.
[[nodiscard]] ApiPlan plan_of(const std::vector<PagePart>& parts, const StyleRules& rules);

}  // namespace archsim::models

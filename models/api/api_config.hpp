// The parameters of an API as a scenario writes them.
#pragma once

#include "models/api/page.hpp"
#include "models/distribution_codec.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace archsim::models {

/// What an api node may say of itself.
struct ApiConfig {
    StyleChoice style;
    std::vector<PagePart> page;
    std::int64_t servers = 1;
    std::optional<sim::Distribution> delay = std::nullopt;
    std::optional<sim::Bandwidth> bandwidth = std::nullopt;
    std::optional<sim::Duration> timeout = std::nullopt;
    static const Spec<ApiConfig>& spec();
};

}  // namespace archsim::models

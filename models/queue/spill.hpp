// The policy "spill": what memory cannot hold goes to disk, and the queue slows down.
#pragma once

#include "models/distribution_codec.hpp"
#include "models/queue/pressure.hpp"

#include <cstdint>

namespace archsim::models {

/// Messages beyond the limit are written to disk before they are accepted and read before they are
/// delivered. The disk is a station: writes and reads wait for one another.
class Spill {
public:
    static constexpr std::string_view name = "spill";
    static constexpr std::string_view summary =
        "Messages beyond the limit go to disk: a write each on the way in, a read on the way out.";
    struct Config {
        sim::Distribution write_time;
        sim::Distribution read_time;
        std::int64_t disks = 1;
        static const Spec<Config>& spec() {
            static const auto s =
                Spec<Config>{name, summary}
                    .required("write_time", &Config::write_time, "Work of a disk for one write.")
                    .required("read_time", &Config::read_time, "Work of a disk for one read.")
                    .optional("disks", &Config::disks, "Disks that share the work.")
                    .at_least(1)
                    .at_most(1'000);
            return s;
        }
    };

    explicit Spill(const Config&) {}
    [[nodiscard]] Verdict verdict(const Pressure& pressure) const {
        return pressure.full ? Verdict::spill : Verdict::accept;
    }
};

}  // namespace archsim::models

// Quantities as text: "5ms", "64KiB", "1500/s", "100Mbps", "$12.50", "1%", "$0.12/h". The only
// reader and the only exact writer of them; numbers made pretty for people are in reports/text.hpp.
#pragma once

#include "sim/price.hpp"
#include "sim/units.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace archsim::sim {

/// What is wrong with the text of a quantity.
enum class TextFault : std::uint8_t {
    unit_missing,  ///< A number alone.
    unit_wrong,    ///< A number with a unit that is unknown or of another quantity.
    malformed,     ///< Not one number and one unit.
    out_of_range,  ///< Negative, too large, or too fine to be held.
};

/// Why a text is not a quantity.
struct TextError {
    TextFault fault = TextFault::malformed;
    std::string message;  ///< One sentence without its full stop; the text in 'quotes', ASCII only.
    std::string hint;     ///< What was probably meant, or the valid units and an example.
};

/// A quantity or the reason why there is none.
template <class Quantity>
class Parsed {
public:
    Parsed(Quantity value) : result_{value} {}              // NOLINT(google-explicit-constructor)
    Parsed(TextError error) : result_{std::move(error)} {}  // NOLINT(google-explicit-constructor)
    [[nodiscard]] explicit operator bool() const { return result_.index() == 0; }
    /// Requires: there is a value.
    [[nodiscard]] Quantity operator*() const { return std::get<0>(result_); }
    /// Requires: there is none.
    [[nodiscard]] const TextError& error() const { return std::get<1>(result_); }

private:
    std::variant<Quantity, TextError> result_;
};

/// How a quantity is written, for messages and schemas.
struct QuantityForm {
    std::string_view name;     ///< "duration"
    std::string_view units;    ///< "ns, us, ms, s, m, h, d"
    std::string_view example;  ///< "5ms"
    std::string_view pattern;  ///< A regular expression (ECMA 262) that every valid text matches.
};

/// One of Duration, Bytes, Rate, Bandwidth, Money, Probability, PriceOfTime, PriceOfData and
/// PriceOfRequests; only these are defined.
template <class Quantity>
[[nodiscard]] const QuantityForm& quantity_form();

/// Reads a whole text: one number without sign or exponent, directly followed by one unit. Digits
/// are taken exactly; what is finer than the base unit (1 ns, 1 byte, 1 bit/s, a billionth of a
/// dollar) is rounded to the nearest, but a fraction of the base unit itself is refused, as is
/// anything above 0 that would become 0. Greatest: 100 years, 1 EiB, 10^12/s, 10^15 bps, 10^9
/// dollars, 100%. O(length).
template <class Quantity>
[[nodiscard]] Parsed<Quantity> parse_quantity(std::string_view text);

/// Text that parse_quantity reads back as the same value, in the unit that suits it: 1500 us is
/// "1.5ms". Below zero with a leading "-", which is for messages: it is not read back.
[[nodiscard]] std::string to_text(Duration value);
[[nodiscard]] std::string to_text(Bytes value);
[[nodiscard]] std::string to_text(Rate value);
[[nodiscard]] std::string to_text(Bandwidth value);
[[nodiscard]] std::string to_text(Money value);
[[nodiscard]] std::string to_text(Probability value);
[[nodiscard]] std::string to_text(PriceOfTime value);
[[nodiscard]] std::string to_text(PriceOfData value);
[[nodiscard]] std::string to_text(PriceOfRequests value);

}  // namespace archsim::sim

// Which part of a request a hashing policy hashes, and the text that it hashes.
#pragma once

#include "models/codec.hpp"
#include "models/request.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace archsim::models {

/// The part of a request that decides where it goes.
enum class HashBy : std::uint8_t { session, key, address };

template <>
struct EnumNames<HashBy> {
    static constexpr std::array<EnumName<HashBy>, 3> names{{
        {HashBy::session, "session", "The session or user."},
        {HashBy::key, "key", "The piece of data asked for."},
        {HashBy::address, "address", "The IPv4 address of the client."},
    }};
};

/// An identity as text, held in place: "user17" for a session, "key17" for a key, "10.0.0.1" for an
/// address.
class IdentityText {
public:
    IdentityText(const Request& request, HashBy by) {
        switch (by) {
            case HashBy::session:
                write("user{}", request.session);
                break;
            case HashBy::key:
                write("key{}", request.key);
                break;
            case HashBy::address:
                write("{}.{}.{}.{}", request.address >> 24, (request.address >> 16) & 255U,
                      (request.address >> 8) & 255U, request.address & 255U);
                break;
        }
    }

    [[nodiscard]] std::string_view view() const { return {text_.data(), size_}; }

private:
    template <class... Args>
    void write(fmt::format_string<const Args&...> format, const Args&... args) {
        size_ = fmt::format_to_n(text_.data(), text_.size(), format, args...).size;
    }

    std::array<char, 32> text_{};  ///< The longest is "user" and 20 digits.
    std::size_t size_ = 0;
};

}  // namespace archsim::models

// The text form of a queue's limit.
#include "models/queue_limit.hpp"

namespace archsim::models {

std::optional<QueueLimit> Codec<QueueLimit>::read(const Value& value, Reader& reader) {
    if (value.is_string()) {
        if (value.text() == "unbounded") return QueueLimit{};
        reader.fail_type(value, type());
        return std::nullopt;
    }
    const std::optional<std::int64_t> places = Codec<std::int64_t>::read(value, reader);
    if (!places) return std::nullopt;
    if (*places < 0) {
        reader.fail(value.spot(), {.code = Code::out_of_range,
                                   .message = "a queue cannot have a negative number of places"});
        return std::nullopt;
    }
    return QueueLimit{static_cast<std::uint64_t>(*places)};
}

Value Codec<QueueLimit>::write(const QueueLimit& limit) {
    return limit.places ? Value::integer(static_cast<std::int64_t>(*limit.places))
                        : Value::string("unbounded");
}

Value Codec<QueueLimit>::schema(SchemaBuilder& builder) {
    return Value::object(
        {{"anyOf", Value::array({Value::object({{"const", Value::string("unbounded")}}),
                                 Codec<std::int64_t>::schema(builder)})}});
}

std::string Codec<QueueLimit>::type() { return "a number of places or \"unbounded\""; }

}  // namespace archsim::models

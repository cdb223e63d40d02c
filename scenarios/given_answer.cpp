// Reading an answer of a student.
#include "scenarios/given_answer.hpp"

namespace archsim::models {

using scenarios::GivenAnswer;

std::optional<GivenAnswer> Codec<GivenAnswer>::read(const Value& value, Reader& reader) {
    GivenAnswer answer;
    answer.spot = value.spot();
    answer.pointer = reader.pointer();
    if (value.is_null()) return answer;
    if (value.is_string() || value.is_number()) {
        answer.words.push_back(value.text());
        return answer;
    }
    if (value.is_array()) {
        auto words = Codec<std::vector<std::string>>::read(value, reader);
        if (!words) return std::nullopt;
        answer.words = std::move(*words);
        answer.is_list = true;
        return answer;
    }
    reader.fail_type(value, type(), "null leaves the question unanswered");
    return std::nullopt;
}
Value Codec<GivenAnswer>::write(const GivenAnswer& answer) {
    if (answer.is_list) return Codec<std::vector<std::string>>::write(answer.words);
    return answer.words.empty() ? Value::null() : Value::string(answer.words.front());
}
Value Codec<GivenAnswer>::schema(SchemaBuilder& builder) {
    return Value::object(
        {{"anyOf", Value::array({Value::object({{"type", Value::array({Value::string("null"),
                                                                       Value::string("string"),
                                                                       Value::string("number")})}}),
                                 Codec<std::vector<std::string>>::schema(builder)})}});
}
std::string Codec<GivenAnswer>::type() { return "word, quantity, list of words, or null"; }

}  // namespace archsim::models

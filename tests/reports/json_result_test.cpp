// The machine-readable reports: exact content, the schema that describes it, and hostile text.
#include "reports/report.hpp"
#include "tests/reports/example.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <regex>
#include <string>

using namespace archsim;
using namespace archsim::reports;

namespace {

using Json = nlohmann::json;

bool has_type(const Json& value, const std::string& type) {
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "integer") return value.is_number_integer();
    return type == "number" && value.is_number();
}

void validate(const Json& schema, const Json& value, const Json& root, const std::string& path);

void validate_members(const Json& schema, const Json& value, const Json& root,
                      const std::string& path) {
    const Json properties = schema.value("properties", Json::object());
    for (const auto& key : schema.value("required", Json::array()))
        CHECK_MESSAGE(value.contains(key.get<std::string>()), path << " lacks " << key);
    for (const auto& [key, member] : value.items()) {
        const std::string below = path + "/" + key;
        if (properties.contains(key)) {
            validate(properties[key], member, root, below);
        } else if (schema.contains("additionalProperties")) {
            const Json& others = schema["additionalProperties"];
            CHECK_MESSAGE(others != Json(false), below << " is not in the schema");
            if (others.is_object()) validate(others, member, root, below);
        }
    }
}

/// Checks the keywords of JSON Schema that the result's schema uses.
void validate(const Json& schema, const Json& value, const Json& root, const std::string& path) {
    CAPTURE(path);
    if (schema.contains("$ref")) {
        const std::string pointer = schema["$ref"].get<std::string>().substr(1);
        return validate(root.at(Json::json_pointer(pointer)), value, root, path);
    }
    if (schema.contains("type")) CHECK(has_type(value, schema["type"]));
    if (schema.contains("enum")) {
        bool found = false;
        for (const auto& choice : schema["enum"]) found = found || choice == value;
        CHECK(found);
    }
    if (schema.contains("minimum")) CHECK(value >= schema["minimum"]);
    if (schema.contains("pattern"))
        CHECK(std::regex_search(value.get<std::string>(),
                                std::regex{schema["pattern"].get<std::string>()}));
    if (value.is_object()) validate_members(schema, value, root, path);
    if (!value.is_array()) return;
    if (schema.contains("minItems")) CHECK(value.size() >= schema["minItems"]);
    if (schema.contains("maxItems")) CHECK(value.size() <= schema["maxItems"]);
    if (!schema.contains("items")) return;
    for (const auto& item : value) validate(schema["items"], item, root, path + "/[]");
}

}  // namespace

TEST_SUITE("reports: json") {
    TEST_CASE("a small result is written to the byte as the contract says") {
        scenarios::Result result{.scenario = "one"};
        result.simulated = sim::Duration::milliseconds(500);
        result.fingerprint = 0xab;
        result.metrics = {{.name = "a/latency/mean",
                           .unit = "s",
                           .value = 0.1,
                           .ci95 = scenarios::Interval{0.05, 0.30000000000000004},
                           .n = 3,
                           .method = scenarios::Method::replications},
                          {.name = "b/hit_ratio", .unit = "ratio", .reason = "no lookups"}};
        CHECK(write_json(result) == R"({
  "assumptions": [],
  "events": 0,
  "expect": [],
  "fingerprint": "00000000000000ab",
  "metrics": {
    "a/latency/mean": {
      "ci95": [
        0.05,
        0.30000000000000004
      ],
      "method": "replications",
      "n": 3,
      "unit": "s",
      "value": 0.1
    },
    "b/hit_ratio": {
      "n": 0,
      "reason": "no lookups",
      "unit": "ratio"
    }
  },
  "nodes": {},
  "replications": 1,
  "scenario": "one",
  "schema": "archsim.result/1",
  "seed": 1,
  "simulated_s": 0.5,
  "spof": [],
  "status": "complete",
  "theory": {},
  "warm_up_s": 0.0,
  "warnings": []
}
)");
    }

    TEST_CASE("a full result satisfies the schema that is shipped with it") {
        const Json schema = Json::parse(result_schema());
        const Json result = Json::parse(write_json(tests::example_result()));
        validate(schema, result, schema, "");
        CHECK(result["cost"]["per_month"] == 19.75);
        CHECK(result["cost"]["nodes"]["web"] == 7.25);
        CHECK(result["cost"]["items"][1]["price"] == "$2.90/month");
        CHECK(result["cost"]["assumptions"][0] == "a month has 730 hours");
        CHECK(result["cap"]["stale"] == 0.125);
        CHECK(result["cap"]["sides"]["rows"][1]["side"] == "right");
        CHECK(result["cap"]["sides"]["units"]["down"] == "s");
        CHECK(result["expect"][3].contains("observed") == false);
        CHECK(result["theory"]["db/waiting_time/mean"]["deviation_sigmas"] == -0.5);
    }

    TEST_CASE("the largest seed and foreign bytes survive") {
        scenarios::Result result{.scenario = "bad \xff name \"quoted\""};
        result.seed = 18'446'744'073'709'551'615ULL;
        const Json json = Json::parse(write_json(result));
        CHECK(json["seed"].get<std::uint64_t>() == 18'446'744'073'709'551'615ULL);
        CHECK(json["scenario"] == "bad \xEF\xBF\xBD name \"quoted\"");
    }
}

TEST_SUITE("reports: csv") {
    TEST_CASE("one line a metric with empty fields for what is absent") {
        scenarios::Result result{.scenario = "s"};
        result.metrics = {{.name = "a/p99", .unit = "s", .value = 1e-05, .n = 1},
                          {.name = "a/x",
                           .unit = "1/s",
                           .value = -2.5,
                           .ci95 = scenarios::Interval{-3.0, -2.0},
                           .n = 10,
                           .method = scenarios::Method::batch_means},
                          {.name = "b", .unit = "", .reason = "none, \"at all\""}};
        CHECK(write_csv(result) ==
              "metric,value,ci95_low,ci95_high,unit,n,method,reason\n"
              "a/p99,1e-05,,,s,1,point,\n"
              "a/x,-2.5,-3,-2,1/s,10,batch_means,\n"
              "b,,,,,0,,\"none, \"\"at all\"\"\"\n");
    }

    TEST_CASE("no text is taken for a formula by a spreadsheet") {
        scenarios::Result result{.scenario = "s"};
        result.metrics = {{.name = "=HYPERLINK(\"x\")", .unit = "+1", .reason = "@a"}};
        CHECK(write_csv(result).ends_with("\n\"'=HYPERLINK(\"\"x\"\")\",,,,'+1,0,,'@a\n"));
    }
}

TEST_SUITE("reports") {
    TEST_CASE("each report is found by its name and writes what its function writes") {
        const scenarios::Result result = tests::example_result();
        REQUIRE(find_report("json") != nullptr);
        CHECK(find_report("json")->write(result, Style{}) == write_json(result));
        CHECK(find_report("csv")->write(result, Style{}) == write_csv(result));
        CHECK(find_report("summary")->write(result, Style{}) == write_summary(result, Style{}));
        CHECK(find_report("nothing") == nullptr);
        for (const auto& report : all_reports()) CHECK(find_report(report.name) == &report);
    }
}

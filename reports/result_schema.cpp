// JSON Schema of the result, for editors and for programs that read it. Written out as it is
// printed, because a reader of it is the one who must understand it.
#include "reports/report.hpp"

namespace archsim::reports {

namespace {

constexpr std::string_view schema = R"json({
  "$schema": "http://json-schema.org/draft-07/schema#",
  "$id": "archsim.result/1",
  "title": "Result of an archsim experiment",
  "description": "Times in s, rates in 1/s, ratios 0 to 1. Chapters may add sections of their own.",
  "type": "object",
  "required": ["schema", "scenario", "seed", "replications", "status", "simulated_s", "warm_up_s",
               "events", "fingerprint", "nodes", "metrics", "theory", "expect", "spof",
               "assumptions", "warnings"],
  "properties": {
    "schema": {"enum": ["archsim.result/1"]},
    "scenario": {"type": "string"},
    "description": {"type": "string"},
    "question": {"type": "string"},
    "look_at": {"type": "string"},
    "pt": {
      "type": "object", "additionalProperties": false,
      "properties": {"description": {"type": "string"}, "question": {"type": "string"},
                     "look_at": {"type": "string"}}
    },
    "guide": {"type": "string"},
    "seed": {"type": "integer", "minimum": 0},
    "replications": {"type": "integer", "minimum": 0},
    "status": {"enum": ["complete", "interrupted", "limit"]},
    "status_reason": {"type": "string"},
    "simulated_s": {"type": "number", "minimum": 0},
    "warm_up_s": {"type": "number", "minimum": 0},
    "events": {"type": "integer", "minimum": 0},
    "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{16}$"},
    "nodes": {
      "type": "object",
      "additionalProperties": {
        "type": "object", "required": ["kind"], "additionalProperties": false,
        "properties": {"kind": {"type": "string"}}
      }
    },
    "metrics": {
      "type": "object",
      "description": "By path. A metric that could not be measured has a reason and no value.",
      "additionalProperties": {
        "type": "object", "required": ["unit", "n"], "additionalProperties": false,
        "properties": {
          "value": {"type": "number"},
          "ci95": {"$ref": "#/definitions/interval"},
          "unit": {"type": "string"},
          "n": {"type": "integer", "minimum": 0},
          "method": {"enum": ["replications", "batch_means", "point"]},
          "reason": {"type": "string"}
        }
      }
    },
    "theory": {
      "type": "object",
      "description": "Closed forms beside the metrics of the same path.",
      "additionalProperties": {
        "type": "object", "required": ["value", "formula"], "additionalProperties": false,
        "properties": {
          "value": {"type": "number"},
          "formula": {"type": "string"},
          "deviation_sigmas": {"type": "number"}
        }
      }
    },
    "expect": {
      "type": "array",
      "items": {
        "type": "object", "additionalProperties": false,
        "required": ["expr", "metric", "comparison", "bound", "verdict"],
        "properties": {
          "expr": {"type": "string"},
          "metric": {"type": "string"},
          "comparison": {"enum": ["<=", "<", ">=", ">", "=="]},
          "bound": {"type": "number"},
          "observed": {"type": "number"},
          "verdict": {"enum": ["pass", "fail", "undecided", "no_data"]},
          "note": {"type": "string"}
        }
      }
    },
    "spof": {
      "type": "array",
      "items": {
        "type": "object", "required": ["node", "reason"], "additionalProperties": false,
        "properties": {
          "node": {"type": "string"}, "reason": {"type": "string"},
          "lost": {"type": "number", "minimum": 0, "maximum": 1}
        }
      }
    },
    "cost": {
      "type": "object", "required": ["unit", "per_month", "nodes"], "additionalProperties": false,
      "properties": {
        "unit": {"enum": ["usd"]},
        "per_month": {"type": "number"},
        "nodes": {"type": "object", "additionalProperties": {"type": "number"}}
      }
    },
    "sections": {
      "type": "array", "items": {"type": "string"},
      "description": "The order of the sections, where it is not that of their names."
    },
    "assumptions": {"type": "array", "items": {"type": "string"}},
    "warnings": {"type": "array", "items": {"type": "string"}}
  },
  "additionalProperties": {
    "type": "object",
    "required": ["title"],
    "properties": {
      "title": {"type": "string"},
      "order": {
        "type": "array", "items": {"type": "string"},
        "description": "Of facts and tables, where it is not that of their names."
      },
      "units": {"type": "object", "additionalProperties": {"type": "string"}}
    }
  },
  "definitions": {
    "interval": {
      "type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2
    }
  }
}
)json";

}  // namespace

std::string result_schema() { return std::string{schema}; }

}  // namespace archsim::reports

// "--set POINTER=VALUE": one change to a scenario from the command line.
#pragma once

#include "models/document.hpp"

#include <string_view>

namespace archsim::scenarios {

/// Applies an assignment such as "nodes/web/instances=4" to a document. The pointer is a JSON
/// Pointer whose first slash may be left out. The value is JSON; what is not JSON is taken as a
/// string ("30s"), unless it begins like an object, array or string. "null" removes the member.
/// A missing member of an existing object or, as "-", a new element of a list is added; a parent
/// that does not exist is reported with the nearest name. The new value's source is called
/// "--set" and holds the assignment. Returns false, with the document as it was, on a problem.
bool apply_set(models::Value& document, std::string_view assignment, models::Sources& sources,
               models::Diagnostics& diagnostics);

}  // namespace archsim::scenarios

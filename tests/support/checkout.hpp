// Where the files of the project are. One file alone knows the path, so that a compiler cache
// serves every checkout.
#pragma once

#include <string>

namespace archsim::tests {

/// The folder of the checkout that the tests were built from, without a slash at its end.
std::string checkout();

}  // namespace archsim::tests

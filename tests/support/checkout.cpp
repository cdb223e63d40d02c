// The one file that is compiled with the path of the checkout.
#include "tests/support/checkout.hpp"

namespace archsim::tests {

std::string checkout() { return ARCHSIM_SOURCE_DIR; }

}  // namespace archsim::tests

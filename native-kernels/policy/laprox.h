#pragma once

#include "policy/policy.h"

#include <memory>

namespace loci {

/// LaProx; see laprox.cpp for the formula.
std::unique_ptr<Policy> make_laprox(const PolicyParameters & parameters);

} // namespace loci

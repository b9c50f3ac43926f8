#pragma once

#include "policy/policy.h"

#include <memory>

namespace loci {

/// The policy that never evicts; see full.cpp.
std::unique_ptr<Policy> make_full(const PolicyParameters & parameters);

} // namespace loci

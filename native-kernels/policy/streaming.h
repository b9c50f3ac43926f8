#pragma once

#include "policy/policy.h"

#include <memory>

namespace loci {

/// StreamingLLM; see streaming.cpp for the rule.
std::unique_ptr<Policy> make_streaming(const PolicyParameters & parameters);

} // namespace loci

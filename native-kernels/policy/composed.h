#pragma once

#include "policy/policy.h"
#include "policy/settings.h"

#include <memory>

namespace loci {

/// A policy made of a score, an aggregation, an allocation and protections, as its settings say.
std::unique_ptr<Policy> make_composed(const Settings & settings);

} // namespace loci

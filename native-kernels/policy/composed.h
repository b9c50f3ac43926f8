#pragma once

#include "policy/eviction.h"
#include "policy/settings.h"

#include <memory>

namespace loci {

/// A policy made of a score, an aggregation, an allocation and protections, as its settings say.
std::unique_ptr<Eviction> make_composed(const Settings & settings);

} // namespace loci

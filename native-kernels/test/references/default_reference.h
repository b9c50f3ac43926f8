#pragma once

#include "policy/policy.h"

#include <cstddef>
#include <vector>

namespace loci {

using Doubles = std::vector<double>;

/// KeyDiff: how little each key of a head resembles the sum of all its unit keys.
Doubles keydiff_reference(const LayerCandidates & layer, size_t head);

/// Scores above `least`, the layer's lowest, times the factor of their class, each unit's at its
/// mean: every declaration a thousand times, imports and values ten times that.
Doubles raised_reference(const LayerCandidates & layer, size_t head, double least,
                         const TokenStructure & structure);

/// The rows of each layer: a fifth of the budget alike, the rest by the profile, none above its
/// most. The level at which the layers take the budget is found by halving; then whole rows, the
/// rest to the layer that lacks most.
std::vector<int> rows_reference(const SelectionRequest & request);

} // namespace loci

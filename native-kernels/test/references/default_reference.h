#pragma once

#include "policy/policy.h"

#include <cstddef>
#include <vector>

namespace loci {

using Doubles = std::vector<double>;

/// KeyDiff: how little each key of a head resembles the sum of the head's unit keys.
Doubles keydiff_reference(const LayerCandidates & layer, size_t head);

/// Scores relative to `least`, the layer's lowest, times the factor of their class (a thousand for
/// declarations, ten thousand for imports and values), replaced by the mean of their unit.
Doubles raised_reference(const LayerCandidates & layer, size_t head, double least,
                         const TokenStructure & structure);

/// The rows of each layer: a fifth of the budget in equal parts, the rest by the profile, within
/// the upper bounds. Bisection finds the level at which the layers use the budget; rows are then
/// rounded, and the remainder goes to the layer furthest below its wish.
std::vector<int> rows_reference(const SelectionRequest & request);

} // namespace loci

#pragma once

#include "policy/score.h"
#include "policy/value_term.h"

namespace loci {

/// ExpectedAttention (arXiv 2510.00636): assumes Gaussian queries, so the expected unnormalised
/// attention to key k is exp(k.mu / sqrt(d) + k^T Sigma k / (2 d)). The score is its softmax over
/// the slots, averaged over the group, plus `epsilon`, times |v|. mu and Sigma are those of the
/// queries read so far before RoPE (without the first four tokens), rotated to the average of the
/// next 512 positions.
///
/// Deviations: the scale is 1/sqrt(d) for every model; `term` selects the norm used for |v|.
LayerScore expected_score(ValueTerm term, double epsilon, const LayerCandidates & layer);

} // namespace loci

#pragma once

#include "policy/score.h"
#include "policy/value_term.h"

namespace loci {

/// ExpectedAttention (arXiv 2510.00636): queries are taken as Gaussian, so the expected
/// unnormalised attention to key k is exp(k.mu / sqrt(d) + k^T Sigma k / (2 d)); its softmax over
/// the slots, mean over the group, plus `epsilon`, times |v|. mu and Sigma are those of the queries
/// read so far before RoPE (the first four tokens dropped), rotated to the average of the next 512
/// positions.
///
/// Deviation: the scale is 1/sqrt(d) for every model; |v| is whatever `term` says.
LayerScore expected_score(ValueTerm term, double epsilon, const LayerCandidates & layer);

} // namespace loci

#pragma once

#include "policy/score.h"

namespace loci {

/// LagKV (arXiv 2504.04704), attention-free: keys and values of each partition of `partition`
/// tokens are normalised by the range of the next partition. The score is the softmax over the
/// partition of their deviation over the channels, averaged over keys and values.
///
/// In a stream, a token is scored once, when its next partition has been read, and keeps this
/// score. Until then it is one of the newest tokens, which stay (`recent` is one partition).
/// Deviation: the scores of all partitions compete for one budget, whereas the paper ranks within
/// each partition; scores are multiplied by the partition's length so that short partitions are not
/// preferred.
LayerScore lag_score(int partition, const LayerCandidates & layer);

} // namespace loci

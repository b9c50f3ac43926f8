#pragma once

#include "policy/score.h"

namespace loci {

/// LagKV (arXiv 2504.04704): partitions of `partition` tokens; keys and values of each are
/// normalised by the range of the next partition, and the softmax over the partition of their
/// deviation over the channels, mean of keys and values, is the score. Attention-free.
///
/// In a stream a token is scored once, as soon as its next partition is there, and keeps its score;
/// until then it is among the newest, which stay (`recent` is one partition). Deviation: scores of
/// all partitions compete for one budget, where the paper ranks inside each partition; they are
/// multiplied by the partition's length so that a short one is not preferred.
LayerScore lag_score(int partition, const LayerCandidates & layer);

} // namespace loci

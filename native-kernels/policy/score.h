#pragma once

#include "policy/policy.h"

#include <cstdint>
#include <vector>

namespace loci {

/// The scores of one layer; both arrays are [kv_heads][slots].
struct LayerScore {
    /// What a survivor carries to the next compression; a value that is negative or not finite is
    /// not carried. Empty if the method carries nothing.
    std::vector<float> evidence;
    /// What decides. Any finite number; values that are not finite rank lowest.
    std::vector<float> rank;
};

/// The place of a layer in the model or, with `head`, of one KV head of a ragged layer.
struct ScorePlace {
    size_t layer = 0;
    int64_t stream_tokens = 0;
    size_t head = 0; ///< the first of its KV heads
};

/// KeyDiff (arXiv 2504.15364): -cos(k_i, mean over the head's slots of k_j / |k_j|). Keys that
/// resemble the others are evicted first. Scores afresh at each compression.
LayerScore keydiff_score(const LayerCandidates & layer);

/// Knorm (arXiv 2406.11430): -|k_i|. Keys with a small norm attract attention.
LayerScore knorm_score(const LayerCandidates & layer);

/// Scores later tokens higher.
LayerScore position_score(const LayerCandidates & layer);

/// A fixed random number for each (seed, layer, KV head, token): after each compression, the
/// survivors are a uniform sample of the stream so far.
LayerScore random_score(uint32_t seed, const LayerCandidates & layer, const ScorePlace & place);

} // namespace loci

#pragma once

#include "policy/policy.h"

#include <cstdint>
#include <vector>

namespace loci {

/// What a method says of one layer; both are [kv_heads][slots].
struct LayerScore {
    /// What a survivor carries to the next compression; not finite or negative: nothing. Empty
    /// where the method carries nothing.
    std::vector<float> evidence;
    /// What decides. Any finite number; what is not finite is the lowest.
    std::vector<float> rank;
};

/// Where a layer stands, or with `head` one KV head of a ragged layer.
struct ScorePlace {
    size_t layer = 0;
    int64_t stream_tokens = 0;
    size_t head = 0; ///< the first of its KV heads
};

/// KeyDiff (arXiv 2504.15364): -cos(k_i, mean over the head's slots of k_j / |k_j|). What resembles
/// the other keys goes first. Scored anew at each compression.
LayerScore keydiff_score(const LayerCandidates & layer);

/// Knorm (arXiv 2406.11430): -|k_i|. Keys of small norm attract attention.
LayerScore knorm_score(const LayerCandidates & layer);

/// The later, the better.
LayerScore position_score(const LayerCandidates & layer);

/// A fixed random number for each (seed, layer, KV head, token): after each compression the
/// survivors are a uniform sample of the stream so far.
LayerScore random_score(uint32_t seed, const LayerCandidates & layer, const ScorePlace & place);

} // namespace loci

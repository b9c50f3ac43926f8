#pragma once

#include "policy/policy.h"
#include "policy/settings.h"

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

/// The score of the settings' kind. `layer` holds what `needs_of(settings)` asks for.
LayerScore score_layer(const Settings & settings, const LayerCandidates & layer,
                       const ScorePlace & place);

/// From the attention of observing rows; see attention_score.cpp.
LayerScore attention_score(const Settings & settings, const LayerCandidates & layer,
                           const ScorePlace & place);

/// KeyDiff (arXiv 2504.15364): -cos(k_i, mean over the head's slots of k_j / |k_j|). What resembles
/// the other keys goes first. Scored anew at each compression.
LayerScore keydiff_score(const LayerCandidates & layer);

/// Knorm (arXiv 2406.11430): -|k_i|. Keys of small norm attract attention.
LayerScore knorm_score(const LayerCandidates & layer);

/// LagKV (arXiv 2504.04704); see lag_score.cpp.
LayerScore lag_score(const Settings & settings, const LayerCandidates & layer);

/// ExpectedAttention (arXiv 2510.00636); see expected_score.cpp.
LayerScore expected_score(const Settings & settings, const LayerCandidates & layer);

/// The later, the better (StreamingLLM, arXiv 2309.17453, whose sinks are `Settings::sinks`).
LayerScore position_score(const LayerCandidates & layer);

/// A fixed random number for each (seed, layer, KV head, token): after each compression the
/// survivors are a uniform sample of the stream so far.
LayerScore random_score(const Settings & settings, const LayerCandidates & layer,
                        const ScorePlace & place);

/// Uniform in (0, 1), the same for the same arguments.
double uniform_hash(uint32_t seed, size_t layer, size_t head, int32_t token) noexcept;

} // namespace loci

#pragma once

#include <cstdint>
#include <vector>

namespace loci {

/// One layer for the model-wide top-K. Arrays are [kv_heads][slots].
struct RankedLayer {
    int kv_heads = 0;
    int slots = 0;
    const float * score = nullptr;   ///< comparable between layers
    const uint8_t * kept = nullptr;  ///< of `Keep` (policy/selection.h)
    const int32_t * token = nullptr; ///< stream index, decides ties
    int most_rows = 0;               ///< no head of this layer keeps more
};

/// LaProx's allocation (arXiv 2605.07234, Alg. 2): all scores of the model compete for `budget`
/// rows; the wish of a layer is the mean over its heads of how many of theirs win. An entry of a
/// layer with H KV heads costs 1/H row. First come the `kept` entries, then the best
/// `floor_share` * budget / layers of each head, then the rest by score; ties go to the lower
/// token, then layer, then head. A layer that is full (`most_rows`) leaves its turn to the others.
/// Deviation: the paper keeps per-head counts. Here only the mean of a layer's heads counts, and
/// heads with fewer winners are filled with their next best; in the ragged layout each of `layers`
/// is one head, and the counts are the paper's.
std::vector<double> model_wide_wishes(const std::vector<RankedLayer> & layers, int64_t budget,
                                      double floor_share);

} // namespace loci

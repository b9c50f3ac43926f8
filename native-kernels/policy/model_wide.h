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
    int most_rows = 0;               ///< upper bound of rows for each head of this layer
};

/// LaProx's allocation (arXiv 2605.07234, Alg. 2): all scores of the model compete for `budget`
/// rows; a layer's wish is the mean number of winners over its heads. An entry of a layer with H KV
/// heads costs 1/H row. The `kept` entries come first, then the best `floor_share` * budget /
/// layers of each head, then the rest by score; ties go to the lower token, then layer, then head.
/// A full layer (`most_rows`) leaves its share to the others.
/// Deviation: the paper uses per-head counts. Here only the mean over a layer's heads counts, and
/// heads with fewer winners keep their next best entries too. In the ragged layout, each of
/// `layers` is one head, and the counts are the paper's.
std::vector<double> model_wide_wishes(const std::vector<RankedLayer> & layers, int64_t budget,
                                      double floor_share);

} // namespace loci

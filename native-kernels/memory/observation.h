#pragma once

#include "attention/staircase_mask.h"
#include "policy/policy.h"
#include "pool/layer_pool.h"

#include <vector>

namespace loci {

/// The last `rows` tokens behind `slots - rows` others, in rows [0, slots) of a layer.
struct ObservationWindow {
    int64_t slots = 0;
    int64_t rows = 0;
};

/// The attention of observed queries to every slot, [kv_heads][slots], downloaded.
/// `queries` is f32 [key_size, window.rows, heads].
std::vector<float> observe_attention(LayerPool & pool, const StaircaseMask & mask,
                                     ggml_tensor * queries, const ObservationWindow & window,
                                     float scale, AttentionNeed::Rows rows);

/// The value statistic of the rows [first, first + count), [kv_heads][count], downloaded.
/// `grams` may be empty: then |v|^2.
std::vector<float> observe_values(LayerPool & pool, const DeviceTensor & grams, int64_t first,
                                  int64_t count);

} // namespace loci

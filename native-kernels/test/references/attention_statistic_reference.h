#pragma once

#include "policy/policy.h"

#include <cstdint>
#include <vector>

namespace loci {

/// The sizes of one layer's observation.
struct AttentionShape {
    int64_t head_size = 0;
    int64_t rows = 0;
    int64_t heads = 0;
    int64_t slots = 0;
    int64_t kv_heads = 0;
};

/// Computes one statistic of `build_attention_statistics` in plain loops and doubles. `queries` is
/// [heads][rows][head_size], `keys` [kv_heads][slots][head_size], `mask` [rows][slots] with 0 or
/// -infinity.
std::vector<float> attention_statistic_reference(const AttentionShape & shape,
                                                 const std::vector<float> & queries,
                                                 const std::vector<float> & keys,
                                                 const std::vector<float> & mask, float scale,
                                                 Statistic statistic);

} // namespace loci

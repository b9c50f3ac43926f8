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

/// One of `build_attention_statistics` in plain loops and doubles, for tests. `queries`
/// is [heads][rows][head_size], `keys` [kv_heads][slots][head_size], `mask` [rows][slots] with 0 or
/// -infinity; `sinks` is [heads], or empty; `soft_cap` 0: none.
std::vector<float> attention_statistic_reference(
    const AttentionShape & shape, const std::vector<float> & queries,
    const std::vector<float> & keys, const std::vector<float> & mask, float scale,
    Statistic statistic, const std::vector<float> & sinks = {}, float soft_cap = 0.0F);

} // namespace loci

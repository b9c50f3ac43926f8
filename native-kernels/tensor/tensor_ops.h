#pragma once

#include "runtime/api.h"

#include <cstddef>
#include <cstdint>

namespace loci {

/// f32 [n, m, k] contiguous -> [n, 1, k]: the sum over the second axis, by halving. Every step adds
/// two contiguous halves, so nothing is transposed, and the rounding error grows with log2 m only.
ggml_tensor * build_sum_over_second(const Api & api, ggml_context * context, ggml_tensor * tensor);

/// The same with the larger of two values in place of their sum.
ggml_tensor * build_maximum_over_second(const Api & api, ggml_context * context,
                                        ggml_tensor * tensor);

/// The heads [begin, end) of a tensor whose third axis is the head.
ggml_tensor * view_heads(const Api & api, ggml_context * context, ggml_tensor * tensor,
                         int64_t begin, int64_t end);

/// The tensor itself where its rows and heads follow each other without gaps, else a copy of it
/// that does: f32 and f16 keep their type, quantised types become f32. Vulkan's matrix product
/// takes heads with gaps between them for contiguous ones and computes something else.
ggml_tensor * without_gaps(const Api & api, ggml_context * context, ggml_tensor * tensor);

/// [n, a] and [n, b] -> [n, a + b]; `left` may be null.
ggml_tensor * append_columns(const Api & api, ggml_context * context, ggml_tensor * left,
                             ggml_tensor * right);

/// How many KV heads are worked off at once so that one group's intermediate of `bytes_per_head`
/// each stays within `limit`: between 1 and `kv_heads`.
int64_t heads_at_once(int64_t kv_heads, size_t bytes_per_head, size_t limit);

} // namespace loci

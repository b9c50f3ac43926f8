#pragma once

#include "runtime/api.h"

#include <cstddef>
#include <cstdint>

namespace loci {

/// Sums over the second axis by halving: f32 [n, m, k] contiguous -> [n, 1, k]. Each step adds two
/// contiguous halves, so nothing is transposed, and the rounding error grows only with log2 m.
ggml_tensor * build_sum_over_second(const Api & api, ggml_context * context, ggml_tensor * tensor);

/// Like `build_sum_over_second`, but with the maximum in place of the sum.
ggml_tensor * build_maximum_over_second(const Api & api, ggml_context * context,
                                        ggml_tensor * tensor);

/// Returns a view of the heads [begin, end) of a tensor whose third axis is the head.
ggml_tensor * view_heads(const Api & api, ggml_context * context, ggml_tensor * tensor,
                         int64_t begin, int64_t end);

/// Returns the tensor itself if its rows and heads have no gaps, else a contiguous copy: f32 and
/// f16 keep their type, quantised types become f32. Vulkan's matrix product treats heads with gaps
/// as contiguous and gives a wrong result.
ggml_tensor * without_gaps(const Api & api, ggml_context * context, ggml_tensor * tensor);

/// Concatenates [n, a] and [n, b] to [n, a + b]; `left` may be null.
ggml_tensor * append_columns(const Api & api, ggml_context * context, ggml_tensor * left,
                             ggml_tensor * right);

/// Returns how many KV heads to process at once so that their intermediate results, of
/// `bytes_per_head` each, stay within `limit`: between 1 and `kv_heads`.
int64_t heads_at_once(int64_t kv_heads, size_t bytes_per_head, size_t limit);

} // namespace loci

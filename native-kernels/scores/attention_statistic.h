#pragma once

#include "policy/policy.h"
#include "runtime/api.h"

#include <cstddef>
#include <vector>

namespace loci {

/// The input of the statistics. All tensors are on one device and are only read.
struct AttentionStatisticInput {
    /// f32 [head_size, rows, heads] after RoPE. Rows and heads may be strided.
    ggml_tensor * queries = nullptr;
    /// View of the pool, [head_size, slots, kv_heads], f16 or quantised; heads may be strided.
    ggml_tensor * keys = nullptr;
    /// f16 [slots, rows], contiguous: 0 if the row sees the slot, else -infinity. Every row must
    /// see at least one slot.
    ggml_tensor * mask = nullptr;
    /// f32 [heads]: one more logit of each head's softmax, which is of no slot; null: none.
    ggml_tensor * sinks = nullptr;
    /// What the dot products are multiplied by before the softmax.
    float scale = 0.0f;
    /// The bound that they then approach, c in c * tanh(x / c); 0: none.
    float soft_cap = 0.0f;
    /// At least one.
    std::vector<Statistic> statistics;
    /// The KV heads are processed in groups whose attention matrix takes at most this many bytes
    /// (but at least one KV head at a time).
    size_t intermediate_bytes = size_t{ 128 } << 20;
};

/// Builds the attention that each slot receives from the observing rows, one contiguous f32 tensor
/// for each statistic: [slots, kv_heads], or [slots, heads] for `apart`.
///
///     A[h][t][i] = softmax over i, and the sink, of
///                  (cap(scale * q[h][t] . k[h / g][i]) + mask[t][i])
///     a[j][t][i] = mean of A[h][t][i] over the g query heads h of KV head j
///     sum:     s[j][i] = sum over t of a[j][t][i]          (AhaKV, arXiv 2506.03762)
///     l2:      s[j][i] = sqrt(sum over t of a[j][t][i]^2)  (LaProx, arXiv 2605.07234)
///     maximum: s[j][i] = max over t and h of A[h][t][i]    (DefensiveKV, arXiv 2510.13334)
///     apart:   s[h][i] = sqrt(sum over t of A[h][t][i]^2)  (LaProx, the other reading)
///
/// with g = heads / kv_heads. The softmax runs over all slots in f32; the caller ignores the
/// columns of the window itself. Uses only operations that CPU, CUDA, Vulkan and Metal share.
/// Throws Error(internal) if shapes do not match.
std::vector<ggml_tensor *> build_attention_statistics(const Api & api, ggml_context * context,
                                                      const AttentionStatisticInput & input);

} // namespace loci

#pragma once

#include "runtime/api.h"

#include <cstddef>

namespace loci {

/// Builds the possible influence of a slot's value on the output: f32 [slots, kv_heads],
/// contiguous.
///
///     grams null: s[j][i] = |v[j][i]|^2
///     else:       s[j][i] = mean over the g query heads h of KV head j of
///                           sqrt(v[j][i]^T G_h v[j][i])  =  mean of |v[j][i] W_O^h|
///
/// `values` is a view of the pool, [head_size, slots, kv_heads], f16 or quantised; heads may be
/// strided. With `apart`, the norms of the query heads are not averaged: [slots, heads]. `grams` is
/// f32 [head_size, head_size, heads], contiguous: the Gram matrices of the layer's output
/// projection (model/output_gram.h); heads must be a multiple of kv_heads. A quadratic form that
/// rounding makes slightly negative counts as zero. The KV heads are processed in groups whose f32
/// copy of the values takes at most `intermediate_bytes` (but at least one KV head at a time).
/// Throws Error(internal) if shapes do not match.
ggml_tensor * build_value_norm(const Api & api, ggml_context * context, ggml_tensor * values,
                               ggml_tensor * grams, bool apart = false,
                               size_t intermediate_bytes = size_t{ 128 } << 20);

} // namespace loci

#pragma once

#include "runtime/api.h"

namespace loci {

/// Builds the mean over the group of |v W_O^h|_1 (CriticalKV, arXiv 2502.03805; DefensiveKV, arXiv
/// 2510.13334): f32 [slots, kv_heads]. `values` as for `build_value_norm`; `projection` is the
/// layer's output projection as stored, [heads * head_size, width], f16 or f32. There is no Gram
/// trick for the L1 norm, so this costs as much as the output projection itself. Throws
/// Error(internal) if shapes do not match.
ggml_tensor * build_projected_l1(const Api & api, ggml_context * context, ggml_tensor * values,
                                 ggml_tensor * projection, int64_t heads);

} // namespace loci

#pragma once

#include "runtime/api.h"
#include "tensor/layer_shape.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace loci {

/// Rotates keys by position shifts: `keys` f32 [head_size, 1, n], `shifts` i32 [n]. Keeps
/// magnitudes: the first rotation of a key applied YaRN's factor, which is divided out here.
ggml_tensor * build_rotation(const Api & api, ggml_context * context, ggml_tensor * keys,
                             ggml_tensor * shifts, ggml_tensor * frequency_factors,
                             const RopeParameters & rope);

/// The two channels of a rotated pair, and its angle per position.
struct RopePair {
    size_t first;
    size_t second;
    double step;
};

/// Returns all pairs that RoPE rotates, without YaRN: pair j by base^(-2j/d) * scale / factor_j.
std::vector<RopePair> rope_pairs(const RopeParameters & rope);

} // namespace loci

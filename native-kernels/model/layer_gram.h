#pragma once

#include "model/weight_file.h"
#include "tensor/compute.h"

#include <cstdint>
#include <vector>

namespace loci {

/// A weight's numbers as f32, row by row. `bytes` are those of the file. Throws
/// Error(model_invalid) where they have not the length of its type, and Error(model_unsupported)
/// where the type cannot be read.
std::vector<float> dequantize(const Api & api, const Weight & weight,
                              const std::vector<uint8_t> & bytes, int threads);

/// The Gram matrices of all heads of a layer, [heads][head_size][head_size]. W^T, the numbers of
/// `weight`, is [width, heads * head_size]; the rows of a head, as a matrix, times themselves.
std::vector<float> grams_of_layer(Compute & compute, const Weight & weight,
                                  const std::vector<float> & projection, int heads, int head_size);

/// One Gram matrix of a layer whose heads make their values from one row c (MLA): the mean over the
/// heads of V_h^T G_h V_h, so that c^T G c is the mean of the heads' squared norms
/// |V_h c W_O^h|^2. `grams` are those of the heads' own values; the numbers of `weight` are V,
/// [size of a row, head_size, heads].
std::vector<float> gram_of_latent(Compute & compute, const std::vector<float> & grams,
                                  const Weight & weight, const std::vector<float> & values);

} // namespace loci

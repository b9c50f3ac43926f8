#pragma once

#include <cstdint>
#include <vector>

namespace loci {

/// |v|^2 of every row of `values` [rows][head_size], in plain loops and doubles.
std::vector<float> squared_norm_reference(const std::vector<float> & values, int64_t head_size);

/// The mean over the group of |v W_O^h|, from the projection itself, not its Gram matrix:
/// [kv_heads][slots]. `values` is [kv_heads][slots][head_size], `projection`
/// [heads][head_size][width].
std::vector<float> projected_norm_reference(const std::vector<float> & values,
                                            const std::vector<float> & projection,
                                            int64_t head_size, int64_t kv_heads, int64_t heads);

/// G_h = W_O^h (W_O^h)^T: [heads][head_size][head_size].
std::vector<float> gram_reference(const std::vector<float> & projection, int64_t head_size,
                                  int64_t heads);

/// `build_projected_l1` in plain loops and doubles; arguments as for `projected_norm_reference`.
std::vector<float> projected_l1_reference(const std::vector<float> & values,
                                          const std::vector<float> & projection, int64_t head_size,
                                          int64_t kv_heads, int64_t heads);

} // namespace loci

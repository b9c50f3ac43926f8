#pragma once

#include <cstdint>

namespace loci {

/// Average pooling that keeps the length: out[i] is the mean of in[i - r .. i + r] with
/// r = (width - 1) / 2, over the neighbours that exist. At the ends, fewer are averaged; padding
/// with zeros would lower the edges. `width` is odd; 1 copies. Values that are not finite count as
/// zero. `in` and `out` must not overlap.
void average_pool(const float * in, int64_t length, int width, float * out);

/// Like `average_pool`, but with the largest neighbour. Values must not be negative.
void maximum_pool(const float * in, int64_t length, int width, float * out);

} // namespace loci

#pragma once

#include <cstdint>
#include <vector>

namespace loci {

/// A score as an integer of the same order: a < b exactly where order(a) < order(b). What is not
/// finite comes below every finite score; -0 equals 0.
uint32_t score_order(float score) noexcept;

/// The `k` best of `count` entries, as ascending indices. Entries of a higher `forced` level (0 to
/// 3; `forced` may be null) come first, then the higher score; ties go to the lower index. Scores
/// that are not finite are the lowest. With k >= count everything is taken.
std::vector<int32_t> top_k(const float * scores, const uint8_t * forced, int64_t count, int64_t k);

} // namespace loci

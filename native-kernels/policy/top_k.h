#pragma once

#include <cstdint>
#include <vector>

namespace loci {

/// Maps a score to an integer of the same order: a < b if and only if order(a) < order(b). Scores
/// that are not finite come below all finite ones; -0 equals 0.
uint32_t score_order(float score) noexcept;

/// Returns the `k` best of `count` entries as ascending indices. A higher `forced` level (0 to 3;
/// `forced` may be null) comes first, then a higher score; ties go to the lower index. Scores that
/// are not finite rank lowest. Returns all entries if k >= count.
std::vector<int32_t> top_k(const float * scores, const uint8_t * forced, int64_t count, int64_t k);

} // namespace loci

#pragma once

#include <cstdint>
#include <vector>

namespace loci {

/// What an eviction from a tail leaves in each head: the first `first` rows, the last `last`, and
/// of those between the best, so that `rows` remain.
struct TailKeep {
    int64_t first = 0;
    int64_t last = 0;
    int64_t rows = 0;
};

/// The rows of a tail that stay, [kv_heads][keep.rows] and ascending within a head, each head its
/// own. `keys` are those of the whole tail, [kv_heads][tokens][size], as they are rotated now.
///
/// Between the first and the last rows KeyDiff decides (arXiv 2504.15364; `keydiff_score`), whose
/// mean runs over the whole tail: what resembles the tail's other keys goes first, and no query is
/// needed. Ties go to the lower row. Deviation: the paper evicts at each step, here a good part
/// goes at once, and the newest rows stay whatever they score.
///
/// Throws Error(invalid_argument) unless 0 <= first, last and first + last <= rows <= tokens.
std::vector<int32_t> select_tail_rows(const std::vector<float> & keys, int kv_heads, int64_t tokens,
                                      const TailKeep & keep);

/// The same check alone.
void check_tail_keep(const TailKeep & keep, int64_t tokens);

} // namespace loci

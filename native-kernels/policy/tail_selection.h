#pragma once

#include <cstdint>
#include <vector>

namespace loci {

/// What an eviction from a tail keeps in each head: the first `first` rows, the last `last` rows,
/// and the best rows in between, `rows` in total.
struct TailKeep {
    int64_t first = 0;
    int64_t last = 0;
    int64_t rows = 0;
};

/// Returns the rows of a tail that stay, [kv_heads][keep.rows], ascending within each head; heads
/// keep different rows. `keys` are those of the whole tail, [kv_heads][tokens][size], as currently
/// rotated.
///
/// KeyDiff (arXiv 2504.15364; `keydiff_score`) decides between the first and the last rows, with
/// its mean over the whole tail: keys that resemble the others are evicted first, and no query is
/// needed. Ties go to the lower row. Deviation: the paper evicts at each step; here many rows are
/// evicted at once, and the newest rows stay regardless of their scores.
///
/// Throws Error(invalid_argument) unless 0 <= first, last and first + last <= rows <= tokens.
std::vector<int32_t> select_tail_rows(const std::vector<float> & keys, int kv_heads, int64_t tokens,
                                      const TailKeep & keep);

/// Performs only this check.
void check_tail_keep(const TailKeep & keep, int64_t tokens);

} // namespace loci

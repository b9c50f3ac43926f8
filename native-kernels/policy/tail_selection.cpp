#include "policy/tail_selection.h"

#include "core/error.h"
#include "core/range.h"
#include "policy/score.h"
#include "policy/top_k.h"

#include <algorithm>

namespace loci {

void check_tail_keep(const TailKeep & keep, int64_t tokens) {
    // Compared one by one, so that no sum overflows.
    const bool holds = keep.first >= 0 && keep.last >= 0 && keep.rows <= tokens &&
                       keep.first <= keep.rows && keep.last <= keep.rows - keep.first;
    if (!holds) {
        throw Error(
            ErrorCode::invalid_argument,
            "Tail eviction must keep the first and last rows, and cannot keep more than the " +
                std::to_string(tokens) + " rows available.");
    }
}

std::vector<int32_t> select_tail_rows(const std::vector<float> & keys, int kv_heads, int64_t tokens,
                                      const TailKeep & keep) {
    check_tail_keep(keep, tokens);
    const auto rows = static_cast<size_t>(tokens);
    LayerCandidates tail;
    tail.kv_heads = kv_heads;
    tail.slots = static_cast<int>(tokens);
    tail.keys = keys;
    tail.token.resize(static_cast<size_t>(kv_heads) * rows);
    const LayerScore score = keydiff_score(tail);

    std::vector<uint8_t> forced(rows, 0);
    std::fill_n(forced.begin(), keep.first, uint8_t{ 1 });
    std::fill_n(forced.rbegin(), keep.last, uint8_t{ 1 });
    std::vector<int32_t> kept;
    for (size_t head = 0; head < static_cast<size_t>(kv_heads); head++) {
        const auto best = top_k(score.rank.data() + head * rows, forced.data(), tokens, keep.rows);
        kept.insert(kept.end(), best.begin(), best.end());
    }
    return kept;
}

} // namespace loci

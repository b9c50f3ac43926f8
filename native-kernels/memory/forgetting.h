#pragma once

#include "core/range.h"
#include "store/kv_store.h"

#include <cstdint>
#include <vector>

namespace loci {

/// What forgetting takes, counted in rows of single KV heads.
struct ForgottenRows {
    int64_t forgotten = 0;
    /// Rows of other tokens that went too, since all heads of a pool hold equally many.
    int64_t evened = 0;
};

struct ForgetPlan {
    KvStore::Plan store;
    ForgottenRows rows;
};

/// Plans to take the rows of all tokens of `ranges` (stream indices; in any order, they may
/// overlap) out of every pool; changes nothing. Positions stay, and what comes next stands behind
/// the newest row that is left. In a pool of several heads (a rectangular layer) those that would
/// hold more rows than another give up, in this order: their lowest carried scores, rows without a
/// score, protected ones; of equals the newest. The plan's stream protects none of these tokens and
/// counts them to no file. Throws Error(invalid_argument) where a range reaches beyond the stream.
ForgetPlan plan_forgetting(const KvStore & store, const std::vector<Range> & ranges);

} // namespace loci

#include "policy/methods/legacy.h"

namespace loci {

/// AhaKV (arXiv 2506.03762), per KV head:
///
///     S_i = mean over the last r rows of softmax(lambda q.k)_i, mean over the group's query heads
///     v_i = |value_i|^2,  g = average pool of v,  score_i = g_i / max(g) * S_i
///
/// with lambda as in `self_guided_scale`; every head of every layer keeps the same number.
/// Parameters: `window` (32), the r observation rows; `value-pool` (7), which the paper does not
/// give; `carry` (1). Deviation: S is carried (attention_score.cpp).
const LegacyMethod ahakv_method = {
    "ahakv",
    {
        { "softmax", "guided" },
        { "value", "squared" },
        { "value-pool", "7" },
    },
};

} // namespace loci

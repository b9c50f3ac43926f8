#include "policy/methods/legacy.h"

namespace loci {

/// LaProx (arXiv 2605.07234), per KV head:
///
///     a_i = L2 norm over the last w rows t of the mean over the group's query heads of A[t][i]
///     p_i = average pool of a, times the mean over the group of |v_i W_O^h|
///     s_i = p_i / sum of p over the whole layer (all heads, without the newest columns)
///
/// and one model-wide top-K over s (`model_wide_wishes`). The order of the reduction over the group
/// follows the paper's appendix literally: the attention first, then the product; the other reading
/// is `aggregate=apart`: products head by head, their mean pooled.
/// Parameters: `window` (32), `pool` (7), `floor` (0.2), the share of the mean budget that every
/// head's best are granted before the heads compete, `carry` (1).
/// Deviations: layers are rectangular (see `model_wide_wishes`); the floor; the attention is
/// carried.
const LegacyMethod laprox_method = {
    "laprox",
    {
        { "aggregate", "l2" },
        { "pool", "7" },
        { "value", "projected" },
        { "allocation", "model" },
    },
};

} // namespace loci

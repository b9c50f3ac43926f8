#include "policy/methods/legacy.h"

namespace loci {

/// H2O (arXiv 2306.14048): the attention that a token got from all queries so far,
///
///     s_i = (sum over all rows t >= i of the mean over the group of A[t][i]) / (rows that saw i)
///
/// Parameters: `carry` (1): what earlier chunks' sums still count. Deviations: divided by the
/// number of rows that could see the token (kvpress does so; without it early tokens always win);
/// half the budget for recent tokens is left out, the last `recent` stay.
const LegacyMethod h2o_method = {
    "h2o",
    {
        { "rows", "all" },
        { "aggregate", "accumulated" },
    },
};

} // namespace loci

#include "policy/methods/method.h"

namespace loci {

/// SnapKV (arXiv 2404.14469):
///
///     s_i = average pool over i of the mean over the last w rows t and the group of A[t][i]
///
/// Parameters: `window` (64) and `pool` (5) as in kvpress; the authors' code takes 32 and a maximum
/// pool of 7 (`--set window=32 --set pool=7 --set pooling=maximum`). The window stays.
/// Deviation: scores are carried (attention_score.cpp).
const Method snapkv_method = {
    "snapkv",
    {
        { "window", "64" },
        { "pool", "5" },
    },
};

} // namespace loci

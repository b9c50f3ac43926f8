#include "policy/methods/legacy.h"

namespace loci {

/// DefensiveKV (arXiv 2510.13334): the worst case instead of the mean,
///
///     R_i = average pool of the maximum over the last w rows and the group of A[t][i]
///     s_i = max(R_i, mean of the head's R) * mean over the group of |v_i W_O^h|_1
///
/// and first the tokens that make up `mass` (0.9) of the mean attention.
/// Parameters: `window` (32), `pool` (7), `mass`, `value` (`l1`).
/// Deviations: pooled after the maximum; value norms are not divided by their sum over the heads;
/// `mass` is that of all columns, the window's own included; every head keeps as many.
const LegacyMethod defensive_method = {
    "defensive",
    {
        { "aggregate", "maximum" },
        { "pool", "7" },
        { "value", "l1" },
        { "defend", "yes" },
        { "mass", "0.9" },
    },
};

} // namespace loci

#include "policy/methods/legacy.h"

namespace loci {

/// CriticalKV (arXiv 2502.03805): half of the rows of each head by attention alone, the others by
///
///     (SnapKV's score + 1e-4) * mean over the group of |v_i W_O^h|_1
///
/// Parameters: `critical` (0.5), `value` (`l1`; `projected` is the L2 norm by the Gram trick).
const LegacyMethod criticalkv_method = {
    "criticalkv",
    {
        { "window", "64" },
        { "pool", "5" },
        { "value", "l1" },
        { "epsilon", "0.0001" },
        { "critical", "0.5" },
    },
};

} // namespace loci

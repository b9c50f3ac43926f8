#include "policy/methods/legacy.h"

namespace loci {

/// CAKE (arXiv 2503.12491): mean + 200 * variance over the window's rows, pooled; layers by entropy
/// and variance of their attention (`cake_wishes`). Parameters: `window` (32), `pool` (5).
const LegacyMethod cake_method = {
    "cake",
    {
        { "aggregate", "variance" },
        { "pool", "5" },
        { "allocation", "cake" },
    },
};

} // namespace loci

#include "policy/methods/legacy.h"

namespace loci {

/// Knorm (arXiv 2406.11430): keeps the keys of the smallest norm; see `knorm_score`.
const LegacyMethod knorm_method = {
    "knorm",
    {
        { "score", "knorm" },
        { "rows", "none" },
    },
};

} // namespace loci

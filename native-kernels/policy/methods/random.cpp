#include "policy/methods/legacy.h"

namespace loci {

/// A uniform sample of the tokens, another one in every head: what any method must beat.
/// Parameters: `seed`, `recent`.
const LegacyMethod random_method = {
    "random",
    {
        { "score", "random" },
        { "rows", "none" },
    },
};

} // namespace loci

#include "policy/methods/method.h"

namespace loci {

/// A uniform sample of the tokens, another one in every head: what any method must beat.
/// Parameters: `seed`, `recent`.
const Method random_method = {
    "random",
    {
        { "score", "random" },
        { "rows", "none" },
    },
};

} // namespace loci

#include "policy/methods/legacy.h"

namespace loci {

/// KeyDiff (arXiv 2504.15364): keeps the keys that differ most from the mean direction of their
/// head's keys; see `keydiff_score`. Needs no queries.
const LegacyMethod keydiff_method = {
    "keydiff",
    {
        { "score", "keydiff" },
        { "rows", "none" },
    },
};

} // namespace loci

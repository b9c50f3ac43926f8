#include "policy/methods/method.h"

namespace loci {

/// Ours for repositories; docs/memory-methods.md has the measurements.
const Method default_method = {
    "default",
    {
        { "aggregate", "l2" },
        { "pool", "7" },
        { "value", "projected" },
        { "allocation", "model" },
    },
};

} // namespace loci

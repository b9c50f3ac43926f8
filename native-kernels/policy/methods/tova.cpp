#include "policy/methods/legacy.h"

namespace loci {

/// TOVA (arXiv 2401.06104): the attention of the last row, mean over all heads of the layer; one
/// set of tokens for the layer. Parameters: `window` (1). Scored anew at each compression.
const LegacyMethod tova_method = {
    "tova",
    {
        { "window", "1" },
        { "heads", "shared" },
        { "carry", "0" },
    },
};

} // namespace loci

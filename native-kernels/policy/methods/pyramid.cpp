#include "policy/methods/legacy.h"

namespace loci {

/// PyramidKV (arXiv 2406.02069): SnapKV's score, budgets that fall from layer to layer
/// (`pyramid_wishes`). Parameters: `beta` (20).
const LegacyMethod pyramid_method = {
    "pyramid",
    {
        { "window", "64" },
        { "pool", "5" },
        { "allocation", "pyramid" },
    },
};

} // namespace loci

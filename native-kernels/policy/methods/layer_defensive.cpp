#include "policy/methods/legacy.h"

namespace loci {

/// Layer-DefensiveKV (arXiv 2510.13334): DefensiveKV's score with one top-K over all layers and
/// heads
/// (`model_wide_wishes`, scores as shares of their layer: raw scores of layers are not comparable).
const LegacyMethod layer_defensive_method = {
    "layer-defensive",
    {
        { "aggregate", "maximum" },
        { "pool", "7" },
        { "value", "l1" },
        { "defend", "yes" },
        { "mass", "0.9" },
        { "allocation", "model" },
    },
};

} // namespace loci

#include "policy/methods/legacy.h"

namespace loci {

/// LagKV (arXiv 2504.04704), see lag_score.cpp. Parameters: `partition` (128), `sinks` (4). The
/// newest partition stays until the next one is there to score it by.
const LegacyMethod lagkv_method = {
    "lagkv",
    {
        { "score", "lagkv" },
        { "rows", "none" },
        { "sinks", "4" },
        { "partition", "128" },
        { "recent", "128" },
    },
};

} // namespace loci

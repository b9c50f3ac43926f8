#include "policy/methods/legacy.h"

namespace loci {

/// StreamingLLM (arXiv 2309.17453): the first tokens of the stream, which attract attention
/// whatever they say, and the most recent ones. Reads no scores. Parameters: `sinks` (4; other
/// comparisons use up to 128). Deviations: protected tokens stay too; keys keep the positions that
/// the memory gives them, where the paper rotates by cache position at every step.
const LegacyMethod streaming_method = {
    "streaming",
    {
        { "score", "position" },
        { "rows", "none" },
        { "sinks", "4" },
    },
};

} // namespace loci

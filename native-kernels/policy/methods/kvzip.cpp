#include "policy/methods/legacy.h"

namespace loci {

/// KVzip (arXiv 2505.23416): the chunk is repeated behind itself, teacher-forced,
///
///     s_i = max over the rows of the repetition and the group of A[t][i]
///
/// where the softmax runs over the first tokens of the stream, the chunk and the repetition alone;
/// one top-K over all layers and heads. Costs more than a second prefill. Deviations: a stream's
/// chunk is repeated when it is read, against what is still held; scores are carried, never given
/// again; layers are rectangular and have a floor of 0.2.
const LegacyMethod kvzip_method = {
    "kvzip",
    {
        { "rows", "repeat" },
        { "aggregate", "maximum" },
        { "allocation", "model" },
        { "normalise", "no" },
    },
};

} // namespace loci

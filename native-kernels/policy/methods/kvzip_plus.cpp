#include "policy/methods/legacy.h"

namespace loci {

/// KVzip+ (arXiv 2601.07891): KVzip's attention times |v_i W_O^h|. Deviation: not divided by the
/// norm of the hidden state, which llama.cpp's graph does not hand out.
const LegacyMethod kvzip_plus_method = {
    "kvzip-plus",
    {
        { "rows", "repeat" },
        { "aggregate", "maximum" },
        { "value", "projected" },
        { "allocation", "model" },
    },
};

} // namespace loci

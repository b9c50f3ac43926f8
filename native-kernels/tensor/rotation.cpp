#include "tensor/rotation.h"

#include <cmath>

namespace loci {

ggml_tensor * build_rotation(const Api & api, ggml_context * context, ggml_tensor * keys,
                             ggml_tensor * shifts, ggml_tensor * frequency_factors,
                             const RopeParameters & rope) {
    const float magnitude = rope.extension_factor == 0.0F
                                ? 1.0F
                                : 1.0F / (1.0F + 0.1F * std::log(1.0F / rope.frequency_scale));
    ggml_tensor * rotated =
        api.ggml_rope_ext(context, keys, shifts, frequency_factors, rope.dimensions, rope.mode,
                          rope.original_context, rope.frequency_base, rope.frequency_scale,
                          rope.extension_factor, magnitude, rope.beta_fast, rope.beta_slow);
    return rope.offset > 0 ? api.ggml_rope_set_offset(rotated, rope.offset) : rotated;
}

std::vector<RopePair> rope_pairs(const RopeParameters & rope) {
    std::vector<RopePair> pairs;
    const int half = rope.dimensions / 2;
    const bool halves = (rope.mode & GGML_ROPE_TYPE_NEOX) != 0;
    for (int j = 0; j < half; j++) {
        const double factor =
            rope.frequency_factors.empty()
                ? 1.0
                : static_cast<double>(rope.frequency_factors[static_cast<size_t>(j)]);
        const double step =
            std::pow(static_cast<double>(rope.frequency_base), -2.0 * j / rope.dimensions) *
            static_cast<double>(rope.frequency_scale) / factor;
        pairs.push_back({ static_cast<size_t>(rope.offset + (halves ? j : 2 * j)),
                          static_cast<size_t>(rope.offset + (halves ? j + half : 2 * j + 1)),
                          step });
    }
    return pairs;
}

} // namespace loci

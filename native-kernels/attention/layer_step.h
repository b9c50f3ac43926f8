#pragma once

#include <cstdint>

namespace loci {

/// Where one step (one batch of at most a ubatch) stands in a pool: it writes rows
/// [base + held, base + held + tokens) and attends to rows [base, base + read), of which the
/// first held + i + 1 are visible to token i.
struct LayerStep {
    int64_t base = 0;
    int64_t held = 0;
    int64_t read = 0;
    /// Factor of the model's own softmax scale.
    float sharpening = 1.0F;
};

} // namespace loci

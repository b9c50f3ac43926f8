#pragma once

#include <cstdint>

namespace loci {

/// Factor of the softmax scale of a layer that attends to a memory of `rows` tokens:
/// 1 + strength * ln(rows / trained) beyond the trained context, 1 within it, where attention is
/// the model's own.
///
/// A softmax over more tokens than the model was trained on spreads, and the one token that matters
/// drowns among those like it. Scaling logits with the logarithm of the length keeps it apart
/// (Chiang and Cholak, arXiv 2202.12172, section 5.3; SSMax, arXiv 2501.19399). Deviations: they
/// train with ln(n), strength 1 / ln(trained) here; the factor counts the memory's rows alone, so
/// that it does not depend on how a tail is cut into batches.
float sharpening(double strength, int64_t rows, int64_t trained) noexcept;

} // namespace loci

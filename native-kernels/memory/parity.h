#pragma once

#include "attention/context.h"
#include "attention/retarget.h"
#include "attention/stepper.h"

#include <vector>

namespace loci {

/// Runs a few tokens on llama.cpp's own cache, and the same tokens on ours: a model whose attention
/// we would compute wrongly is never answered from.
class Parity {
  public:
    /// Runs them on llama.cpp's cache, which also shows the shape of every layer to `retarget`.
    Parity(const Model & model, Context & context, Retarget & retarget);

    /// Runs them on our pools, which hold nothing yet. Throws Error(parity_failed) where the logits
    /// differ by more than the rounding of that type.
    void check(Stepper & stepper, enum ggml_type type) const;

  private:
    const Model & model_;
    std::vector<llama_token> tokens_;
    std::vector<std::vector<float>> stock_; ///< logits after the prompt and each further token
};

} // namespace loci

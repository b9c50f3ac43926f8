#pragma once

#include "attention/context.h"
#include "attention/retarget.h"
#include "attention/stepper.h"

#include <vector>

namespace loci {

/// Tokens of a fixed text without meaning.
std::vector<llama_token> parity_tokens(int64_t vocabulary, int64_t count);

/// Throws Error(parity_failed) where logits differ by more than the rounding of that type.
void require_parity(const Model & model, const std::vector<float> & ours,
                    const std::vector<float> & stock, enum ggml_type type);

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

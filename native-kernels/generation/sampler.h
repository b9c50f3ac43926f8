#pragma once

#include "model/model.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace loci {

struct SamplerOptions {
    /// 0 or less is greedy.
    float temperature = 0.0F;
    int top_k = 40;
    float top_p = 0.95F;
    float min_p = 0.05F;
    float repeat_penalty = 1.0F;
    int repeat_last = 64;
    uint32_t seed = 0;
};

/// llama.cpp's samplers in their usual order: penalties, top-k, top-p, min-p, temperature, draw.
class Sampler {
  public:
    /// Throws Error(invalid_argument) for options outside their range.
    Sampler(std::shared_ptr<Model> model, const SamplerOptions & options);
    ~Sampler();

    Sampler(const Sampler &) = delete;
    Sampler & operator=(const Sampler &) = delete;

    /// Chooses a token and adds it to the penalties' history.
    llama_token sample(const std::vector<float> & logits);

    /// Clears the history and restarts from the seed.
    void reset();

  private:
    std::shared_ptr<Model> model_;
    llama_sampler * chain_;
    std::vector<llama_token_data> candidates_;
};

} // namespace loci

#pragma once

#include "runtime/api.h"

#include <cstdint>
#include <vector>

namespace loci {

/// How a layer rotates its keys, read from the model's own graph.
struct RopeParameters {
    bool found = false;
    /// Keys have no position (NoPE) and move without rotation.
    bool absent = false;
    int dimensions = 0;
    /// Values of a key before those that are rotated.
    int offset = 0;
    int mode = 0;
    int original_context = 0;
    float frequency_base = 0.0F;
    float frequency_scale = 1.0F;
    float extension_factor = 0.0F;
    float beta_fast = 0.0F;
    float beta_slow = 0.0F;
    /// The model's dimensions / 2 frequency factors, or empty.
    std::vector<float> frequency_factors;
};

/// The shape of one attention layer in the model's graph.
struct LayerShape {
    /// Its number among all layers of the model, including recurrent ones.
    int number = 0;
    int kv_heads = 0;
    int heads = 0;
    int key_size = 0;
    int value_size = 0;
    /// A value is the beginning of its key (MLA) and not stored beside it.
    bool values_in_keys = false;
    float scale = 0.0F;
    /// The bound that scaled products approach before the softmax (soft-capping); 0: none.
    float soft_cap = 0.0F;
    /// Tokens that each token sees, itself the last of them; 0: every one before it.
    int64_t window = 0;
    /// By query head, one more logit of its softmax that no token has; empty: none.
    std::vector<float> sinks;
    ggml_backend_dev_t device = nullptr;
    RopeParameters rope;
    /// Block sizes of the Hadamard rotation (tensor/hadamard.h) of keys (and queries) and of values
    /// in the graph; 0 if there is none.
    int key_hadamard = 0;
    int value_hadamard = 0;

    /// Whether keys can move to other positions.
    bool keys_move() const noexcept { return rope.found || rope.absent; }
};

} // namespace loci

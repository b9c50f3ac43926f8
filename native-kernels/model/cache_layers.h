#pragma once

#include "runtime/api.h"

#include <string>

namespace loci {

/// The layers of a model that hold keys and values.
struct CacheLayers {
    int layers = 0;
    int kv_heads = 0; ///< the same in each
};

/// Those of a model that mixes attention with recurrent layers, by the weights in its file: what
/// llama.cpp tells of a model is that of its first layer. Throws Error(model_unsupported) where
/// there are none, or they differ, and Error(model_invalid) where the file cannot be read.
CacheLayers cache_layers(const Api & api, const std::string & path, int layers, int head_size);

} // namespace loci

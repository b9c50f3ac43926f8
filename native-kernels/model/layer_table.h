#pragma once

#include "runtime/api.h"

#include <cstdint>
#include <string>
#include <vector>

namespace loci {

/// What a layer of a model keeps of the tokens before it.
enum class LayerKind {
    full,      ///< keys and values of any of them
    window,    ///< keys and values of the newest
    shared,    ///< nothing: it reads the keys and values of an earlier layer
    recurrent, ///< a state, or nothing at all
};

/// One layer of a model.
struct ModelLayer {
    LayerKind kind = LayerKind::full;
    int64_t window = 0; ///< tokens that a token sees, itself among them; 0: all, or it is recurrent
    int kv_heads = 0;   ///< 0 unless it holds keys and values
    int head_size = 0;  ///< values of one key; likewise
    int source = -1;    ///< the layer whose keys and values it reads, itself or an earlier one
};
using LayerTable = std::vector<ModelLayer>;

/// What is known of a model before its file is looked at.
struct LayerTableRequest {
    std::string path;
    std::string architecture;
    int layers = 0;
    int kv_heads = 0; ///< of the first layer
    int head_size = 0;
    int64_t window = 0;  ///< llama.cpp's; 0: no layer has one
    bool hybrid = false; ///< whether some layers are recurrent
};

/// Every layer of a model, by its file: what llama.cpp tells of a model is that of its first layer.
/// The graph's own masks decide whether the table is right (memory/sliding_parity.h). Throws
/// Error(model_unsupported) where no layer attends to all, the layers that do differ, or one shares
/// the keys of none, and Error(model_invalid) where the file cannot be read.
LayerTable layer_table(const Api & api, const LayerTableRequest & request);

/// The numbers of the layers that attend, in their order.
std::vector<int> attending_layers(const LayerTable & table);

/// How many of the layers are of a kind, and the KV heads of all of them.
int layers_of(const LayerTable & table, LayerKind kind) noexcept;
int kv_heads_of(const LayerTable & table, LayerKind kind) noexcept;

} // namespace loci

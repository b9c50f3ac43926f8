#pragma once

#include "attention/layer_shape.h"
#include "runtime/api.h"

namespace loci {

enum class CachePart { none, key, value };

struct CacheNode {
    CachePart part = CachePart::none;
    int layer = -1;
};

/// Which layer's cache a node of llama.cpp's graph writes to or reads from, by the name of the
/// tensor that its views rest on ("cache_k_l3"); part none for all other tensors.
CacheNode cache_node(const ggml_tensor * tensor) noexcept;

/// The ROPE node behind the keys that a SET_ROWS node writes; null where the keys are not rotated,
/// or are changed after they were.
const ggml_tensor * rope_node(const ggml_tensor * set_rows) noexcept;

/// The parameters of a ROPE node whose graph has been computed (its factors are downloaded).
/// `found` is false for rotations that cannot be redone by a shift of one position.
RopeParameters rope_parameters(const Api & api, const ggml_tensor * node);

/// The shape of the attention that a FLASH_ATTN_EXT node of llama.cpp's own graph computes.
LayerShape layer_shape(const Api & api, const ggml_tensor * attention);

} // namespace loci

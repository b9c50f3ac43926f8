#pragma once

#include "runtime/api.h"
#include "tensor/compute.h"
#include "tensor/layer_shape.h"

namespace loci {

enum class CachePart { none, key, value };

struct CacheNode {
    CachePart part = CachePart::none;
    int layer = -1;
};

/// Which layer's cache a node of llama.cpp's graph writes to or reads from, by the name of the
/// tensor that its views rest on ("cache_k_l3"); part none for all other tensors.
CacheNode cache_node(const ggml_tensor * tensor) noexcept;

/// What was done last to the rows that a SET_ROWS node writes; null where that was not done.
struct StoredRows {
    const ggml_tensor * rope = nullptr; ///< ROPE, with nothing but `hadamard` behind it
    const ggml_tensor * hadamard = nullptr;
    int offset = 0;         ///< values of a key before those that are rotated
    bool unrotated = false; ///< nothing since the layer's projection depends on the position
};

StoredRows stored_rows(const ggml_tensor * set_rows) noexcept;

/// Whether the values of a FLASH_ATTN_EXT node are the beginnings of its keys (MLA). Throws
/// Error(model_unsupported) for values elsewhere in the cache of the keys.
bool values_in_keys(const ggml_tensor * attention);

/// Whether a node is a product that llama.cpp marks as a Hadamard rotation.
bool is_hadamard(const ggml_tensor * node) noexcept;

/// The block size of a Hadamard rotation that has been computed. Throws Error(model_unsupported)
/// unless its matrix is hadamard_matrix(size).
int hadamard_size(const Api & api, const ggml_tensor * node);

/// The parameters of a ROPE node whose graph has been computed (its factors are downloaded).
/// `found` is false for rotations that cannot be redone by a shift of one position.
RopeParameters rope_parameters(const Api & api, const ggml_tensor * node);

/// The shape of the attention that a FLASH_ATTN_EXT node of llama.cpp's own graph computes.
LayerShape layer_shape(const Api & api, const ggml_tensor * attention);

/// How many rows the last token of such a node's batch sees, by its mask, which has been computed.
/// Throws Error(model_unsupported) for a mask that does more than hide.
int64_t visible_rows(const Api & api, const ggml_tensor * attention);

/// Throws Error(model_unsupported) where the device has no kernel for such a node over heads that
/// few kernels take; llama.cpp would abort the process. Nothing is asked of other heads.
void require_kernel(const Compute & compute, const ggml_tensor * attention);

/// Replaces the scale of a FLASH_ATTN_EXT node's logits.
void set_softmax_scale(ggml_tensor & node, float scale) noexcept;

} // namespace loci

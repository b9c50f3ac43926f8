#include "attention/graph_node.h"

#include "core/error.h"
#include "tensor/hadamard.h"

#include <cmath>
#include <cstdio>
#include <cstring>
#include <string>

namespace loci {

CacheNode cache_node(const ggml_tensor * tensor) noexcept {
    CacheNode node;
    while (tensor != nullptr && tensor->view_src != nullptr) {
        tensor = tensor->view_src;
    }
    if (tensor == nullptr) {
        return node;
    }
    int layer = -1;
    if (std::sscanf(tensor->name, "cache_k_l%d", &layer) == 1) {
        node.part = CachePart::key;
    } else if (std::sscanf(tensor->name, "cache_v_l%d", &layer) == 1) {
        node.part = CachePart::value;
    }
    node.layer = layer;
    return node;
}

bool is_hadamard(const ggml_tensor * node) noexcept {
    return node->op == GGML_OP_MUL_MAT && node->op_params[1] == GGML_HINT_SRC0_IS_HADAMARD;
}

int hadamard_size(const Api & api, const ggml_tensor * node) {
    const ggml_tensor * matrix = node->src[0];
    const int64_t size = matrix->ne[0];
    const bool square = matrix->type == GGML_TYPE_F32 && matrix->ne[1] == size && size > 1 &&
                        (size & (size - 1)) == 0 && api.ggml_nelements(matrix) == size * size;
    bool known = square;
    if (square) {
        const std::vector<float> expected = hadamard_matrix(static_cast<int>(size));
        std::vector<float> actual(expected.size());
        api.ggml_backend_tensor_get(matrix, actual.data(), 0, actual.size() * sizeof(float));
        for (size_t i = 0; i < expected.size(); i++) {
            known = known && std::abs(actual[i] - expected[i]) <= 1e-6F;
        }
    }
    if (!known) {
        throw Error(ErrorCode::model_unsupported,
                    "This model's graph rotates what it quantises in a way that Loci does not "
                    "know; store keys and values as f16.");
    }
    return static_cast<int>(size);
}

namespace {

bool is_weight(const ggml_tensor * tensor) noexcept {
    return tensor != nullptr && tensor->op == GGML_OP_NONE;
}

/// Whether a tensor is a projection by a weight, followed by steps that do not know the position:
/// norms, biases, factors. A copy to another device hides what lies before it: then it is not.
bool position_free(const ggml_tensor * tensor) noexcept {
    for (int depth = 0; tensor != nullptr && depth < 16; depth++) {
        switch (tensor->op) {
            case GGML_OP_VIEW:
            case GGML_OP_RESHAPE:
            case GGML_OP_PERMUTE:
            case GGML_OP_TRANSPOSE:
            case GGML_OP_CONT:
            case GGML_OP_SCALE:
            case GGML_OP_NORM:
            case GGML_OP_RMS_NORM: tensor = tensor->src[0]; break;
            case GGML_OP_ADD:
            case GGML_OP_MUL:
                if (!is_weight(tensor->src[1])) {
                    return false;
                }
                tensor = tensor->src[0];
                break;
            case GGML_OP_MUL_MAT:
                if (!is_hadamard(tensor)) {
                    return is_weight(tensor->src[0]);
                }
                tensor = tensor->src[1];
                break;
            default: return false;
        }
    }
    return false;
}

/// The mode that rotates by one position as a node does by several where these are equal, as those
/// of text are: (p, p, p, 0) in the sections of M-RoPE. -1 where a section has the fourth position,
/// or there is no such mode. Compare ggml_mrope_cache_init in ggml-cpu/ops.cpp.
int text_mode(int mode, const int32_t * sections, int dimensions) {
    if ((mode & GGML_ROPE_TYPE_MROPE) == 0) {
        return mode;
    }
    const int sum = sections[0] + sections[1] + sections[2] + sections[3];
    if ((mode != GGML_ROPE_TYPE_MROPE && mode != GGML_ROPE_TYPE_IMROPE) || sum <= 0) {
        return -1;
    }
    for (int pair = 0; pair < dimensions / 2; pair++) {
        const int sector = pair % sum;
        const bool fourth = mode == GGML_ROPE_TYPE_IMROPE ? sector >= 3 * sections[sector % 3]
                                                          : sector >= sum - sections[3];
        if (fourth) {
            return -1;
        }
    }
    return GGML_ROPE_TYPE_NEOX;
}

} // namespace

StoredRows stored_rows(const ggml_tensor * set_rows) noexcept {
    StoredRows rows;
    const ggml_tensor * tensor = set_rows->src[0];
    rows.unrotated = position_free(tensor);
    // Only steps that leave the numbers alone: anything else after the rotation breaks
    // rotate(rotate(k, p), d) = rotate(k, p + d).
    for (int depth = 0; tensor != nullptr && depth < 8; depth++) {
        if (tensor->op == GGML_OP_ROPE) {
            rows.rope = tensor;
            return rows;
        }
        if (is_hadamard(tensor) && rows.hadamard == nullptr && rows.offset == 0) {
            rows.hadamard = tensor;
            tensor = tensor->src[1];
            continue;
        }
        if (tensor->op == GGML_OP_CONCAT && rows.offset == 0) {
            // MLA: what stands before the rotated values of a key has no position.
            if (tensor->op_params[0] != 0 || !position_free(tensor->src[0])) {
                return rows;
            }
            rows.offset = static_cast<int>(tensor->src[0]->ne[0]);
            tensor = tensor->src[1];
            // Without absorbed projections every head has a copy of these values.
            const bool copies =
                tensor->op == GGML_OP_REPEAT && tensor->ne[0] == tensor->src[0]->ne[0];
            tensor = copies ? tensor->src[0] : tensor;
            continue;
        }
        if (tensor->op != GGML_OP_VIEW && tensor->op != GGML_OP_RESHAPE &&
            tensor->op != GGML_OP_PERMUTE && tensor->op != GGML_OP_CONT) {
            return rows;
        }
        tensor = tensor->src[0];
    }
    return rows;
}

RopeParameters rope_parameters(const Api & api, const ggml_tensor * node) {
    int32_t integers[5];
    float floats[6];
    std::memcpy(integers, node->op_params, sizeof(integers));
    std::memcpy(floats, node->op_params + 5, sizeof(floats));
    RopeParameters rope;
    // Positions that differ within a token, or a rotation that starts inside the head: not ours to
    // redo.
    rope.dimensions = integers[1];
    rope.mode = text_mode(integers[2], node->op_params + 11, rope.dimensions);
    rope.found = rope.mode >= 0 && node->op_params[15] == 0;
    rope.original_context = integers[4];
    rope.frequency_base = floats[0];
    rope.frequency_scale = floats[1];
    rope.extension_factor = floats[2];
    rope.beta_fast = floats[4];
    rope.beta_slow = floats[5];
    if (node->src[2] != nullptr) {
        rope.frequency_factors.resize(static_cast<size_t>(api.ggml_nelements(node->src[2])));
        api.ggml_backend_tensor_get(node->src[2], rope.frequency_factors.data(), 0,
                                    rope.frequency_factors.size() * sizeof(float));
    }
    return rope;
}

bool values_in_keys(const ggml_tensor * attention) {
    const ggml_tensor * keys = attention->src[1];
    const ggml_tensor * values = attention->src[2];
    if (cache_node(values).part != CachePart::key) {
        return false;
    }
    const bool beginnings = values->data == keys->data && values->ne[0] <= keys->ne[0] &&
                            values->ne[1] == keys->ne[1] && values->ne[2] == keys->ne[2] &&
                            values->nb[1] == keys->nb[1] && values->nb[2] == keys->nb[2];
    if (!beginnings) {
        throw Error(ErrorCode::model_unsupported,
                    "This model's values are not where Loci looks for them among its keys; choose "
                    "another model.");
    }
    return true;
}

int64_t visible_rows(const Api & api, const ggml_tensor * attention) {
    const ggml_tensor * mask = attention->src[3];
    bool known = mask != nullptr && mask->type == GGML_TYPE_F16;
    int64_t visible = 0;
    if (known) {
        std::vector<ggml_fp16_t> row(static_cast<size_t>(mask->ne[0]));
        const auto last = static_cast<size_t>(attention->src[0]->ne[1] - 1);
        api.ggml_backend_tensor_get(mask, row.data(), last * mask->nb[1],
                                    row.size() * sizeof(ggml_fp16_t));
        for (const ggml_fp16_t cell : row) {
            const float value = api.ggml_fp16_to_fp32(cell);
            visible += value == 0.0F ? 1 : 0;
            known = known && (value == 0.0F || (std::isinf(value) && value < 0.0F));
        }
    }
    if (!known) {
        throw Error(ErrorCode::model_unsupported,
                    "This model's attention is masked in a way that Loci does not know; choose "
                    "another model.");
    }
    return visible;
}

void require_kernel(const Compute & compute, const ggml_tensor * attention) {
    if (!compute.is_cpu() && attention->src[1]->ne[0] > 256 &&
        !compute.api().ggml_backend_supports_op(compute.backend(), attention)) {
        throw Error(ErrorCode::model_unsupported,
                    "This device cannot attend over heads of " +
                        std::to_string(attention->src[1]->ne[0]) +
                        " values; let the CPU compute this model, or choose another.");
    }
}

void set_softmax_scale(ggml_tensor & node, float scale) noexcept {
    std::memcpy(node.op_params, &scale, sizeof(scale));
}

LayerShape layer_shape(const Api & api, const ggml_tensor * attention) {
    const ggml_tensor * key = attention->src[1];
    LayerShape shape;
    shape.kv_heads = static_cast<int>(key->ne[2]);
    shape.heads = static_cast<int>(attention->src[0]->ne[2]);
    shape.key_size = static_cast<int>(key->ne[0]);
    shape.value_size = static_cast<int>(attention->src[2]->ne[0]);
    shape.values_in_keys = values_in_keys(attention);
    std::memcpy(&shape.scale, attention->op_params, sizeof(float));
    std::memcpy(&shape.soft_cap, attention->op_params + 2, sizeof(float));
    if (attention->src[4] != nullptr) {
        shape.sinks.resize(static_cast<size_t>(api.ggml_nelements(attention->src[4])));
        api.ggml_backend_tensor_get(attention->src[4], shape.sinks.data(), 0,
                                    shape.sinks.size() * sizeof(float));
    }
    ggml_backend_buffer_t buffer = key->view_src != nullptr ? key->view_src->buffer : key->buffer;
    shape.device = api.ggml_backend_buft_get_device(api.ggml_backend_buffer_get_type(buffer));
    if (shape.device == nullptr) {
        shape.device = api.ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU);
    }
    return shape;
}

} // namespace loci

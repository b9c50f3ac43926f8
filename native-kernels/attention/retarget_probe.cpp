// Looks at llama.cpp's own graph, before anything of it is rewritten: the shape of every layer.

#include "attention/retarget.h"
#include "core/error.h"

#include <cstring>
#include <string>

namespace loci {

namespace {

/// What llama.cpp's attention computes and ours does not.
void refuse_extras(const ggml_tensor & attention) {
    float bias = 0.0F;
    std::memcpy(&bias, attention.op_params + 1, sizeof(bias));
    if (bias != 0.0F) {
        throw Error(ErrorCode::model_unsupported,
                    "This model's attention adds a bias by distance (ALiBi), which Loci does not "
                    "support. Choose another model.");
    }
}

} // namespace

void Retarget::begin_probe() {
    mode_ = Mode::probe;
    failure_ = nullptr;
    attentions_seen_ = 0;
    hadamards_.clear();
    probed_.assign(layers_.size(), LayerShape{});
    visible_.assign(layers_.size(), 0);
}

std::vector<LayerShape> Retarget::shapes() const {
    if (failure_) {
        std::rethrow_exception(failure_);
    }
    std::vector<LayerShape> shapes;
    bool sound = true;
    for (const LayerShape & shape : probed_) {
        if (shape.kv_heads > 0) {
            shapes.push_back(shape);
            sound = sound && shape.heads % shape.kv_heads == 0;
        }
    }
    if (!sound || shapes.size() != holding_) {
        throw Error(
            ErrorCode::model_unsupported,
            "This model does not keep keys and values of its own in each layer that its file "
            "names; choose another model.");
    }
    return shapes;
}

std::vector<int64_t> Retarget::visible() const {
    std::vector<int64_t> visible;
    for (const LayerShape & shape : shapes()) {
        visible.push_back(visible_[static_cast<size_t>(shape.number)]);
    }
    return visible;
}

bool Retarget::probe(ggml_tensor * node, bool ask) {
    if (is_hadamard(node)) {
        if (!ask) {
            hadamards_[node] = hadamard_size(api_, node); // later nodes may take the matrix's place
        }
        return true;
    }
    if (node->op == GGML_OP_SET_ROWS) {
        const CacheNode place = cache_node(node);
        if (ask && place.part != CachePart::none) {
            Layer & layer = checked_layer(place.layer);
            const bool key = place.part == CachePart::key;
            (key ? layer.stored_keys : layer.stored_values) = stored_rows(node);
        }
        return false;
    }
    if (node->op != GGML_OP_FLASH_ATTN_EXT) {
        return false;
    }
    const CacheNode place = cache_node(node->src[1]);
    if (place.part != CachePart::key) {
        throw Error(ErrorCode::model_unsupported,
                    "This model's attention does not read llama.cpp's cache; choose a dense "
                    "transformer model.");
    }
    refuse_extras(*node);
    if (!ask) {
        const int number = reader_of(place.layer);
        note_shape(node, number);
        layers_[static_cast<size_t>(number)].probed = *node;
        Compute::alias(layers_[static_cast<size_t>(number)].probed_queries, node->src[0]);
    }
    return true; // everything before it is computed when it is called again
}

void Retarget::note_shape(const ggml_tensor * attention, int number) {
    LayerShape shape = layer_shape(api_, attention);
    const int64_t visible = visible_rows(api_, attention);
    const auto source = static_cast<size_t>(table_[static_cast<size_t>(number)].source);
    if (static_cast<int>(source) != number) {
        const LayerShape & read = probed_[source];
        if (shape.key_size != read.key_size || shape.value_size != read.value_size ||
            shape.values_in_keys != read.values_in_keys || shape.kv_heads != read.kv_heads ||
            shape.heads != read.heads || shape.scale != read.scale ||
            shape.soft_cap != read.soft_cap || !shape.sinks.empty() ||
            visible != visible_[source]) {
            throw Error(ErrorCode::model_unsupported,
                        "Layer " + std::to_string(number) +
                            " of this model looks at keys that it shares in another way than the "
                            "layer that they are of; choose another model.");
        }
        return;
    }
    Layer & layer = layers_[source];
    shape.number = number;
    if (layer.stored_keys.rope != nullptr) {
        shape.rope = rope_parameters(api_, layer.stored_keys.rope);
        shape.rope.offset = layer.stored_keys.offset;
        // A value would turn with its key.
        shape.rope.found =
            shape.rope.found && (!shape.values_in_keys || shape.rope.offset >= shape.value_size);
    } else {
        shape.rope.absent = layer.stored_keys.unrotated;
    }
    shape.key_hadamard = hadamard_of(layer.stored_keys);
    shape.value_hadamard =
        hadamard_of(shape.values_in_keys ? layer.stored_keys : layer.stored_values);
    layer.stored_keys = layer.stored_values = {};
    probed_[source] = shape;
    visible_[source] = visible;
}

int Retarget::hadamard_of(const StoredRows & rows) const {
    if (rows.hadamard == nullptr) {
        return 0;
    }
    const auto found = hadamards_.find(rows.hadamard);
    require(found != hadamards_.end(), "a rotation that was not computed");
    return found->second;
}

} // namespace loci

#include "attention/retarget.h"

#include "core/error.h"

namespace loci {

namespace {

size_t as_size(int64_t value) {
    return static_cast<size_t>(value);
}

void set_shape_2d(ggml_tensor & tensor, int64_t columns, int64_t rows, size_t row_bytes) {
    tensor.ne[0] = columns;
    tensor.ne[1] = rows;
    tensor.ne[2] = tensor.ne[3] = 1;
    tensor.nb[1] = row_bytes;
    tensor.nb[2] = tensor.nb[3] = row_bytes * as_size(rows);
}

} // namespace

Retarget::Retarget(const Api & api, int layers) : api_(api), layers_(as_size(layers)) {
    for (int i = 0; i < layers; i++) {
        Layer & layer = layers_[as_size(i)];
        known_[&layer.keys.leaves[0]] = { CachePart::key, i, false };
        known_[&layer.values.leaves[0]] = { CachePart::value, i, false };
        known_[&layer.attention.leaves[0]] = { CachePart::key, i, true };
    }
}

bool Retarget::callback(ggml_tensor * node, bool ask, void * self) noexcept {
    auto * retarget = static_cast<Retarget *>(self);
    try {
        return retarget->handle(node, ask);
    } catch (...) {
        if (!retarget->failure_) {
            retarget->failure_ = std::current_exception();
        }
        return false; // in the second call this stops the graph
    }
}

void Retarget::begin_probe() {
    mode_ = Mode::probe;
    failure_ = nullptr;
    hadamards_.clear();
    shapes_.assign(layers_.size(), LayerShape{});
}

const std::vector<LayerShape> & Retarget::shapes() const {
    if (failure_) {
        std::rethrow_exception(failure_);
    }
    for (const LayerShape & shape : shapes_) {
        if (shape.kv_heads <= 0 || shape.heads % shape.kv_heads != 0) {
            throw Error(ErrorCode::model_unsupported,
                        "This model does not keep one full-attention cache per layer; choose a "
                        "dense transformer model.");
        }
    }
    return shapes_;
}

void Retarget::attach(std::vector<LayerPool *> pools, std::vector<StaircaseMask *> masks) {
    require(pools.size() == layers_.size() && masks.size() == layers_.size(),
            "pools for another number of layers");
    for (size_t i = 0; i < layers_.size(); i++) {
        layers_[i].pool = pools[i];
        layers_[i].mask = masks[i];
    }
    mode_ = Mode::attached;
}

void Retarget::begin_step(const std::vector<LayerStep> & steps, int64_t tokens, int64_t observed) {
    require(mode_ == Mode::attached && steps.size() == layers_.size(), "a step without pools");
    require(observed <= tokens, "more observed rows than tokens");
    tokens_ = tokens;
    observed_ = observed;
    failure_ = nullptr;
    stores_seen_ = 0;
    attentions_seen_ = 0;
    std::vector<int64_t> rows;
    for (size_t i = 0; i < layers_.size(); i++) {
        Layer & layer = layers_[i];
        const LayerShape & shape = layer.pool->shape();
        layer.step = steps[i];
        const int64_t capacity = layer.pool->capacity();
        const Range written = Range::checked(layer.step.base + layer.step.held,
                                             layer.step.base + layer.step.held + tokens, capacity);
        Range::checked(layer.step.base, layer.step.base + layer.step.read, capacity);

        rows.resize(as_size(shape.kv_heads * tokens));
        for (int64_t t = 0; t < tokens; t++) {
            for (int64_t h = 0; h < shape.kv_heads; h++) {
                rows[as_size(t * shape.kv_heads + h)] = h * capacity + written.begin() + t;
            }
        }
        Compute & compute = layer.pool->compute();
        if (!layer.rows || layer.rows.get()->ne[0] < static_cast<int64_t>(rows.size())) {
            layer.rows = DeviceTensor(api_, compute.backend(), GGML_TYPE_I64,
                                      { static_cast<int64_t>(rows.size()), 1, 1 });
        }
        api_.ggml_backend_tensor_set(layer.rows.get(), rows.data(), 0,
                                     rows.size() * sizeof(int64_t));
        if (observed > 0 && (!layer.queries || layer.queries.get()->ne[1] != observed)) {
            layer.queries = DeviceTensor(api_, compute.backend(), GGML_TYPE_F32,
                                         { shape.key_size, observed, shape.heads });
        }
    }
}

void Retarget::end_step() {
    if (failure_) {
        std::rethrow_exception(failure_);
    }
    const int layers = static_cast<int>(layers_.size());
    if (stores_seen_ != 2 * layers || attentions_seen_ != layers) {
        throw Error(ErrorCode::model_unsupported,
                    "This model's graph does not read one cache per layer; choose a dense "
                    "transformer model.");
    }
}

ggml_tensor * Retarget::queries(int layer) const {
    return layers_[as_size(layer)].queries.get();
}

size_t Retarget::bytes() const noexcept {
    size_t total = 0;
    for (const Layer & layer : layers_) {
        total += layer.rows.bytes() + layer.queries.bytes();
    }
    return total;
}

Retarget::Layer & Retarget::checked_layer(int index) {
    if (index < 0 || as_size(index) >= layers_.size()) {
        throw Error(ErrorCode::model_unsupported,
                    "This model's cache has more layers than its metadata says; the file may be "
                    "damaged.");
    }
    return layers_[as_size(index)];
}

bool Retarget::handle(ggml_tensor * node, bool ask) {
    if (mode_ == Mode::off || failure_) {
        return false;
    }
    if (mode_ == Mode::probe) {
        return probe(node, ask);
    }
    if (!ask) {
        const auto known = known_.find(node->src[0]);
        require(known != known_.end() && known->second.attention, "an unasked node");
        keep_queries(node, layers_[as_size(known->second.layer)]);
        return true;
    }
    if (node->op != GGML_OP_SET_ROWS && node->op != GGML_OP_FLASH_ATTN_EXT) {
        return false;
    }
    const bool attention = node->op == GGML_OP_FLASH_ATTN_EXT;
    CacheNode place;
    const auto known = known_.find(node->src[0]);
    if (known != known_.end() && known->second.attention == attention) {
        place = { known->second.part, known->second.layer };
    } else {
        place = cache_node(attention ? node->src[1] : node);
        if (place.part == CachePart::none) {
            return false;
        }
        Layer & layer = checked_layer(place.layer);
        if (attention) {
            layer.attention.original = *node;
        } else {
            (place.part == CachePart::key ? layer.keys : layer.values).original = *node;
        }
    }
    Layer & layer = checked_layer(place.layer);
    if (attention) {
        rewrite_attention(node, layer);
        return observed_ > 0;
    }
    const bool values = place.part == CachePart::value;
    rewrite_store(node, values ? layer.values : layer.keys, layer, values);
    return false;
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
    if (ask) {
        return true; // everything before it is computed when it is called again
    }
    Layer & layer = checked_layer(place.layer);
    LayerShape shape = layer_shape(api_, node);
    if (layer.stored_keys.rope != nullptr) {
        shape.rope = rope_parameters(api_, layer.stored_keys.rope);
    }
    shape.key_hadamard = hadamard_of(layer.stored_keys);
    shape.value_hadamard = hadamard_of(layer.stored_values);
    layer.stored_keys = layer.stored_values = {};
    shapes_[as_size(place.layer)] = shape;
    return true;
}

int Retarget::hadamard_of(const StoredRows & rows) const {
    if (rows.hadamard == nullptr) {
        return 0;
    }
    const auto found = hadamards_.find(rows.hadamard);
    require(found != hadamards_.end(), "a rotation that was not computed");
    return found->second;
}

void Retarget::rewrite_store(ggml_tensor * node, Rewritten & saved, Layer & layer, bool values) {
    stores_seen_++;
    const LayerShape & shape = layer.pool->shape();
    const ggml_tensor * source = saved.original.src[0];
    ggml_tensor * store = values ? layer.pool->values() : layer.pool->keys();
    const int64_t size = store->ne[0];
    const int64_t rows = shape.kv_heads * tokens_;
    const size_t bytes = as_size(size) * source->nb[0];
    if (source->ne[0] != size * shape.kv_heads || source->ne[1] != tokens_ ||
        source->nb[1] != bytes * as_size(shape.kv_heads)) {
        throw Error(ErrorCode::model_unsupported,
                    "This model lays its keys and values out in a way that Loci does not know.");
    }
    // One row per token and head instead of one per token.
    Compute::alias(saved.leaves[0], source);
    set_shape_2d(saved.leaves[0], size, rows, bytes);
    Compute::alias(saved.leaves[1], layer.rows.get());
    set_shape_2d(saved.leaves[1], rows, 1, as_size(rows) * sizeof(int64_t));
    Compute::alias(saved.leaves[2], store);
    set_shape_2d(saved.leaves[2], size, store->ne[1] * store->ne[2], store->nb[1]);

    node->src[0] = &saved.leaves[0];
    node->src[1] = &saved.leaves[1];
    node->src[2] = &saved.leaves[2];
    node->type = store->type;
    node->view_src = store;
    node->view_offs = 0;
    node->data = store->data;
    node->buffer = store->buffer;
    node->nb[0] = store->nb[0];
    set_shape_2d(*node, size, store->ne[1] * store->ne[2], store->nb[1]);
}

void Retarget::rewrite_attention(ggml_tensor * node, Layer & layer) {
    attentions_seen_++;
    Rewritten & saved = layer.attention;
    const LayerStep step = layer.step;
    Compute::alias(saved.leaves[0], saved.original.src[0]);
    ggml_tensor * stores[2] = { layer.pool->keys(), layer.pool->values() };
    for (int part = 0; part < 2; part++) {
        ggml_tensor & leaf = saved.leaves[1 + part];
        Compute::alias(leaf, stores[part]);
        leaf.data = static_cast<char *>(leaf.data) + as_size(step.base) * leaf.nb[1];
        leaf.ne[1] = step.read;
    }
    layer.mask->attention_view(saved.leaves[3], { step.held, tokens_, step.read });
    for (int i = 0; i < 4; i++) {
        node->src[i] = &saved.leaves[i];
    }
    api_.ggml_flash_attn_ext_set_n_kv_max(node, 0);
    set_softmax_scale(*node, layer.pool->shape().scale * step.sharpening);
}

void Retarget::keep_queries(const ggml_tensor * node, Layer & layer) {
    const ggml_tensor * source = node->src[0]; // [key_size, tokens, heads], strided
    Compute & compute = layer.pool->compute();
    compute.run([&](ggml_context * context, ggml_cgraph *) {
        ggml_tensor * rows = compute.alias(context, source);
        rows->data = static_cast<char *>(rows->data) + as_size(tokens_ - observed_) * rows->nb[1];
        rows->ne[1] = observed_;
        return std::vector<ggml_tensor *>{ api_.ggml_cpy(
            context, rows, compute.alias(context, layer.queries.get())) };
    });
}

} // namespace loci

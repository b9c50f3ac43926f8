#include "attention/retarget.h"

#include "core/error.h"

#include <unordered_set>
#include <utility>

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

void Retarget::attach(std::vector<AttachedLayer> layers, int64_t batch) {
    require(layers.size() == layers_.size(), "pools for another number of layers");
    places_.clear();
    for (size_t i = 0; i < layers_.size(); i++) {
        Layer & layer = layers_[i];
        layer.pools = std::move(layers[i].pools);
        layer.mask = layers[i].mask;
        layer.steps.resize(layer.pools.size());
        require(!layer.pools.empty() && (layers[i].ragged || layer.pools.size() == 1),
                "a layer with the wrong number of pools");
        for (size_t pool = 0; pool < layer.pools.size(); pool++) {
            places_.emplace_back(i, pool);
        }
        if (layers[i].ragged) {
            std::shared_ptr<const Staging> staging;
            for (size_t before = 0; before < i && !staging; before++) {
                const RaggedAttention * other = layers_[before].ragged.get();
                if (other != nullptr && other->shares_staging_with(layer.pools)) {
                    staging = other->staging();
                }
            }
            if (!staging) {
                staging = RaggedAttention::make_staging(layer.pools, batch);
            }
            layer.ragged =
                std::make_unique<RaggedAttention>(layer.pools, *layer.mask, std::move(staging));
        }
    }
    mode_ = Mode::attached;
}

void Retarget::begin_step(const std::vector<LayerStep> & steps, int64_t tokens, int64_t observed) {
    require(mode_ == Mode::attached && steps.size() == places_.size(), "a step without pools");
    require(observed <= tokens, "more observed rows than tokens");
    tokens_ = tokens;
    observed_ = observed;
    failure_ = nullptr;
    stores_seen_ = 0;
    attentions_seen_ = 0;
    for (size_t i = 0; i < steps.size(); i++) {
        Layer & layer = layers_[places_[i].first];
        const LayerStep & step = layer.steps[places_[i].second] = steps[i];
        const int64_t capacity = layer.pools[places_[i].second]->capacity();
        Range::checked(step.base + step.held, step.base + step.held + tokens, capacity);
        Range::checked(step.base, step.base + step.read, capacity);
    }
    for (Layer & layer : layers_) {
        if (layer.ragged) {
            layer.ragged->begin_step(layer.steps, tokens);
        } else {
            upload_rows(layer);
        }
        if (observed > 0 && (!layer.queries || layer.queries.get()->ne[1] != observed)) {
            const LayerShape & shape = layer.pools.front()->shape();
            const auto heads = static_cast<int64_t>(layer.pools.size()) * shape.heads;
            layer.queries = DeviceTensor(api_, layer.pools.front()->compute().backend(),
                                         GGML_TYPE_F32, { shape.key_size, observed, heads });
        }
    }
}

// Where a rectangular layer's step writes.
void Retarget::upload_rows(Layer & layer) {
    KvPool & pool = *layer.pools.front();
    const int64_t kv_heads = pool.shape().kv_heads;
    const int64_t first = layer.steps.front().base + layer.steps.front().held;
    std::vector<int64_t> rows(as_size(kv_heads * tokens_));
    for (int64_t t = 0; t < tokens_; t++) {
        for (int64_t h = 0; h < kv_heads; h++) {
            rows[as_size(t * kv_heads + h)] = h * pool.capacity() + first + t;
        }
    }
    if (!layer.rows || layer.rows.get()->ne[0] < static_cast<int64_t>(rows.size())) {
        layer.rows = DeviceTensor(api_, pool.compute().backend(), GGML_TYPE_I64,
                                  { static_cast<int64_t>(rows.size()), 1, 1 });
    }
    api_.ggml_backend_tensor_set(layer.rows.get(), rows.data(), 0, rows.size() * sizeof(int64_t));
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

ggml_tensor * Retarget::queries(size_t pool) {
    const auto [index, part] = places_[pool];
    Layer & layer = layers_[index];
    const int64_t heads = layer.pools[part]->shape().heads;
    Compute::alias(layer.looked, layer.queries.get());
    layer.looked.data =
        static_cast<char *>(layer.looked.data) + part * as_size(heads) * layer.looked.nb[2];
    layer.looked.ne[2] = heads;
    return &layer.looked;
}

size_t Retarget::bytes() const noexcept {
    size_t total = 0;
    std::unordered_set<const Staging *> stagings;
    for (const Layer & layer : layers_) {
        total += layer.rows.bytes() + layer.queries.bytes();
        const Staging * staging = layer.ragged ? layer.ragged->staging().get() : nullptr;
        total += layer.ragged ? layer.ragged->bytes() : 0;
        if (staging != nullptr && stagings.insert(staging).second) {
            total += staging->keys.bytes() + staging->values.bytes() + staging->rows.bytes();
        }
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
        Layer & layer = layers_[as_size(known->second.layer)];
        if (layer.ragged) {
            layer.ragged->compute(layer.attention.original, node);
        }
        if (observed_ > 0) {
            keep_queries(node, layer);
        }
        return true;
    }
    if (node->op != GGML_OP_SET_ROWS && node->op != GGML_OP_FLASH_ATTN_EXT &&
        node->op != GGML_OP_NONE) {
        return false;
    }
    const auto known = known_.find(node->src[0]);
    if (node->op == GGML_OP_NONE && (known == known_.end() || !known->second.attention)) {
        return false; // not one that was left out before
    }
    const bool attention = node->op != GGML_OP_SET_ROWS;
    CacheNode place;
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
        attentions_seen_++;
        if (layer.ragged) {
            leave_out(node, layer);
            return true;
        }
        rewrite_attention(node, layer);
        return observed_ > 0;
    }
    const bool values = place.part == CachePart::value;
    rewrite_store(node, values ? layer.values : layer.keys, layer, values);
    return false;
}

void Retarget::rewrite_store(ggml_tensor * node, Rewritten & saved, Layer & layer, bool values) {
    stores_seen_++;
    const ggml_tensor * source = saved.original.src[0];
    const KvPool & pool = *layer.pools.front();
    const Staging * staging = layer.ragged ? layer.ragged->staging().get() : nullptr;
    ggml_tensor * store = staging != nullptr ? (values ? staging->values : staging->keys).get()
                          : values           ? pool.values()
                                             : pool.keys();
    const int64_t size = store->ne[0];
    const int64_t kv_heads = store->ne[2];
    const int64_t rows = kv_heads * tokens_;
    const size_t bytes = as_size(size) * source->nb[0];
    if (source->ne[0] != size * kv_heads || source->ne[1] != tokens_ ||
        source->nb[1] != bytes * as_size(kv_heads)) {
        throw Error(ErrorCode::model_unsupported,
                    "This model lays its keys and values out in a way that Loci does not know.");
    }
    // One row per token and head instead of one per token.
    Compute::alias(saved.leaves[0], source);
    set_shape_2d(saved.leaves[0], size, rows, bytes);
    Compute::alias(saved.leaves[1], (staging != nullptr ? staging->rows : layer.rows).get());
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
    Rewritten & saved = layer.attention;
    const LayerStep step = layer.steps.front();
    Compute::alias(saved.leaves[0], saved.original.src[0]);
    ggml_tensor * stores[2] = { layer.pools.front()->keys(), layer.pools.front()->values() };
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
    set_softmax_scale(*node, layer.pools.front()->shape().scale * step.sharpening);
}

// llama.cpp computes nothing here; the queries' leaf marks the node where its graph is reused.
void Retarget::leave_out(ggml_tensor * node, Layer & layer) {
    Compute::alias(layer.attention.leaves[0], layer.attention.original.src[0]);
    node->src[0] = &layer.attention.leaves[0];
    node->op = GGML_OP_NONE;
}

void Retarget::keep_queries(const ggml_tensor * node, Layer & layer) {
    const ggml_tensor * source = node->src[0]; // [key_size, tokens, heads], strided
    Compute & compute = layer.pools.front()->compute();
    compute.run([&](ggml_context * context, ggml_cgraph *) {
        ggml_tensor * rows = compute.alias(context, source);
        rows->data = static_cast<char *>(rows->data) + as_size(tokens_ - observed_) * rows->nb[1];
        rows->ne[1] = observed_;
        return std::vector<ggml_tensor *>{ api_.ggml_cpy(
            context, rows, compute.alias(context, layer.queries.get())) };
    });
}

} // namespace loci

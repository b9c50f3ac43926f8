// What the nodes of llama.cpp's graph that keep keys and values are made to do instead.

#include "attention/retarget.h"
#include "core/error.h"

#include <algorithm>
#include <map>

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
                    "Loci does not support the layout of this model's keys and values.");
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
    node->data = saved.original.data;
    node->buffer = saved.original.buffer;
    Compute::alias(saved.leaves[0], saved.original.src[0]);
    aim(*node, saved.leaves, layer);
    require_kernel(layer.pools.front()->compute(), node);
    outputs_.place(layer.pools.front()->compute(), *node);
}

// Makes a FLASH_ATTN_EXT node read a layer's pool through leaves, of which the first are the
// queries.
void Retarget::aim(ggml_tensor & node, ggml_tensor (&leaves)[4], Layer & layer) const {
    const LayerStep & step = layer.steps.front();
    ggml_tensor * stores[2] = { layer.pools.front()->keys(), layer.pools.front()->values() };
    for (int part = 0; part < 2; part++) {
        ggml_tensor & leaf = leaves[1 + part];
        Compute::alias(leaf, stores[part]);
        leaf.data = static_cast<char *>(leaf.data) + as_size(step.base) * leaf.nb[1];
        leaf.ne[1] = step.read;
    }
    if (layer.pools.front()->shape().values_in_keys) {
        leaves[2].view_src = &leaves[1]; // some kernels ask whether they are
    }
    layer.mask->attention_view(leaves[3], { step.held, tokens_, step.read });
    for (int i = 0; i < 4; i++) {
        node.src[i] = &leaves[i];
    }
    api_.ggml_flash_attn_ext_set_n_kv_max(&node, 0);
    set_softmax_scale(node, layer.pools.front()->shape().scale * step.sharpening);
}

// What the step's attention nodes will need behind their results is known before llama.cpp has
// built them: they are those of the probe for another number of tokens. An output that is too small
// becomes large enough for whole pools, so that it seldom grows.
void Retarget::plan_outputs() {
    std::map<Compute *, size_t> wanted;
    for (const int number : attending_) {
        Layer & layer = layers_[as_size(number)];
        if (layer.ragged) {
            continue; // computed in a graph of its own, which is allocated for what it reads
        }
        Compute & compute = layer.pools.front()->compute();
        ggml_tensor node = layer.probed;
        ggml_tensor leaves[4];
        leaves[0] = layer.probed_queries;
        leaves[0].ne[1] = node.ne[2] = tokens_;
        node.nb[3] = node.nb[2] * as_size(tokens_);
        aim(node, leaves, layer);
        node.src[4] = layer.pools.front()->sinks();
        size_t bytes = outputs_.needed(compute, node);
        if (bytes > outputs_.room(compute)) {
            const int64_t rows = layer.pools.front()->capacity();
            leaves[1].ne[1] = leaves[2].ne[1] = leaves[3].ne[0] = rows;
            bytes = std::max(bytes, outputs_.needed(compute, node));
            wanted[&compute] = std::max(wanted[&compute], bytes);
        }
    }
    outputs_.begin_step(wanted);
}

// Makes a node that was rewritten, in this step or when its graph was run before, what llama.cpp
// built: what it was pointed at may be gone.
void Retarget::restore(ggml_tensor * node) noexcept {
    const auto known = known_.find(node->src[0]);
    if (known != known_.end()) {
        const Layer & layer = layers_[as_size(known->second.layer)];
        *node = known->second.attention                  ? layer.attention.original
                : known->second.part == CachePart::value ? layer.values.original
                                                         : layer.keys.original;
    }
}

// llama.cpp computes nothing here; the queries' leaf marks the node where its graph is reused.
void Retarget::leave_out(ggml_tensor * node, Layer & layer) {
    Compute::alias(layer.attention.leaves[0], layer.attention.original.src[0]);
    node->src[0] = &layer.attention.leaves[0];
    node->op = GGML_OP_NONE;
}

// Among those of other layers, a layer's queries stand KV head by KV head.
void Retarget::keep_queries(const ggml_tensor * node, const Layer & layer, Layer & source) {
    const ggml_tensor * queries = node->src[0]; // [key_size, tokens, heads], strided
    const LayerShape & shape = layer.pools.front()->shape();
    const int64_t group = shape.heads / shape.kv_heads;
    const int64_t groups = static_cast<int64_t>(layer.pools.size()) * shape.kv_heads;
    Compute & compute = layer.pools.front()->compute();
    compute.run([&](ggml_context * context, ggml_cgraph *) {
        ggml_tensor * rows = compute.alias(context, queries);
        ggml_tensor * kept = compute.alias(context, source.queries.get());
        rows->data = static_cast<char *>(rows->data) + as_size(tokens_ - observed_) * rows->nb[1];
        rows->ne[1] = observed_;
        if (source.readers > 1) {
            kept->data =
                static_cast<char *>(kept->data) + as_size(layer.reader * group) * kept->nb[2];
            kept->nb[3] = as_size(group * source.readers) * kept->nb[2];
            rows->nb[3] = as_size(group) * rows->nb[2];
            rows->ne[2] = kept->ne[2] = group;
            rows->ne[3] = kept->ne[3] = groups;
        }
        return std::vector<ggml_tensor *>{ api_.ggml_cpy(context, rows, kept) };
    });
}

} // namespace loci

#include "attention/retarget.h"

#include "core/error.h"

#include <string>
#include <unordered_set>
#include <utility>

namespace loci {

namespace {

size_t as_size(int64_t value) {
    return static_cast<size_t>(value);
}

} // namespace

Retarget::Retarget(const Api & api, const LayerTable & table)
    : api_(api), table_(table), attending_(attending_layers(table)),
      holding_(attending_.size() - as_size(layers_of(table, LayerKind::shared))),
      layers_(table.size()), outputs_(api) {
    for (int i = 0; i < static_cast<int>(layers_.size()); i++) {
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
        retarget->restore(node);
        return false; // in the second call this stops the graph
    }
}

void Retarget::attach(std::vector<AttachedLayer> layers, int64_t batch) {
    require(layers.size() == holding_, "pools for another number of layers");
    places_.clear();
    stores_ = 0;
    for (size_t i = 0; i < layers.size(); i++) {
        const size_t number = as_size(layers[i].number);
        Layer & layer = layers_[number];
        layer.pools = std::move(layers[i].pools);
        layer.mask = layers[i].mask;
        layer.observed = layers[i].observed;
        layer.steps.resize(layer.pools.size());
        require(!layer.pools.empty() && (layers[i].ragged || layer.pools.size() == 1),
                "a layer with the wrong number of pools");
        stores_ += layer.pools.front()->shape().values_in_keys ? 1U : 2U;
        for (size_t pool = 0; pool < layer.pools.size(); pool++) {
            places_.emplace_back(number, pool);
        }
        if (layers[i].ragged) {
            std::shared_ptr<const Staging> staging;
            for (size_t before = 0; before < layers_.size() && !staging; before++) {
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
    attach_readers();
    mode_ = Mode::attached;
}

// The layers that read another's pools. They store nothing.
void Retarget::attach_readers() {
    for (const int number : attending_) {
        const Layer & read = source_of(number);
        Layer & layer = layers_[as_size(number)];
        if (&read != &layer) {
            layer.pools = read.pools;
            layer.mask = read.mask;
            layer.ragged =
                read.ragged ? std::make_unique<RaggedAttention>(layer.pools, *layer.mask, nullptr)
                            : nullptr;
        }
    }
}

void Retarget::observe_readers(bool also) {
    for (const int number : attending_) {
        source_of(number).readers = 1;
    }
    for (const int number : attending_) {
        Layer & source = source_of(number);
        Layer & layer = layers_[as_size(number)];
        if (&source != &layer) {
            layer.observed = also && source.observed;
            layer.reader = source.readers;
            source.readers += layer.observed ? 1 : 0;
            source.queries = {}; // their number has changed
        }
    }
}

Retarget::Layer & Retarget::source_of(int number) noexcept {
    return layers_[as_size(table_[as_size(number)].source)];
}

// Attention comes in the order of the layers.
int Retarget::reader_of(int cache) {
    const int number = attending_[attentions_seen_++ % attending_.size()];
    if (table_[as_size(number)].source != cache) {
        throw Error(ErrorCode::model_unsupported,
                    "Layer " + std::to_string(number) +
                        " of this model reads other keys and values than its file says; choose "
                        "another model.");
    }
    return number;
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
    for (const int number : attending_) {
        layers_[as_size(number)].steps = source_of(number).steps;
    }
    plan_outputs();
    for (const int number : attending_) {
        Layer & layer = layers_[as_size(number)];
        const bool own = table_[as_size(number)].source == number;
        if (layer.ragged) {
            layer.ragged->begin_step(layer.steps, tokens);
        } else if (own) {
            upload_rows(layer);
        }
        if (observed > 0 && layer.observed && own &&
            (!layer.queries || layer.queries.get()->ne[1] != observed)) {
            const LayerShape & shape = layer.pools.front()->shape();
            const auto heads =
                static_cast<int64_t>(layer.pools.size()) * shape.heads * layer.readers;
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
    if (stores_seen_ != stores_ || attentions_seen_ != attending_.size()) {
        throw Error(ErrorCode::model_unsupported,
                    "This model's graph does not read one cache per layer; choose a dense "
                    "transformer model.");
    }
}

ggml_tensor * Retarget::queries(size_t pool) {
    const auto [index, part] = places_[pool];
    Layer & layer = layers_[index];
    const int64_t heads = int64_t{ layer.pools[part]->shape().heads } * layer.readers;
    Compute::alias(layer.looked, layer.queries.get());
    layer.looked.data =
        static_cast<char *>(layer.looked.data) + part * as_size(heads) * layer.looked.nb[2];
    layer.looked.ne[2] = heads;
    return &layer.looked;
}

size_t Retarget::bytes() const noexcept {
    size_t total = outputs_.bytes();
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
                    "This model's cache has more layers than its metadata states. The file may be "
                    "damaged.");
    }
    return layers_[as_size(index)];
}

bool Retarget::handle(ggml_tensor * node, bool ask) {
    if (mode_ == Mode::off) {
        return false;
    }
    if (mode_ == Mode::probe) {
        return !failure_ && probe(node, ask);
    }
    if (failure_) {
        restore(node);
        outputs_.follow(*node);
        return false;
    }
    if (!ask) {
        const auto known = known_.find(node->src[0]);
        require(known != known_.end() && known->second.attention, "an unasked node");
        Layer & layer = layers_[as_size(known->second.layer)];
        if (layer.ragged) {
            layer.ragged->compute(layer.attention.original, node);
        }
        if (observed_ > 0 && layer.observed) {
            keep_queries(node, layer, source_of(known->second.layer));
        }
        return true;
    }
    outputs_.follow(*node);
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
        attentions_seen_ += attention ? 1 : 0;
    } else {
        place = cache_node(attention ? node->src[1] : node);
        if (place.part == CachePart::none) {
            return false;
        }
        if (attention) {
            place.layer = reader_of(place.layer);
            checked_layer(place.layer).attention.original = *node;
        } else {
            Layer & layer = checked_layer(place.layer);
            (place.part == CachePart::key ? layer.keys : layer.values).original = *node;
        }
    }
    Layer & layer = checked_layer(place.layer);
    if (attention) {
        if (layer.ragged) {
            leave_out(node, layer);
            return true;
        }
        rewrite_attention(node, layer);
        return observed_ > 0 && layer.observed;
    }
    const bool values = place.part == CachePart::value;
    rewrite_store(node, values ? layer.values : layer.keys, layer, values);
    return false;
}

} // namespace loci

// What a memory is made of besides its stream: devices, pools and the weights that scores need.

#include "core/error.h"
#include "core/thread_limit.h"
#include "memory/memory.h"
#include "model/output_gram.h"
#include "pool/hadamard.h"

#include <algorithm>

namespace loci {

namespace {

// CUDA's fast attention kernels read keys in blocks of 256; on the CPU any length is good. A small
// budget is not worth rounding away.
int64_t granule_for(bool cpu, int budget) {
    int64_t granule = cpu ? 32 : 256;
    while (granule > 32 && budget < 8 * granule) {
        granule /= 2;
    }
    return granule;
}

// Values are stored in the rotation of the graph; the norms are those of the values themselves.
void rotate_grams(std::vector<float> & grams, const LayerShape & shape) {
    if (shape.value_hadamard == 0) {
        return;
    }
    const auto size = static_cast<size_t>(shape.value_size);
    for (size_t head = 0; head < static_cast<size_t>(shape.heads); head++) {
        rotate_gram(grams.data() + head * size * size, size, shape.value_hadamard);
    }
}

// What one KV head of a ragged layer is: a layer of one head.
LayerShape shape_of_head(const LayerShape & layer) {
    LayerShape shape = layer;
    shape.heads = layer.heads / layer.kv_heads;
    shape.kv_heads = 1;
    return shape;
}

OutputGramRequest weights_request(const Model & model, const LayerShape & layer, int threads) {
    OutputGramRequest request;
    request.model_path = model.path();
    request.layers = model.info().layers;
    request.heads = layer.heads;
    request.head_size = layer.value_size;
    request.threads = std::min(threads, thread_limit());
    return request;
}

} // namespace

void Memory::create_computes(const std::vector<LayerShape> & shapes) {
    for (const LayerShape & shape : shapes) {
        const bool known =
            std::any_of(computes_.begin(), computes_.end(),
                        [&](const auto & compute) { return compute->device() == shape.device; });
        if (!known) {
            computes_.push_back(
                std::make_unique<Compute>(api_, shape.device, options_.threads, &threads_));
        }
    }
    granule_ =
        granule_for(computes_.size() == 1 && computes_.front()->is_cpu(), options_.budget_tokens);
    const int64_t most = std::max<int64_t>(options_.budget_tokens, layer_limit());
    for (auto & compute : computes_) {
        masks_.push_back(
            std::make_unique<StaircaseMask>(*compute, capacity_for(most), context_->batch()));
    }
}

void Memory::create_pools() {
    const std::vector<LayerShape> & shapes = retarget_->shapes();
    create_computes(shapes);
    std::vector<AttachedLayer> attached(shapes.size());
    for (size_t layer = 0; layer < shapes.size(); layer++) {
        const auto compute =
            std::find_if(computes_.begin(), computes_.end(), [&](const auto & candidate) {
                return candidate->device() == shapes[layer].device;
            });
        const auto device = static_cast<size_t>(compute - computes_.begin());
        const LayerShape shape = needs_.ragged ? shape_of_head(shapes[layer]) : shapes[layer];
        const Storage storage = Storage::of(options_.kv_type, shape, may_move());
        attached[layer].mask = masks_[device].get();
        attached[layer].ragged = needs_.ragged;
        first_pools_.push_back(pools_.size());
        for (int head = 0; head < shapes[layer].kv_heads; head += shape.kv_heads) {
            pools_.push_back(std::make_unique<LayerPool>(**compute, shape, storage,
                                                         capacity_for(options_.budget_tokens)));
            attached[layer].pools.push_back(pools_.back().get());
            places_.push_back({ layer, head });
            device_of_.push_back(device);
        }
    }
    retarget_->attach(std::move(attached), context_->batch());
    peak_bytes_ = physical_bytes();
}

size_t Memory::pool_of(int layer, int head) const noexcept {
    return first_pools_[static_cast<size_t>(layer)] + static_cast<size_t>(needs_.ragged ? head : 0);
}

size_t Memory::pools_in(size_t layer) const noexcept {
    const size_t next = layer + 1;
    return (next < first_pools_.size() ? first_pools_[next] : pools_.size()) - first_pools_[layer];
}

int Memory::kv_heads(size_t layer) const noexcept {
    return static_cast<int>(pools_in(layer)) * pools_[first_pools_[layer]]->shape().kv_heads;
}

size_t Memory::first_query_head(size_t pool) const {
    const LayerShape & shape = pools_[pool]->shape();
    return static_cast<size_t>(places_[pool].first_head) *
           static_cast<size_t>(shape.heads / shape.kv_heads);
}

void Memory::load_grams(const Cancellation & cancellation) {
    const std::vector<LayerShape> & shapes = retarget_->shapes();
    OutputGramRequest request = weights_request(*model_, shapes.front(), options_.threads);
    request.cache_directory = options_.cache_directory;
    OutputGrams grams = load_output_grams(api_, request, &cancellation, nullptr);
    for (size_t i = 0; i < shapes.size(); i++) {
        rotate_grams(grams.layers[i], shapes[i]);
    }
    const int64_t size = shapes.front().value_size;
    for (size_t i = 0; i < pools_.size(); i++) {
        const LayerPool & pool = *pools_[i];
        const auto square = static_cast<size_t>(size * size);
        const float * own = grams.layers[places_[i].layer].data() + first_query_head(i) * square;
        grams_.emplace_back(api_, pool.compute().backend(), GGML_TYPE_F32,
                            std::array<int64_t, 3>{ size, size, pool.shape().heads });
        api_.ggml_backend_tensor_set(grams_.back().get(), own, 0,
                                     static_cast<size_t>(pool.shape().heads) * square *
                                         sizeof(float));
    }
}

// The output projections themselves, in f16, as the model's file has them: [heads * size, width],
// of each pool the columns of its heads.
void Memory::load_projections(const Cancellation & cancellation) {
    const std::vector<LayerShape> & shapes = retarget_->shapes();
    const OutputGramRequest request = weights_request(*model_, shapes.front(), options_.threads);
    auto layers = load_output_projections(api_, request, &cancellation);
    for (size_t i = 0; i < layers.size(); i++) {
        if (shapes[i].value_hadamard > 0) {
            apply_hadamard(layers[i].data(), layers[i].size(), shapes[i].value_hadamard);
        }
    }
    const auto size = static_cast<size_t>(shapes.front().value_size);
    const size_t inner = static_cast<size_t>(shapes.front().heads) * size;
    for (size_t i = 0; i < pools_.size(); i++) {
        const std::vector<float> & layer = layers[places_[i].layer];
        const size_t width = layer.size() / inner;
        const size_t own = static_cast<size_t>(pools_[i]->shape().heads) * size;
        std::vector<ggml_fp16_t> half(own * width);
        for (size_t row = 0; row < width; row++) {
            api_.ggml_fp32_to_fp16_row(layer.data() + row * inner + first_query_head(i) * size,
                                       half.data() + row * own, static_cast<int64_t>(own));
        }
        projections_.emplace_back(
            api_, pools_[i]->compute().backend(), GGML_TYPE_F16,
            std::array<int64_t, 3>{ static_cast<int64_t>(own), static_cast<int64_t>(width), 1 });
        api_.ggml_backend_tensor_set(projections_.back().get(), half.data(), 0,
                                     half.size() * sizeof(ggml_fp16_t));
    }
}

} // namespace loci

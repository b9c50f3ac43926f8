#include "observe/output_weights.h"

#include "core/thread_limit.h"
#include "model/output_gram.h"
#include "model/weight_file.h"
#include "tensor/hadamard.h"

#include <algorithm>
#include <string>

namespace loci {

namespace {

const DeviceTensor & of_pool(const std::vector<DeviceTensor> & weights, size_t pool) noexcept {
    static const DeviceTensor none;
    return weights.empty() ? none : weights[pool];
}

// Values are stored in the rotation of the graph; the norms are those of the values themselves.
void rotate_grams(std::vector<float> & grams, const LayerShape & shape) {
    if (shape.value_hadamard == 0) {
        return; // always so where values are the beginnings of their keys
    }
    const auto size = static_cast<size_t>(shape.value_size);
    for (size_t head = 0; head < static_cast<size_t>(shape.heads); head++) {
        rotate_gram(grams.data() + head * size * size, size, shape.value_hadamard);
    }
}

/// Values that the output projection takes of each query head.
int projected_size(const Model & model, const LayerShape & shape) {
    const WeightFile file(model.api(), model.path());
    const Weight weight = file.find("blk." + std::to_string(shape.number) + ".attn_output.weight");
    return static_cast<int>(weight.shape[0] / shape.heads);
}

OutputGramRequest weights_request(const Model & model, const std::vector<LayerShape> & shapes,
                                  int threads) {
    OutputGramRequest request;
    request.model_path = model.path();
    request.layers = static_cast<int>(shapes.size());
    for (const LayerShape & shape : shapes) {
        request.numbers.push_back(shape.number);
    }
    request.heads = shapes.front().heads;
    const LayerShape & first = shapes.front();
    request.head_size = first.values_in_keys ? projected_size(model, first) : first.value_size;
    request.latent_size = first.values_in_keys ? first.value_size : 0;
    request.threads = std::min(threads, thread_limit());
    return request;
}

} // namespace

OutputWeights::OutputWeights(const Model & model, const std::vector<LayerShape> & shapes,
                             const KvStore & store, ValueNeed need,
                             const std::string & cache_directory, int threads,
                             const Cancellation & cancellation) {
    if (need == ValueNeed::projected_norm || need == ValueNeed::projected_apart) {
        load_grams(model, shapes, store, cache_directory, threads, cancellation);
    } else if (need == ValueNeed::projected_l1) {
        load_projections(model, shapes, store, threads, cancellation);
    }
}

void OutputWeights::load_grams(const Model & model, const std::vector<LayerShape> & shapes,
                               const KvStore & store, const std::string & cache_directory,
                               int threads, const Cancellation & cancellation) {
    OutputGramRequest request = weights_request(model, shapes, threads);
    request.cache_directory = cache_directory;
    OutputGrams grams = load_output_grams(model.api(), request, &cancellation, nullptr);
    for (size_t i = 0; i < shapes.size(); i++) {
        rotate_grams(grams.layers[i], shapes[i]);
    }
    const int64_t size = shapes.front().value_size;
    for (size_t i = 0; i < store.pools(); i++) {
        const KvPool & pool = store.pool(i);
        const auto square = static_cast<size_t>(size * size);
        const bool one = pool.shape().values_in_keys;
        const int64_t heads = one ? 1 : pool.shape().heads;
        const size_t first = one ? 0 : store.first_query_head(i) * square;
        const float * own = grams.layers[store.place(i).layer].data() + first;
        grams_.emplace_back(model.api(), pool.compute().backend(), GGML_TYPE_F32,
                            std::array<int64_t, 3>{ size, size, heads });
        model.api().ggml_backend_tensor_set(grams_.back().get(), own, 0,
                                            static_cast<size_t>(heads) * square * sizeof(float));
    }
}

void OutputWeights::load_projections(const Model & model, const std::vector<LayerShape> & shapes,
                                     const KvStore & store, int threads,
                                     const Cancellation & cancellation) {
    const Api & api = model.api();
    const OutputGramRequest request = weights_request(model, shapes, threads);
    auto layers = load_output_projections(api, request, &cancellation);
    for (size_t i = 0; i < layers.size(); i++) {
        if (shapes[i].value_hadamard > 0) {
            apply_hadamard(layers[i].data(), layers[i].size(), shapes[i].value_hadamard);
        }
    }
    const auto size = static_cast<size_t>(shapes.front().value_size);
    const size_t inner = static_cast<size_t>(shapes.front().heads) * size;
    for (size_t i = 0; i < store.pools(); i++) {
        const std::vector<float> & layer = layers[store.place(i).layer];
        const size_t width = layer.size() / inner;
        const size_t own = static_cast<size_t>(store.pool(i).shape().heads) * size;
        std::vector<ggml_fp16_t> half(own * width);
        for (size_t row = 0; row < width; row++) {
            api.ggml_fp32_to_fp16_row(layer.data() + row * inner + store.first_query_head(i) * size,
                                      half.data() + row * own, static_cast<int64_t>(own));
        }
        projections_.emplace_back(
            api, store.pool(i).compute().backend(), GGML_TYPE_F16,
            std::array<int64_t, 3>{ static_cast<int64_t>(own), static_cast<int64_t>(width), 1 });
        api.ggml_backend_tensor_set(projections_.back().get(), half.data(), 0,
                                    half.size() * sizeof(ggml_fp16_t));
    }
}

const DeviceTensor & OutputWeights::grams(size_t pool) const noexcept {
    return of_pool(grams_, pool);
}

const DeviceTensor & OutputWeights::projection(size_t pool) const noexcept {
    return of_pool(projections_, pool);
}

size_t OutputWeights::bytes() const noexcept {
    size_t total = 0;
    for (const auto * weights : { &grams_, &projections_ }) {
        for (const DeviceTensor & weight : *weights) {
            total += weight.bytes();
        }
    }
    return total;
}

} // namespace loci

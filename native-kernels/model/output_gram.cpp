#include "model/output_gram.h"

#include "core/error.h"
#include "model/fingerprint.h"
#include "model/gram_store.h"
#include "model/layer_gram.h"
#include "model/weight_file.h"
#include "tensor/compute.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace loci {

namespace {

std::string prefix_of(const OutputGramRequest & request, int layer) {
    const int number =
        request.numbers.empty() ? layer : request.numbers[static_cast<size_t>(layer)];
    return "blk." + std::to_string(number) + ".";
}

std::vector<Weight> output_projections(const WeightFile & file, const OutputGramRequest & request) {
    std::vector<Weight> weights;
    for (int layer = 0; layer < request.layers; layer++) {
        Weight weight = file.find(prefix_of(request, layer) + "attn_output.weight");
        if (weight.shape[0] != int64_t{ request.heads } * request.head_size ||
            weight.shape[1] < 1 || weight.shape[2] != 1 || weight.shape[3] != 1) {
            throw Error(ErrorCode::model_unsupported,
                        "The output projection of layer " + std::to_string(layer) +
                            " does not take " + std::to_string(request.heads) + " heads of " +
                            std::to_string(request.head_size) +
                            " values. Choose a policy that does not need it.");
        }
        weights.push_back(std::move(weight));
    }
    return weights;
}

// Of each layer, what makes the values of its heads from one row; none where rows are values.
std::vector<Weight> latent_values(const WeightFile & file, const OutputGramRequest & request) {
    std::vector<Weight> weights;
    for (int layer = 0; layer < request.layers && request.latent_size > 0; layer++) {
        Weight weight = file.find(prefix_of(request, layer) + "attn_v_b.weight");
        if (weight.shape[0] != request.latent_size || weight.shape[1] != request.head_size ||
            weight.shape[2] != request.heads || weight.shape[3] != 1) {
            throw Error(ErrorCode::model_unsupported,
                        "The values of layer " + std::to_string(layer) +
                            " are not made from one row as Loci knows it. Choose a policy that "
                            "does not need the output projection.");
        }
        weights.push_back(std::move(weight));
    }
    return weights;
}

uint64_t fingerprint_of(const WeightFile & file, const std::vector<Weight> & weights,
                        const std::vector<Weight> & values, const OutputGramRequest & request) {
    Fingerprint fingerprint;
    fingerprint.add(static_cast<uint64_t>(request.layers));
    for (const int number : request.numbers) {
        fingerprint.add(static_cast<uint64_t>(number));
    }
    fingerprint.add(static_cast<uint64_t>(request.heads));
    fingerprint.add(static_cast<uint64_t>(request.head_size));
    std::vector<Weight> all = weights;
    all.insert(all.end(), values.begin(), values.end());
    file.identify(all, fingerprint);
    return fingerprint.value();
}

OutputGrams compute_grams(const Api & api, const WeightFile & file,
                          const std::vector<Weight> & weights, const std::vector<Weight> & values,
                          const OutputGramRequest & request, const Cancellation * cancellation,
                          const ProgressSink & progress) {
    const int threads = std::max(request.threads, 1);
    Compute compute(api, api.ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU), threads);
    OutputGrams grams;
    grams.heads = values.empty() ? request.heads : 1;
    grams.head_size = values.empty() ? request.head_size : request.latent_size;
    for (const Weight & weight : weights) {
        if (cancellation != nullptr) {
            cancellation->check();
        }
        const auto projection = dequantize(api, weight, file.read(weight), threads);
        auto matrices =
            grams_of_layer(compute, weight, projection, request.heads, request.head_size);
        if (!values.empty()) {
            const Weight & own = values[grams.layers.size()];
            matrices = gram_of_latent(compute, matrices, own,
                                      dequantize(api, own, file.read(own), threads));
        }
        if (!std::all_of(matrices.begin(), matrices.end(),
                         [](float value) { return std::isfinite(value); })) {
            throw Error(ErrorCode::model_invalid,
                        "The weights " + weight.name +
                            " are not finite numbers. Download the model again.");
        }
        grams.layers.push_back(std::move(matrices));
        if (progress) {
            progress(static_cast<float>(grams.layers.size()) / static_cast<float>(weights.size()));
        }
    }
    return grams;
}

} // namespace

std::vector<std::vector<float>> load_output_projections(const Api & api,
                                                        const OutputGramRequest & request,
                                                        const Cancellation * cancellation) {
    const WeightFile file(api, request.model_path);
    std::vector<std::vector<float>> layers;
    for (const Weight & weight : output_projections(file, request)) {
        if (cancellation != nullptr) {
            cancellation->check();
        }
        layers.push_back(dequantize(api, weight, file.read(weight), std::max(request.threads, 1)));
    }
    return layers;
}

OutputGrams load_output_grams(const Api & api, const OutputGramRequest & request,
                              const Cancellation * cancellation, const ProgressSink & progress) {
    require(request.layers > 0 && request.heads > 0 && request.head_size > 0,
            "Gram matrices of no heads");
    const WeightFile file(api, request.model_path);
    const std::vector<Weight> weights = output_projections(file, request);
    const std::vector<Weight> values = latent_values(file, request);
    if (request.cache_directory.empty()) {
        return compute_grams(api, file, weights, values, request, cancellation, progress);
    }
    const uint64_t fingerprint = fingerprint_of(file, weights, values, request);
    const bool latent = !values.empty();
    const std::string path = gram_file(request.cache_directory, fingerprint);
    if (auto stored = read_grams(path, fingerprint, request.layers, latent ? 1 : request.heads,
                                 latent ? request.latent_size : request.head_size)) {
        return std::move(*stored);
    }
    OutputGrams grams = compute_grams(api, file, weights, values, request, cancellation, progress);
    write_grams(path, fingerprint, grams);
    return grams;
}

} // namespace loci

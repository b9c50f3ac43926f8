#include "model/output_gram.h"

#include "core/error.h"
#include "model/fingerprint.h"
#include "model/gram_store.h"
#include "model/weight_file.h"
#include "tensor/compute.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <future>
#include <optional>
#include <utility>

namespace loci {

namespace {

std::vector<Weight> output_projections(const WeightFile & file, const OutputGramRequest & request) {
    std::vector<Weight> weights;
    for (int layer = 0; layer < request.layers; layer++) {
        const int number =
            request.numbers.empty() ? layer : request.numbers[static_cast<size_t>(layer)];
        Weight weight = file.find("blk." + std::to_string(number) + ".attn_output.weight");
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

uint64_t fingerprint_of(const WeightFile & file, const std::vector<Weight> & weights,
                        const OutputGramRequest & request) {
    Fingerprint fingerprint;
    fingerprint.add(static_cast<uint64_t>(request.layers));
    for (const int number : request.numbers) {
        fingerprint.add(static_cast<uint64_t>(number));
    }
    fingerprint.add(static_cast<uint64_t>(request.heads));
    fingerprint.add(static_cast<uint64_t>(request.head_size));
    file.identify(weights, fingerprint);
    return fingerprint.value();
}

std::vector<float> dequantize(const Api & api, const Weight & weight,
                              const std::vector<uint8_t> & bytes, int threads) {
    const int64_t width = weight.shape[0];
    const int64_t rows = weight.shape[1];
    const size_t row_bytes = api.ggml_row_size(weight.type, width);
    if (row_bytes * static_cast<size_t>(rows) != bytes.size()) {
        throw Error(ErrorCode::model_invalid,
                    "The weights " + weight.name + " do not have the length of their type.");
    }
    std::vector<float> floats(static_cast<size_t>(width * rows));
    if (weight.type == GGML_TYPE_F32) {
        std::memcpy(floats.data(), bytes.data(), bytes.size());
        return floats;
    }
    const ggml_to_float_t to_float = api.ggml_get_type_traits(weight.type)->to_float;
    if (to_float == nullptr) {
        throw Error(ErrorCode::model_unsupported,
                    "The weights " + weight.name + " have an unsupported type.");
    }
    std::vector<std::future<void>> parts;
    const int64_t step = (rows + threads - 1) / threads;
    for (int64_t begin = 0; begin < rows; begin += step) {
        parts.push_back(std::async(std::launch::async, [&, begin] {
            for (int64_t row = begin; row < std::min(begin + step, rows); row++) {
                to_float(bytes.data() + static_cast<size_t>(row) * row_bytes,
                         floats.data() + row * width, width);
            }
        }));
    }
    for (std::future<void> & part : parts) {
        part.get();
    }
    return floats;
}

// All heads of a layer: W^T is [width, heads * head_size]; the rows of a head, as a matrix, times
// themselves.
std::vector<float> grams_of_layer(Compute & compute, const Weight & weight,
                                  const std::vector<float> & projection, int heads, int head_size) {
    const Api & api = compute.api();
    ggml_tensor * input = nullptr;
    std::vector<float> grams;
    compute.run(
        [&](ggml_context * context, ggml_cgraph *) {
            input =
                api.ggml_new_tensor_2d(context, GGML_TYPE_F32, weight.shape[0], weight.shape[1]);
            api.ggml_set_input(input);
            ggml_tensor * slices = api.ggml_reshape_3d(
                context, api.ggml_cont(context, api.ggml_transpose(context, input)),
                weight.shape[1], head_size, heads);
            return std::vector<ggml_tensor *>{ api.ggml_mul_mat(context, slices, slices) };
        },
        [&] {
            api.ggml_backend_tensor_set(input, projection.data(), 0,
                                        projection.size() * sizeof(float));
        },
        [&](const std::vector<ggml_tensor *> & outputs) {
            grams.resize(static_cast<size_t>(api.ggml_nelements(outputs.front())));
            api.ggml_backend_tensor_get(outputs.front(), grams.data(), 0,
                                        grams.size() * sizeof(float));
        });
    return grams;
}

OutputGrams compute_grams(const Api & api, const WeightFile & file,
                          const std::vector<Weight> & weights, const OutputGramRequest & request,
                          const Cancellation * cancellation, const ProgressSink & progress) {
    const int threads = std::max(request.threads, 1);
    Compute compute(api, api.ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU), threads);
    OutputGrams grams;
    grams.heads = request.heads;
    grams.head_size = request.head_size;
    for (const Weight & weight : weights) {
        if (cancellation != nullptr) {
            cancellation->check();
        }
        const auto projection = dequantize(api, weight, file.read(weight), threads);
        auto matrices =
            grams_of_layer(compute, weight, projection, request.heads, request.head_size);
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
    if (request.cache_directory.empty()) {
        return compute_grams(api, file, weights, request, cancellation, progress);
    }
    const uint64_t fingerprint = fingerprint_of(file, weights, request);
    const std::string path = gram_file(request.cache_directory, fingerprint);
    if (auto stored =
            read_grams(path, fingerprint, request.layers, request.heads, request.head_size)) {
        return std::move(*stored);
    }
    OutputGrams grams = compute_grams(api, file, weights, request, cancellation, progress);
    write_grams(path, fingerprint, grams);
    return grams;
}

} // namespace loci

#include "model/layer_gram.h"

#include "core/error.h"

#include <algorithm>
#include <cstring>
#include <future>

namespace loci {

std::vector<float> dequantize(const Api & api, const Weight & weight,
                              const std::vector<uint8_t> & bytes, int threads) {
    const int64_t width = weight.shape[0];
    const int64_t rows = weight.shape[1] * weight.shape[2];
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

std::vector<float> gram_of_latent(Compute & compute, const std::vector<float> & grams,
                                  const Weight & weight, const std::vector<float> & values) {
    const Api & api = compute.api();
    const int64_t latent = weight.shape[0];
    const int64_t size = weight.shape[1];
    const int64_t heads = weight.shape[2];
    require(static_cast<int64_t>(grams.size()) == size * size * heads &&
                static_cast<int64_t>(values.size()) == latent * size * heads,
            "values of other heads");
    const auto square = static_cast<size_t>(latent * latent);
    std::vector<float> mean(square, 0.0F);
    for (int64_t head = 0; head < heads; head++) {
        ggml_tensor * gram = nullptr;
        ggml_tensor * value = nullptr;
        compute.run(
            [&](ggml_context * context, ggml_cgraph *) {
                gram = api.ggml_new_tensor_2d(context, GGML_TYPE_F32, size, size);
                value = api.ggml_new_tensor_2d(context, GGML_TYPE_F32, latent, size);
                api.ggml_set_input(gram);
                api.ggml_set_input(value);
                ggml_tensor * columns = api.ggml_cont(context, api.ggml_transpose(context, value));
                return std::vector<ggml_tensor *>{ api.ggml_mul_mat(
                    context, columns, api.ggml_mul_mat(context, gram, columns)) };
            },
            [&] {
                const auto own = static_cast<size_t>(head * size);
                api.ggml_backend_tensor_set(gram, grams.data() + own * static_cast<size_t>(size), 0,
                                            static_cast<size_t>(size * size) * sizeof(float));
                api.ggml_backend_tensor_set(value,
                                            values.data() + own * static_cast<size_t>(latent), 0,
                                            static_cast<size_t>(latent * size) * sizeof(float));
            },
            [&](const std::vector<ggml_tensor *> & outputs) {
                std::vector<float> own(square);
                api.ggml_backend_tensor_get(outputs.front(), own.data(), 0, square * sizeof(float));
                for (size_t i = 0; i < square; i++) {
                    mean[i] += own[i] / static_cast<float>(heads);
                }
            });
    }
    return mean;
}

} // namespace loci

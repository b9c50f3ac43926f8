#include "tensor/tensor_ops.h"

#include <algorithm>

namespace loci {

namespace {

ggml_tensor * view_second(const Api & api, ggml_context * context, ggml_tensor * tensor,
                          int64_t begin, int64_t count) {
    return api.ggml_view_3d(context, tensor, tensor->ne[0], count, tensor->ne[2], tensor->nb[1],
                            tensor->nb[2], static_cast<size_t>(begin) * tensor->nb[1]);
}

ggml_tensor * larger(const Api & api, ggml_context * context, ggml_tensor * a, ggml_tensor * b) {
    ggml_tensor * above = api.ggml_relu(context, api.ggml_sub(context, b, a));
    return api.ggml_add(context, a, above);
}

using Combine = ggml_tensor * (*)(const Api &, ggml_context *, ggml_tensor *, ggml_tensor *);

ggml_tensor * combine_second(const Api & api, ggml_context * context, ggml_tensor * tensor,
                             Combine combine) {
    ggml_tensor * odd = nullptr;
    while (tensor->ne[1] > 1) {
        const int64_t half = tensor->ne[1] / 2;
        if (tensor->ne[1] % 2 != 0) {
            ggml_tensor * last = view_second(api, context, tensor, tensor->ne[1] - 1, 1);
            odd = odd == nullptr ? last : combine(api, context, odd, last);
        }
        tensor = combine(api, context, view_second(api, context, tensor, 0, half),
                         view_second(api, context, tensor, half, half));
    }
    return odd == nullptr ? tensor : combine(api, context, tensor, odd);
}

} // namespace

ggml_tensor * build_sum_over_second(const Api & api, ggml_context * context, ggml_tensor * tensor) {
    return combine_second(api, context, tensor,
                          [](const Api & own, ggml_context * in, ggml_tensor * a, ggml_tensor * b) {
                              return own.ggml_add(in, a, b);
                          });
}

ggml_tensor * build_maximum_over_second(const Api & api, ggml_context * context,
                                        ggml_tensor * tensor) {
    return combine_second(api, context, tensor, larger);
}

ggml_tensor * view_heads(const Api & api, ggml_context * context, ggml_tensor * tensor,
                         int64_t begin, int64_t end) {
    if (begin == 0 && end == tensor->ne[2]) {
        return tensor;
    }
    return api.ggml_view_3d(context, tensor, tensor->ne[0], tensor->ne[1], end - begin,
                            tensor->nb[1], tensor->nb[2],
                            static_cast<size_t>(begin) * tensor->nb[2]);
}

ggml_tensor * without_gaps(const Api & api, ggml_context * context, ggml_tensor * tensor) {
    const bool rows = tensor->nb[1] == api.ggml_row_size(tensor->type, tensor->ne[0]);
    const bool heads = tensor->nb[2] == tensor->nb[1] * static_cast<size_t>(tensor->ne[1]);
    if (rows && (heads || tensor->ne[2] == 1)) {
        return tensor;
    }
    // Only the CPU backend copies quantised rows with gaps.
    return api.ggml_is_quantized(tensor->type) ? api.ggml_cast(context, tensor, GGML_TYPE_F32)
                                               : api.ggml_cont(context, tensor);
}

ggml_tensor * append_columns(const Api & api, ggml_context * context, ggml_tensor * left,
                             ggml_tensor * right) {
    return left == nullptr ? right : api.ggml_concat(context, left, right, 1);
}

int64_t heads_at_once(int64_t kv_heads, size_t bytes_per_head, size_t limit) {
    const size_t fitting = limit / std::max<size_t>(bytes_per_head, 1);
    return std::clamp<int64_t>(static_cast<int64_t>(std::min<size_t>(fitting, 1u << 20)), 1,
                               kv_heads);
}

} // namespace loci

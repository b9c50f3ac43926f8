#include "scores/tensor_ops.h"

#include <algorithm>

namespace loci {

namespace {

ggml_tensor * view_second(const Api & api, ggml_context * context, ggml_tensor * tensor,
                          int64_t begin, int64_t count) {
    return api.ggml_view_3d(context, tensor, tensor->ne[0], count, tensor->ne[2], tensor->nb[1],
                            tensor->nb[2], static_cast<size_t>(begin) * tensor->nb[1]);
}

} // namespace

ggml_tensor * build_sum_over_second(const Api & api, ggml_context * context, ggml_tensor * tensor) {
    ggml_tensor * odd = nullptr;
    while (tensor->ne[1] > 1) {
        const int64_t half = tensor->ne[1] / 2;
        if (tensor->ne[1] % 2 != 0) {
            ggml_tensor * last = view_second(api, context, tensor, tensor->ne[1] - 1, 1);
            odd = odd == nullptr ? last : api.ggml_add(context, odd, last);
        }
        tensor = api.ggml_add(context, view_second(api, context, tensor, 0, half),
                              view_second(api, context, tensor, half, half));
    }
    return odd == nullptr ? tensor : api.ggml_add(context, tensor, odd);
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
    // No backend but the CPU copies quantised rows with gaps as they are.
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

#include "scores/projected_l1.h"

#include "core/error.h"
#include "tensor/tensor_ops.h"

namespace loci {

namespace {

// Sums the absolute values of each row: [a, b] -> [1, b].
ggml_tensor * l1_of_rows(const Api & api, ggml_context * context, ggml_tensor * rows) {
    ggml_tensor * negative = api.ggml_relu(context, api.ggml_scale(context, rows, -1.0f));
    return api.ggml_sum_rows(context,
                             api.ggml_add(context, api.ggml_relu(context, rows), negative));
}

} // namespace

ggml_tensor * build_projected_l1(const Api & api, ggml_context * context, ggml_tensor * values,
                                 ggml_tensor * projection, int64_t heads) {
    require(values != nullptr && projection != nullptr && values->ne[3] == 1 &&
                heads % values->ne[2] == 0 && projection->ne[0] == heads * values->ne[0],
            "the output projection does not fit the values");
    const int64_t size = values->ne[0];
    const int64_t kv_heads = values->ne[2];
    const int64_t group = heads / kv_heads;
    ggml_tensor * norms = nullptr;
    for (int64_t kv_head = 0; kv_head < kv_heads; kv_head++) {
        ggml_tensor * own = view_heads(api, context, values, kv_head, kv_head + 1);
        own = own->type == GGML_TYPE_F32 ? without_gaps(api, context, own)
                                         : api.ggml_cast(context, own, GGML_TYPE_F32);
        ggml_tensor * sum = nullptr;
        for (int64_t member = 0; member < group; member++) {
            const int64_t head = kv_head * group + member;
            ggml_tensor * slice = api.ggml_view_2d(
                context, projection, size, projection->ne[1], projection->nb[1],
                static_cast<size_t>(head) * api.ggml_row_size(projection->type, size));
            ggml_tensor * product =
                api.ggml_mul_mat(context, without_gaps(api, context, slice), own);
            api.ggml_prec_set_acc(product, GGML_PREC_F32);
            ggml_tensor * norm = l1_of_rows(api, context, product);
            sum = sum == nullptr ? norm : api.ggml_add(context, sum, norm);
        }
        sum = api.ggml_reshape_2d(context, sum, values->ne[1], 1);
        norms = append_columns(api, context, norms,
                               api.ggml_scale(context, sum, 1.0f / static_cast<float>(group)));
    }
    return norms;
}

} // namespace loci

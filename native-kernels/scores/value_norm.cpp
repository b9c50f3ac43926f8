#include "scores/value_norm.h"

#include "core/error.h"
#include "tensor/tensor_ops.h"

#include <algorithm>

namespace loci {

namespace {

// Sums over the head: [head_size, slots, kv_heads] -> [slots, kv_heads].
ggml_tensor * sum_over_head(const Api & api, ggml_context * context, ggml_tensor * tensor) {
    return api.ggml_reshape_2d(context, api.ggml_sum_rows(context, tensor), tensor->ne[1],
                               tensor->ne[2]);
}

// Builds sqrt(v^T G_h v) for the member-th query head of every KV head; `values` are f32.
ggml_tensor * norm_of_member(const Api & api, ggml_context * context, ggml_tensor * values,
                             ggml_tensor * grams, int64_t member) {
    const int64_t size = grams->ne[0];
    const int64_t kv_heads = values->ne[2];
    const auto group = static_cast<size_t>(grams->ne[2] / kv_heads);
    ggml_tensor * gram =
        api.ggml_view_3d(context, grams, size, size, kv_heads, grams->nb[1], grams->nb[2] * group,
                         grams->nb[2] * static_cast<size_t>(member));
    gram = without_gaps(api, context, gram);
    ggml_tensor * product = api.ggml_mul_mat(context, gram, values);
    api.ggml_prec_set_acc(product, GGML_PREC_F32);
    ggml_tensor * form = sum_over_head(api, context, api.ggml_mul(context, product, values));
    return api.ggml_sqrt(context, api.ggml_relu(context, form));
}

// Builds the mean over the group of sqrt(v^T G_h v), or with `apart` the group's norms one after
// another. `values` are f32, `grams` those of these heads.
ggml_tensor * projected_norm(const Api & api, ggml_context * context, ggml_tensor * values,
                             ggml_tensor * grams, bool apart) {
    const int64_t group = grams->ne[2] / values->ne[2];
    ggml_tensor * total = nullptr;
    for (int64_t member = 0; member < group; member++) {
        ggml_tensor * norm = norm_of_member(api, context, values, grams, member);
        if (apart) {
            total = append_columns(api, context, total, norm);
        } else {
            total = total == nullptr ? norm : api.ggml_add(context, total, norm);
        }
    }
    return apart || group == 1 ? total
                               : api.ggml_scale(context, total, 1.0f / static_cast<float>(group));
}

} // namespace

ggml_tensor * build_value_norm(const Api & api, ggml_context * context, ggml_tensor * values,
                               ggml_tensor * grams, bool apart, size_t intermediate_bytes) {
    require(values != nullptr && values->ne[3] == 1, "the value norm needs values of one stream");
    const int64_t kv_heads = values->ne[2];
    if (grams != nullptr) {
        require(grams->type == GGML_TYPE_F32 && grams->ne[0] == values->ne[0] &&
                    grams->ne[1] == values->ne[0],
                "the Gram matrices are not f32 of the head size");
        require(grams->ne[2] % kv_heads == 0, "the heads are not a multiple of the KV heads");
    }
    const int64_t group = grams == nullptr ? 1 : grams->ne[2] / kv_heads;
    const size_t head_bytes = sizeof(float) * static_cast<size_t>(values->ne[0] * values->ne[1]);
    // The query heads of a KV head are adjacent only if KV heads are processed one by one.
    const int64_t step = apart ? 1 : heads_at_once(kv_heads, head_bytes, intermediate_bytes);

    ggml_tensor * norms = nullptr;
    for (int64_t begin = 0; begin < kv_heads; begin += step) {
        const int64_t end = std::min(begin + step, kv_heads);
        ggml_tensor * part = view_heads(api, context, values, begin, end);
        part = part->type == GGML_TYPE_F32 ? without_gaps(api, context, part)
                                           : api.ggml_cast(context, part, GGML_TYPE_F32);
        ggml_tensor * norm =
            grams == nullptr
                ? sum_over_head(api, context, api.ggml_sqr(context, part))
                : projected_norm(api, context, part,
                                 view_heads(api, context, grams, begin * group, end * group),
                                 apart);
        norms = append_columns(api, context, norms, norm);
    }
    return norms;
}

} // namespace loci

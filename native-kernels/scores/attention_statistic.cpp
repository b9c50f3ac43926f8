#include "scores/attention_statistic.h"

#include "core/error.h"
#include "tensor/tensor_ops.h"

#include <algorithm>

namespace loci {

namespace {

void check(const AttentionStatisticInput & input) {
    require(input.queries != nullptr && input.keys != nullptr && input.mask != nullptr,
            "the attention statistic needs queries, keys and a mask");
    const ggml_tensor & queries = *input.queries;
    const ggml_tensor & keys = *input.keys;
    const ggml_tensor & mask = *input.mask;
    require(queries.type == GGML_TYPE_F32 && queries.nb[0] == sizeof(float),
            "the observed queries are not rows of f32");
    require(queries.ne[0] == keys.ne[0], "queries and keys differ in head size");
    require(queries.ne[2] % keys.ne[2] == 0, "the heads are not a multiple of the KV heads");
    require(queries.ne[3] == 1 && keys.ne[3] == 1, "the attention statistic reads one stream");
    require(mask.type == GGML_TYPE_F16 && mask.ne[0] == keys.ne[1] && mask.ne[1] == queries.ne[1] &&
                mask.ne[2] == 1,
            "the mask is not f16 [slots, rows]");
    require(input.sinks == nullptr ||
                (input.sinks->type == GGML_TYPE_F32 && input.sinks->ne[0] == queries.ne[2]),
            "the sinks are not f32 [heads]");
    require(!input.statistics.empty(), "no attention statistic was asked for");
}

ggml_tensor * root_of_squares(const Api & api, ggml_context * context, ggml_tensor * rows) {
    ggml_tensor * sum = build_sum_over_second(api, context, api.ggml_sqr(context, rows));
    return api.ggml_sqrt(context, api.ggml_reshape_2d(context, sum, rows->ne[0], rows->ne[2]));
}

// Reduces the attention [slots, rows, heads] to [slots, kv_heads], or [slots, heads] for `apart`.
ggml_tensor * reduce(const Api & api, ggml_context * context, ggml_tensor * attention,
                     int64_t kv_heads, Statistic statistic) {
    const int64_t slots = attention->ne[0];
    const int64_t row_count = attention->ne[1];
    const int64_t group = attention->ne[2] / kv_heads;
    const float share = 1.0f / static_cast<float>(group);
    const auto flat = [&] { // the rows of all heads of a group
        return api.ggml_reshape_3d(context, attention, slots, row_count * group, kv_heads);
    };
    switch (statistic) {
        case Statistic::sum: {
            // One sum for both: the mean over the group commutes with the sum over the rows.
            ggml_tensor * sum = build_sum_over_second(api, context, flat());
            sum = api.ggml_reshape_2d(context, sum, slots, kv_heads);
            return group == 1 ? sum : api.ggml_scale(context, sum, share);
        }
        case Statistic::maximum: {
            ggml_tensor * most = build_maximum_over_second(api, context, flat());
            return api.ggml_reshape_2d(context, most, slots, kv_heads);
        }
        case Statistic::apart: return root_of_squares(api, context, attention);
        case Statistic::l2: break;
    }
    ggml_tensor * mean = attention;
    if (group > 1) {
        mean = api.ggml_reshape_3d(context, attention, slots * row_count, group, kv_heads);
        mean = api.ggml_scale(context, build_sum_over_second(api, context, mean), share);
        mean = api.ggml_reshape_3d(context, mean, slots, row_count, kv_heads);
    }
    return root_of_squares(api, context, mean);
}

} // namespace

std::vector<ggml_tensor *> build_attention_statistics(const Api & api, ggml_context * context,
                                                      const AttentionStatisticInput & input) {
    check(input);
    const int64_t kv_heads = input.keys->ne[2];
    const int64_t group = input.queries->ne[2] / kv_heads;
    const size_t head_bytes =
        sizeof(float) * static_cast<size_t>(input.keys->ne[1] * input.queries->ne[1] * group);
    const int64_t step = heads_at_once(kv_heads, head_bytes, input.intermediate_bytes);

    ggml_tensor * all_queries = without_gaps(api, context, input.queries);
    std::vector<ggml_tensor *> results(input.statistics.size(), nullptr);
    for (int64_t begin = 0; begin < kv_heads; begin += step) {
        const int64_t end = std::min(begin + step, kv_heads);
        ggml_tensor * keys =
            without_gaps(api, context, view_heads(api, context, input.keys, begin, end));
        ggml_tensor * queries = view_heads(api, context, all_queries, begin * group, end * group);
        ggml_tensor * logits = api.ggml_mul_mat(context, keys, queries);
        // Unscaled products of some models overflow f16 accumulators.
        api.ggml_prec_set_acc(logits, GGML_PREC_F32);
        float scale = input.scale;
        if (input.soft_cap > 0.0f) {
            logits = api.ggml_scale(context, logits, input.scale / input.soft_cap);
            logits = api.ggml_tanh(context, logits);
            scale = input.soft_cap;
        }
        ggml_tensor * attention = api.ggml_soft_max_ext(context, logits, input.mask, scale, 0.0f);
        if (input.sinks != nullptr) {
            ggml_tensor * sinks = input.sinks;
            if (step < kv_heads) {
                // A copy begins where every device accepts it.
                const auto offset = static_cast<size_t>(begin * group) * sizeof(float);
                sinks = api.ggml_view_1d(context, input.sinks, (end - begin) * group, offset);
                sinks = api.ggml_cont(context, sinks);
            }
            api.ggml_soft_max_add_sinks(attention, sinks);
        }
        for (size_t i = 0; i < results.size(); i++) {
            results[i] =
                append_columns(api, context, results[i],
                               reduce(api, context, attention, end - begin, input.statistics[i]));
        }
    }
    return results;
}

} // namespace loci

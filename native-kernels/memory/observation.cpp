#include "memory/observation.h"

#include "scores/attention_statistic.h"
#include "scores/value_norm.h"

namespace loci {

namespace {

ggml_tensor * rows_of(LayerPool & pool, ggml_context * context, ggml_tensor * store, int64_t first,
                      int64_t count) {
    ggml_tensor * leaf = pool.compute().alias(context, store);
    leaf->ne[1] = count;
    leaf->data = static_cast<char *>(leaf->data) + static_cast<size_t>(first) * leaf->nb[1];
    return leaf;
}

std::vector<float> download(const Api & api, const ggml_tensor * tensor) {
    std::vector<float> values(static_cast<size_t>(api.ggml_nelements(tensor)));
    api.ggml_backend_tensor_get(tensor, values.data(), 0, values.size() * sizeof(float));
    return values;
}

} // namespace

std::vector<float> observe_attention(LayerPool & pool, const StaircaseMask & mask,
                                     ggml_tensor * queries, const ObservationWindow & window,
                                     float scale, AttentionNeed::Rows rows) {
    Range::checked(0, window.slots, pool.capacity());
    Compute & compute = pool.compute();
    std::vector<float> result;
    compute.run(
        [&](ggml_context * context, ggml_cgraph *) {
            AttentionStatisticInput input;
            input.queries = compute.alias(context, queries);
            input.keys = rows_of(pool, context, pool.keys(), 0, window.slots);
            input.mask =
                mask.contiguous(context, { window.slots - window.rows, window.rows, window.slots });
            input.scale = scale;
            input.rows = rows;
            return std::vector<ggml_tensor *>{ build_attention_statistic(compute.api(), context,
                                                                         input) };
        },
        nullptr,
        [&](const std::vector<ggml_tensor *> & outputs) {
            result = download(compute.api(), outputs.front());
        });
    return result;
}

std::vector<float> observe_values(LayerPool & pool, const DeviceTensor & grams, int64_t first,
                                  int64_t count) {
    Range::checked(first, first + count, pool.capacity());
    Compute & compute = pool.compute();
    std::vector<float> result;
    compute.run(
        [&](ggml_context * context, ggml_cgraph *) {
            return std::vector<ggml_tensor *>{ build_value_norm(
                compute.api(), context, rows_of(pool, context, pool.values(), first, count),
                grams ? compute.alias(context, grams.get()) : nullptr) };
        },
        nullptr,
        [&](const std::vector<ggml_tensor *> & outputs) {
            result = download(compute.api(), outputs.front());
        });
    return result;
}

} // namespace loci

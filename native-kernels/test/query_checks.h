#pragma once

// Checks which queries an observed step keeps of a model, by those that stock llama.cpp computes,
// and what attention they are said to pay.

#include "memory/engine_parts.h"
#include "memory/sliding_parity.h"
#include "observe/observation.h"
#include "test/memory_fixture.h"
#include "test/model_fixture.h"
#include "test/references/attention_statistic_reference.h"

#include <cstring>
#include <limits>
#include <vector>

namespace loci_test::queries {

using namespace loci;

/// The queries of every attention of stock llama.cpp's graph, in its order: [heads][tokens][size].
class StockQueries {
  public:
    StockQueries(const Model & model, const std::vector<llama_token> & tokens) : api_(model.api()) {
        llama_context_params parameters = api_.llama_context_default_params();
        parameters.n_ctx = parameters.n_batch = parameters.n_ubatch = 256;
        parameters.n_threads = parameters.n_threads_batch = test_threads();
        parameters.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_ENABLED;
        parameters.cb_eval = see;
        parameters.cb_eval_user_data = this;
        llama_context * context = api_.llama_init_from_model(model.handle(), parameters);
        REQUIRE_MESSAGE(context != nullptr, "stock context");
        llama_batch batch = api_.llama_batch_init(static_cast<int32_t>(tokens.size()), 0, 1);
        batch.n_tokens = static_cast<int32_t>(tokens.size());
        for (size_t i = 0; i < tokens.size(); i++) {
            batch.token[i] = tokens[i];
            batch.pos[i] = static_cast<llama_pos>(i);
            batch.n_seq_id[i] = 1;
            batch.seq_id[i][0] = 0;
            batch.logits[i] = i + 1 == tokens.size() ? 1 : 0;
        }
        REQUIRE_MESSAGE(api_.llama_decode(context, batch) == 0, "stock decode");
        api_.llama_batch_free(batch);
        api_.llama_free(context);
    }

    const std::vector<float> & of(size_t attention) const { return seen_.at(attention); }
    float soft_cap_of(size_t attention) const { return soft_caps_.at(attention); }

  private:
    static bool see(ggml_tensor * node, bool ask, void * self) {
        if (!ask && node->op == GGML_OP_FLASH_ATTN_EXT) {
            static_cast<StockQueries *>(self)->keep(*node->src[0]);
            static_cast<StockQueries *>(self)->keep_soft_cap(*node);
        }
        return !ask || node->op == GGML_OP_FLASH_ATTN_EXT;
    }

    void keep(const ggml_tensor & tensor) {
        std::vector<float> values;
        std::vector<float> row(static_cast<size_t>(tensor.ne[0]));
        for (int64_t head = 0; head < tensor.ne[2]; head++) {
            for (int64_t token = 0; token < tensor.ne[1]; token++) {
                const size_t offset = static_cast<size_t>(head) * tensor.nb[2] +
                                      static_cast<size_t>(token) * tensor.nb[1];
                api_.ggml_backend_tensor_get(&tensor, row.data(), offset,
                                             row.size() * sizeof(float));
                values.insert(values.end(), row.begin(), row.end());
            }
        }
        seen_.push_back(std::move(values));
    }

    void keep_soft_cap(const ggml_tensor & attention) {
        float parameters[3];
        std::memcpy(parameters, attention.op_params, sizeof(parameters));
        soft_caps_.push_back(parameters[2]);
    }

    const Api & api_;
    std::vector<std::vector<float>> seen_;
    std::vector<float> soft_caps_;
};

/// Requires that the observed attention is that of these queries to the pool's keys.
inline void are_weighed(EngineParts & parts, size_t index, const std::vector<float> & queries,
                        int64_t count, float soft_cap) {
    const KvPool & pool = parts.store->pool(index);
    const LayerShape & shape = pool.shape();
    const int64_t heads = static_cast<int64_t>(queries.size()) / (count * shape.key_size);
    std::vector<float> mask;
    for (int64_t row = 0; row < count; row++) {
        for (int64_t slot = 0; slot < count; slot++) {
            mask.push_back(slot <= row ? 0.0F : -std::numeric_limits<float>::infinity());
        }
    }
    const std::vector<float> keys =
        read_vectors(pool, pool.keys(), Range::checked(0, count, pool.capacity()), 0);
    const std::vector<float> expected = attention_statistic_reference(
        { shape.key_size, count, heads, count, shape.kv_heads }, queries, keys, mask, shape.scale,
        Statistic::sum, shape.sinks, soft_cap);
    const std::vector<float> found =
        observe_attention(pool, parts.stepper->mask_of(index), parts.stepper->queries(index),
                          { count, count }, parts.stepper->scale(index), { Statistic::sum })
            .sum;
    const double difference = relative_difference(found, expected);
    REQUIRE_MESSAGE(difference <= 0.01, "the attention to pool ", index, " differs by ",
                    difference);
}

/// Requires the queries of every layer that reads a pool, KV head by KV head; or of its own alone.
inline void are_kept(const std::shared_ptr<Model> & model, bool ragged, bool readers) {
    const Api & api = model->api();
    const std::vector<llama_token> tokens = some_tokens(32, 5, model->info().vocabulary);
    const auto count = static_cast<int64_t>(tokens.size());
    const StockQueries stock(*model, tokens);
    const ThreadPool pool(api, test_threads());
    Retarget retarget(api, model->info().table);
    Context context(*model, retarget, static_cast<int>(count), pool, GGML_TYPE_F16, 1);
    retarget.begin_probe();
    context.decode({ tokens.data(), count, 0, true }, false, never());
    context.forget();
    const std::vector<LayerShape> shapes = with_windows(retarget.shapes(), model->info().table);
    const StoreLimits limits{ 512, 64, 64, 64, false };
    EngineParts parts(api, shapes, retarget, context, test_threads(), &pool,
                      { GGML_TYPE_F16, ragged, false, limits }, 0.0);
    parts.stepper->observe_readers(readers);
    parts.stepper->fork(sequences::memory, sequences::running);
    parts.stepper->run({ tokens.data(), count, 0, true, count, false }, never());

    const std::vector<int> attending = attending_layers(model->info().table);
    for (size_t i = 0; i < parts.store->pools(); i++) {
        const LayerShape & shape = parts.store->pool(i).shape();
        const int group = shape.heads / shape.kv_heads;
        const auto block = static_cast<std::ptrdiff_t>(group * count * shape.key_size);
        std::vector<float> expected;
        float soft_cap = 0.0F;
        for (int head = 0; head < shape.kv_heads; head++) {
            for (size_t layer = 0; layer < attending.size(); layer++) {
                const ModelLayer & own = model->info().table[static_cast<size_t>(attending[layer])];
                if (own.source == shape.number && (readers || attending[layer] == shape.number)) {
                    const auto first =
                        stock.of(layer).begin() +
                        (static_cast<std::ptrdiff_t>(parts.store->first_query_head(i)) / group +
                         head) *
                            block;
                    expected.insert(expected.end(), first, first + block);
                    soft_cap = stock.soft_cap_of(layer);
                }
            }
        }
        ggml_tensor * kept = parts.stepper->queries(i);
        std::vector<float> found(static_cast<size_t>(api.ggml_nelements(kept)));
        REQUIRE_MESSAGE(found.size() == expected.size(), "the number of queries");
        api.ggml_backend_tensor_get(kept, found.data(), 0, found.size() * sizeof(float));
        const double difference = relative_difference(found, expected);
        REQUIRE_MESSAGE(difference <= 0.01, "the queries of pool ", i, " differ by ", difference);
        are_weighed(parts, i, found, count, soft_cap);
    }
}

} // namespace loci_test::queries

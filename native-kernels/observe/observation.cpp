#include "observe/observation.h"

#include "core/error.h"
#include "scores/attention_statistic.h"
#include "scores/projected_l1.h"
#include "scores/value_norm.h"
#include "tensor/hadamard.h"

#include <algorithm>
#include <cmath>

namespace loci {

namespace {

ggml_tensor * rows_of(const KvPool & pool, ggml_context * context, ggml_tensor * store,
                      int64_t first, int64_t count) {
    ggml_tensor * leaf = pool.compute().alias(context, store);
    leaf->ne[1] = count;
    leaf->data = static_cast<char *>(leaf->data) + static_cast<size_t>(first) * leaf->nb[1];
    return leaf;
}

ggml_tensor * sinks_of(const KvPool & pool, ggml_context * context) {
    return pool.sinks() != nullptr ? pool.compute().alias(context, pool.sinks()) : nullptr;
}

std::vector<float> download(const Api & api, const ggml_tensor * tensor) {
    std::vector<float> values(static_cast<size_t>(api.ggml_nelements(tensor)));
    api.ggml_backend_tensor_get(tensor, values.data(), 0, values.size() * sizeof(float));
    return values;
}

AttentionStatistics run_statistics(
    Compute & compute, const std::vector<Statistic> & statistics, int64_t rows,
    const std::function<AttentionStatisticInput(ggml_context *)> & input_of) {
    AttentionStatistics result;
    result.rows = static_cast<int>(rows);
    compute.run(
        [&](ggml_context * context, ggml_cgraph *) {
            AttentionStatisticInput input = input_of(context);
            input.statistics = statistics;
            return build_attention_statistics(compute.api(), context, input);
        },
        nullptr,
        [&](const std::vector<ggml_tensor *> & outputs) {
            for (size_t i = 0; i < statistics.size(); i++) {
                result.of(statistics[i]) = download(compute.api(), outputs[i]);
            }
        });
    return result;
}

// The keys of a range as f32, so that ranges can be joined on any device.
ggml_tensor * joinable(const KvPool & pool, ggml_context * context, int64_t first, int64_t count) {
    return pool.compute().api().ggml_cast(
        context, rows_of(pool, context, pool.keys(), first, count), GGML_TYPE_F32);
}

void add_rows(std::vector<float> & total, const std::vector<float> & more, size_t heads,
              size_t slots, Statistic statistic) {
    if (more.empty()) {
        return;
    }
    total.resize(heads * slots, 0.0F);
    const size_t seen = more.size() / heads;
    for (size_t head = 0; head < heads; head++) {
        for (size_t i = 0; i < std::min(seen, slots); i++) {
            float & own = total[head * slots + i];
            const float other = more[head * seen + i];
            switch (statistic) {
                case Statistic::sum: own += other; break;
                case Statistic::maximum: own = std::max(own, other); break;
                case Statistic::l2:
                case Statistic::apart: own = std::sqrt(own * own + other * other); break;
            }
        }
    }
}

} // namespace

AttentionStatistics observe_attention(const KvPool & pool, const StaircaseMask & mask,
                                      ggml_tensor * queries, const ObservationWindow & window,
                                      float scale, const std::vector<Statistic> & statistics) {
    Range::checked(0, window.slots, pool.capacity());
    Compute & compute = pool.compute();
    return run_statistics(compute, statistics, window.rows, [&](ggml_context * context) {
        AttentionStatisticInput input;
        input.queries = compute.alias(context, queries);
        input.keys = rows_of(pool, context, pool.keys(), 0, window.slots);
        input.mask =
            mask.contiguous(context, { window.slots - window.rows, window.rows, window.slots });
        input.scale = scale;
        input.soft_cap = pool.shape().soft_cap;
        input.sinks = sinks_of(pool, context);
        return input;
    });
}

AttentionStatistics observe_repetition(const KvPool & pool, const StaircaseMask & mask,
                                       ggml_tensor * queries, const RepetitionWindow & window,
                                       float scale, const std::vector<Statistic> & statistics) {
    Range::checked(window.piece, window.piece + window.length, pool.capacity());
    Range::checked(window.repeat, window.repeat + window.rows, pool.capacity());
    Compute & compute = pool.compute();
    const Api & api = compute.api();
    AttentionStatistics all =
        run_statistics(compute, statistics, window.rows, [&](ggml_context * context) {
            AttentionStatisticInput input;
            input.queries = compute.alias(context, queries);
            ggml_tensor * keys = joinable(pool, context, window.piece, window.length);
            if (window.sinks > 0) {
                keys = api.ggml_concat(context, joinable(pool, context, 0, window.sinks), keys, 1);
            }
            input.keys = api.ggml_concat(context, keys,
                                         joinable(pool, context, window.repeat, window.rows), 1);
            const int64_t before = window.sinks + window.length;
            input.mask = mask.contiguous(context, { before, window.rows, before + window.rows });
            input.scale = scale;
            input.soft_cap = pool.shape().soft_cap;
            input.sinks = sinks_of(pool, context);
            return input;
        });
    const auto slots = static_cast<size_t>(window.sinks + window.length + window.rows);
    for (const Statistic statistic : statistics) {
        std::vector<float> & own = all.of(statistic);
        std::vector<float> piece;
        for (size_t base = static_cast<size_t>(window.sinks); base < own.size(); base += slots) {
            const auto first = own.begin() + static_cast<std::ptrdiff_t>(base);
            piece.insert(piece.end(), first, first + window.length);
        }
        own = std::move(piece);
    }
    return all;
}

void add_statistics(AttentionStatistics & total, const AttentionStatistics & more, int kv_heads,
                    int heads, int64_t slots) {
    for (const Statistic statistic :
         { Statistic::sum, Statistic::l2, Statistic::maximum, Statistic::apart }) {
        add_rows(total.of(statistic), more.of(statistic),
                 static_cast<size_t>(statistic == Statistic::apart ? heads : kv_heads),
                 static_cast<size_t>(slots), statistic);
    }
    total.rows += more.rows;
}

std::vector<float> observe_values(const KvPool & pool, ValueNeed need, const ValueWeights & weights,
                                  int64_t first, int64_t count) {
    Range::checked(first, first + count, pool.capacity());
    Compute & compute = pool.compute();
    std::vector<float> result;
    compute.run(
        [&](ggml_context * context, ggml_cgraph *) {
            ggml_tensor * values = rows_of(pool, context, pool.values(), first, count);
            if (need == ValueNeed::projected_l1) {
                return std::vector<ggml_tensor *>{ build_projected_l1(
                    compute.api(), context, values,
                    compute.alias(context, weights.projection.get()), pool.shape().heads) };
            }
            const bool projected = need != ValueNeed::squared_norm;
            return std::vector<ggml_tensor *>{ build_value_norm(
                compute.api(), context, values,
                projected ? compute.alias(context, weights.grams.get()) : nullptr,
                need == ValueNeed::projected_apart) };
        },
        nullptr,
        [&](const std::vector<ggml_tensor *> & outputs) {
            result = download(compute.api(), outputs.front());
        });
    return result;
}

std::vector<float> read_vectors(const KvPool & pool, ggml_tensor * store, Range range, int hadamard,
                                int head) {
    require(head >= all_heads && head < pool.shape().kv_heads,
            "a head that the pool does not have");
    Compute & compute = pool.compute();
    std::vector<float> result;
    compute.run(
        [&](ggml_context * context, ggml_cgraph *) {
            ggml_tensor * rows = rows_of(pool, context, store, range.begin(), range.length());
            if (head != all_heads) {
                rows->ne[2] = 1;
                rows->data =
                    static_cast<char *>(rows->data) + static_cast<size_t>(head) * rows->nb[2];
            }
            return std::vector<ggml_tensor *>{ compute.api().ggml_cast(context, rows,
                                                                       GGML_TYPE_F32) };
        },
        nullptr,
        [&](const std::vector<ggml_tensor *> & outputs) {
            result = download(compute.api(), outputs.front());
        });
    if (hadamard > 0) {
        apply_hadamard(result.data(), result.size(), hadamard);
    }
    return result;
}

std::vector<float> read_queries(const KvPool & pool, ggml_tensor * queries, int64_t rows) {
    std::vector<float> all = download(pool.compute().api(), queries);
    require(static_cast<int64_t>(all.size()) == rows * pool.shape().heads * pool.shape().key_size,
            "the observed queries have another size");
    if (pool.shape().key_hadamard > 0) {
        apply_hadamard(all.data(), all.size(), pool.shape().key_hadamard);
    }
    return all;
}

} // namespace loci

#pragma once

#include "attention/staircase_mask.h"
#include "core/range.h"
#include "policy/policy.h"
#include "store/kv_pool.h"

#include <cstdint>
#include <vector>

namespace loci {

/// The last `rows` tokens behind `slots - rows` others, in rows [0, slots) of a layer.
struct ObservationWindow {
    int64_t slots = 0;
    int64_t rows = 0;
};

/// The attention of observed queries to every slot, downloaded: [kv_heads][slots] each, `apart`
/// [heads][slots]. `queries` is f32 [key_size, window.rows, heads].
AttentionStatistics observe_attention(const KvPool & pool, const StaircaseMask & mask,
                                      ggml_tensor * queries, const ObservationWindow & window,
                                      float scale, const std::vector<Statistic> & statistics);

/// KVzip's keys: the first `sinks` rows, the piece [piece, piece + length) and the repetition's
/// rows [repeat, repeat + rows).
struct RepetitionWindow {
    int64_t sinks = 0;
    int64_t piece = 0;
    int64_t length = 0;
    int64_t repeat = 0;
    int64_t rows = 0;
};

/// The attention of a repetition to its piece, [kv_heads][length], softmaxed over the window's keys
/// alone.
AttentionStatistics observe_repetition(const KvPool & pool, const StaircaseMask & mask,
                                       ggml_tensor * queries, const RepetitionWindow & window,
                                       float scale, const std::vector<Statistic> & statistics);

/// Adds the statistics of more rows. Both cover the first slots of a layer of `slots` slots; what
/// either does not cover counts as zero, what goes beyond is dropped.
void add_statistics(AttentionStatistics & total, const AttentionStatistics & more, int kv_heads,
                    int heads, int64_t slots);

/// What the value norms are made of besides the values.
struct ValueWeights {
    const DeviceTensor & grams;
    const DeviceTensor & projection;
};

/// The value statistic of the rows [first, first + count), [kv_heads][count] or, apart,
/// [heads][count], downloaded.
std::vector<float> observe_values(const KvPool & pool, ValueNeed need, const ValueWeights & weights,
                                  int64_t first, int64_t count);

/// For `read_vectors`.
constexpr int all_heads = -1;

/// Keys or values of a range of rows in f32, [kv_heads][length][size], or of one head of the pool
/// [length][size]; turned back from the Hadamard rotation of blocks of `hadamard` values (0: none)
/// in which they are stored.
std::vector<float> read_vectors(const KvPool & pool, ggml_tensor * store, Range range, int hadamard,
                                int head = all_heads);

/// The observed queries, [heads][rows][size], turned back likewise.
std::vector<float> read_queries(const KvPool & pool, ggml_tensor * queries, int64_t rows);

} // namespace loci

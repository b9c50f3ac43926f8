#pragma once

#include "policy/tail_selection.h"
#include "test/memory_fixture.h"
#include "test/model_fixture.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

namespace loci_test {

using Bytes = std::vector<uint8_t>;

constexpr int tail_chunk = 128;

inline std::unique_ptr<loci::Memory> read_memory(enum ggml_type type = GGML_TYPE_F16,
                                                 const char * layout = "rectangular",
                                                 const std::vector<int> & tails = {}) {
    loci::MemoryOptions options = options_of("streaming", 128, tail_chunk);
    options.kv_type = type;
    options.policy_parameters = { { "layout", layout } };
    options.tails = tails;
    auto memory = std::make_unique<loci::Memory>(quick_model(), options);
    for (uint32_t i = 0; i < 2; i++) {
        memory->append(some_tokens(96, i, memory->model().info().vocabulary), {}, {}, never());
    }
    return memory;
}

inline std::vector<llama_token> text(const loci::Memory & memory, size_t count, uint32_t seed) {
    return some_tokens(count, seed, memory.model().info().vocabulary);
}

/// Returns the first row of the tail in a layer.
inline int64_t begin_of(const loci::KvPool & pool, bool attends) {
    return attends || on_cpu() ? pool.rows() : (pool.rows() + 31) / 32 * 32;
}

/// Returns rows of every (layer, KV head), one after another: keys and values as stored.
inline std::vector<Bytes> rows_of(const loci::Memory & memory, bool attends, int64_t from,
                                  int64_t to) {
    std::vector<Bytes> all;
    for (int layer = 0; layer < memory.model().info().layers; layer++) {
        const loci::KvPool & pool = memory.store().pool_of(layer);
        const int64_t first = begin_of(pool, attends);
        const loci::Range range = loci::Range::checked(first + from, first + to, pool.capacity());
        for (int head = 0; head < pool.shape().kv_heads; head++) {
            all.push_back(pool.stored(pool.key_store(), head, range));
            all.push_back(pool.stored(pool.value_store(), head, range));
        }
    }
    return all;
}

/// Applies KeyDiff's formula to one head's keys and sorts all rows, without the policies' code.
inline std::vector<int32_t> brute_force(const std::vector<float> & keys, size_t size,
                                        const loci::TailKeep & keep) {
    const size_t count = keys.size() / size;
    const auto cosine = [&](const double * a, const double * b) {
        double product = 0.0;
        double first = 0.0;
        double second = 0.0;
        for (size_t c = 0; c < size; c++) {
            product += a[c] * b[c];
            first += a[c] * a[c];
            second += b[c] * b[c];
        }
        return product / std::sqrt(first * second);
    };
    const std::vector<double> exact(keys.begin(), keys.end());
    std::vector<double> mean(size, 0.0);
    for (size_t i = 0; i < count; i++) {
        const double * key = exact.data() + i * size;
        const double norm = std::sqrt(std::inner_product(key, key + size, key, 0.0));
        for (size_t c = 0; c < size; c++) {
            mean[c] += key[c] / norm / static_cast<double>(count);
        }
    }
    std::vector<int32_t> between;
    std::vector<int32_t> kept;
    for (size_t i = 0; i < count; i++) {
        const bool must =
            i < static_cast<size_t>(keep.first) || i >= count - static_cast<size_t>(keep.last);
        (must ? kept : between).push_back(static_cast<int32_t>(i));
    }
    std::stable_sort(between.begin(), between.end(), [&](int32_t a, int32_t b) {
        return static_cast<float>(
                   -cosine(exact.data() + static_cast<size_t>(a) * size, mean.data())) >
               static_cast<float>(
                   -cosine(exact.data() + static_cast<size_t>(b) * size, mean.data()));
    });
    between.resize(static_cast<size_t>(keep.rows) - kept.size());
    kept.insert(kept.end(), between.begin(), between.end());
    std::sort(kept.begin(), kept.end());
    return kept;
}

} // namespace loci_test

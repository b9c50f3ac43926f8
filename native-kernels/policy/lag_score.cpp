#include "policy/lag_score.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace loci {

namespace {

// Adds the scores of one partition of keys or values against the next one: min-max normalisation of
// each channel by the next partition's range, then each token's deviation over the channels, then a
// softmax over the partition.
void add_partition(const float * rows, const float * next, size_t count, size_t next_count,
                   size_t size, double * score) {
    constexpr double tiny = 1e-6;
    constexpr double infinity = std::numeric_limits<double>::infinity();
    std::vector<double> low(size, infinity);
    std::vector<double> high(size, -infinity);
    for (size_t i = 0; i < next_count * size; i++) {
        low[i % size] = std::min(low[i % size], static_cast<double>(next[i]));
        high[i % size] = std::max(high[i % size], static_cast<double>(next[i]));
    }
    std::vector<double> deviation(count);
    for (size_t t = 0; t < count; t++) {
        double sum = 0.0;
        double squares = 0.0;
        for (size_t c = 0; c < size; c++) {
            const double value = (static_cast<double>(rows[t * size + c]) - low[c]) /
                                 std::max(high[c] - low[c], tiny);
            sum += value;
            squares += value * value;
        }
        const double mean = sum / static_cast<double>(size);
        deviation[t] = std::sqrt(std::max(squares / static_cast<double>(size) - mean * mean, 0.0));
    }
    double most = 0.0;
    for (const double value : deviation) {
        most = std::max(most, value);
    }
    double total = 0.0;
    for (double & value : deviation) {
        value = std::exp(value - most);
        total += value;
    }
    for (size_t t = 0; t < count; t++) {
        score[t] += deviation[t] / total / 2.0;
    }
}

} // namespace

LayerScore lag_score(int partition, const LayerCandidates & layer) {
    const auto slots = static_cast<size_t>(layer.slots);
    const size_t size = layer.keys.size() / std::max<size_t>(layer.token.size(), 1);
    const size_t value_size = layer.values.size() / std::max<size_t>(layer.token.size(), 1);
    const auto length = static_cast<size_t>(partition);
    LayerScore score;
    score.evidence = layer.carried;
    for (size_t head = 0; head < static_cast<size_t>(layer.kv_heads); head++) {
        const size_t base = head * slots;
        size_t first = 0;
        while (first < slots && layer.carried[base + first] >= 0.0f) {
            first++;
        }
        for (; first + length < slots; first += length) {
            const size_t next = first + length;
            const size_t next_count = std::min(length, slots - next);
            std::vector<double> sum(length, 0.0);
            add_partition(layer.keys.data() + (base + first) * size,
                          layer.keys.data() + (base + next) * size, length, next_count, size,
                          sum.data());
            add_partition(layer.values.data() + (base + first) * value_size,
                          layer.values.data() + (base + next) * value_size, length, next_count,
                          value_size, sum.data());
            for (size_t t = 0; t < length; t++) {
                // A token that was scored before keeps its score.
                float & own = score.evidence[base + first + t];
                own = own >= 0.0f ? own : static_cast<float>(sum[t] * static_cast<double>(length));
            }
        }
    }
    score.rank = score.evidence;
    return score;
}

} // namespace loci

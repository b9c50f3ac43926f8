#pragma once

#include "test/policy_fixture.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

/// The scores of methods that observe attention, as in their papers, in plain loops and doubles.
namespace loci_test {

using Doubles = std::vector<double>;
constexpr int group = 3;

inline double at(const std::vector<float> & values, size_t i) {
    return static_cast<double>(values[i]);
}

inline Doubles as_doubles(const std::vector<float> & values) {
    return { values.begin(), values.end() };
}

inline Doubles pool(const loci::LayerCandidates & layer, const Doubles & in, int width,
                    bool maximum) {
    const int slots = layer.slots;
    Doubles out(in.size());
    for (int head = 0; head < layer.kv_heads; head++) {
        const size_t base = static_cast<size_t>(head) * static_cast<size_t>(slots);
        for (int i = 0; i < slots; i++) {
            const int first = std::max(0, i - width / 2);
            const int last = std::min(slots - 1, i + width / 2);
            double total = 0.0;
            for (int j = first; j <= last; j++) {
                const double value = in[base + static_cast<size_t>(j)];
                total = maximum ? std::max(total, value) : total + value;
            }
            out[base + static_cast<size_t>(i)] =
                maximum ? total : total / static_cast<double>(last - first + 1);
        }
    }
    return out;
}

inline void carry(const loci::LayerCandidates & layer, double share, Doubles & score) {
    for (size_t i = 0; i < score.size(); i++) {
        if (layer.carried[i] >= 0.0f) {
            score[i] = std::max(score[i], share * at(layer.carried, i));
        }
    }
}

inline Doubles mean_of_rows(const loci::LayerCandidates & layer) {
    Doubles mean = as_doubles(layer.attention.sum);
    for (double & value : mean) {
        value /= layer.attention.rows;
    }
    return mean;
}

inline Doubles times_value(const loci::LayerCandidates & layer, Doubles score,
                           double epsilon = 0.0) {
    for (size_t i = 0; i < score.size(); i++) {
        score[i] = (score[i] + epsilon) * at(layer.value, i);
    }
    return score;
}

inline Doubles snapkv(const loci::LayerCandidates & layer) {
    Doubles score = pool(layer, mean_of_rows(layer), 5, false);
    carry(layer, 1.0, score);
    return score;
}

inline Doubles h2o(const loci::LayerCandidates & layer, int64_t stream) {
    Doubles score = as_doubles(layer.attention.sum);
    for (size_t i = 0; i < score.size(); i++) {
        score[i] += layer.carried[i] >= 0.0f ? at(layer.carried, i) : 0.0;
        score[i] /= static_cast<double>(stream - layer.token[i]);
    }
    return score;
}

inline Doubles tova(const loci::LayerCandidates & layer) {
    const Doubles own = mean_of_rows(layer);
    Doubles score(own.size(), 0.0);
    const auto slots = static_cast<size_t>(layer.slots);
    for (size_t i = 0; i < score.size(); i++) {
        for (size_t j = i % slots; j < own.size(); j += slots) {
            score[i] += own[j] / layer.kv_heads;
        }
    }
    return score;
}

inline Doubles ahakv(const loci::LayerCandidates & layer) {
    Doubles score = mean_of_rows(layer);
    carry(layer, 1.0, score);
    const Doubles prior = pool(layer, as_doubles(layer.value), 7, false);
    const auto slots = static_cast<size_t>(layer.slots);
    for (size_t i = 0; i < score.size(); i++) {
        const auto head = prior.begin() + static_cast<std::ptrdiff_t>(i / slots * slots);
        score[i] *= prior[i] / *std::max_element(head, head + layer.slots);
    }
    return score;
}

inline Doubles cake(const loci::LayerCandidates & layer) {
    Doubles score = mean_of_rows(layer);
    for (size_t i = 0; i < score.size(); i++) {
        const double square =
            at(layer.attention.l2, i) * at(layer.attention.l2, i) / layer.attention.rows;
        score[i] += 200.0 * std::max(square - score[i] * score[i], 0.0);
    }
    score = pool(layer, score, 5, false);
    carry(layer, 1.0, score);
    return score;
}

inline Doubles laprox(const loci::LayerCandidates & layer) {
    Doubles score = pool(layer, as_doubles(layer.attention.l2), 7, false);
    carry(layer, 1.0, score);
    return times_value(layer, score);
}

// The other reading of the paper: one product per head, then the group's mean, then pooling.
inline Doubles laprox_apart(const loci::LayerCandidates & layer) {
    const auto slots = static_cast<size_t>(layer.slots);
    Doubles score(layer.token.size(), 0.0);
    for (size_t i = 0; i < score.size(); i++) {
        for (size_t member = 0; member < group; member++) {
            const size_t own = (i / slots * group + member) * slots + i % slots;
            score[i] += at(layer.attention.apart, own) * at(layer.value, own) / group;
        }
    }
    score = pool(layer, score, 7, false);
    carry(layer, 1.0, score);
    return score;
}

inline Doubles defensive(const loci::LayerCandidates & layer) {
    Doubles score = pool(layer, as_doubles(layer.attention.maximum), 7, false);
    carry(layer, 1.0, score);
    const auto slots = static_cast<size_t>(layer.slots);
    for (size_t base = 0; base < score.size(); base += slots) {
        const auto head = score.begin() + static_cast<std::ptrdiff_t>(base);
        const double mean = std::accumulate(head, head + layer.slots, 0.0) / layer.slots;
        std::for_each(head, head + layer.slots, [&](double & own) { own = std::max(own, mean); });
    }
    return times_value(layer, score);
}

inline Doubles kvzip(const loci::LayerCandidates & layer) {
    Doubles score = as_doubles(layer.attention.maximum);
    carry(layer, 1.0, score);
    return score;
}

} // namespace loci_test

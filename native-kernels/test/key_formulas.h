#pragma once

#include "test/score_formulas.h"

/// The scores of methods that read keys and values, as in their papers, in plain loops and doubles.
namespace loci_test {

inline double product(const float * a, const float * b, size_t size) {
    double sum = 0.0;
    for (size_t c = 0; c < size; c++) {
        sum += static_cast<double>(a[c]) * static_cast<double>(b[c]);
    }
    return sum;
}

inline Doubles knorm(const loci::LayerCandidates & layer) {
    Doubles score;
    for (size_t i = 0; i < layer.token.size(); i++) {
        const float * key = layer.keys.data() + 4 * i;
        score.push_back(-std::sqrt(product(key, key, 4)));
    }
    return score;
}

inline Doubles keydiff(const loci::LayerCandidates & layer) {
    const auto slots = static_cast<size_t>(layer.slots);
    Doubles score;
    for (size_t i = 0; i < layer.token.size(); i++) {
        const float * key = layer.keys.data() + 4 * i;
        // cos(k, mean direction of all keys), computed from the mean of the unit keys.
        Doubles anchor(4, 0.0);
        for (size_t j = i / slots * slots; j < (i / slots + 1) * slots; j++) {
            const float * other = layer.keys.data() + 4 * j;
            for (size_t c = 0; c < 4; c++) {
                anchor[c] += static_cast<double>(other[c]) / std::sqrt(product(other, other, 4)) /
                             layer.slots;
            }
        }
        double dot = 0.0;
        double square = 0.0;
        for (size_t c = 0; c < 4; c++) {
            dot += static_cast<double>(key[c]) * anchor[c];
            square += anchor[c] * anchor[c];
        }
        score.push_back(-dot / std::sqrt(square) / std::sqrt(product(key, key, 4)));
    }
    return score;
}

inline Doubles expected(const loci::LayerCandidates & layer) {
    const auto slots = static_cast<size_t>(layer.slots);
    Doubles score(layer.token.size(), 0.0);
    for (size_t head = 0; head < static_cast<size_t>(layer.kv_heads) * group; head++) {
        Doubles weights;
        double total = 0.0;
        for (size_t i = 0; i < slots; i++) {
            const float * key = layer.keys.data() + 4 * (head / group * slots + i);
            double form = 0.0;
            for (size_t a = 0; a < 4; a++) {
                for (size_t b = 0; b < 4; b++) {
                    form += static_cast<double>(key[a]) * static_cast<double>(key[b]) *
                            at(layer.moments.covariance, head * 16 + a * 4 + b);
                }
            }
            weights.push_back(
                std::exp(product(key, layer.moments.mean.data() + head * 4, 4) / 2.0 + form / 8.0));
            total += weights.back();
        }
        for (size_t i = 0; i < slots; i++) {
            score[head / group * slots + i] += weights[i] / total / group;
        }
    }
    for (size_t i = 0; i < score.size(); i++) {
        score[i] *= std::sqrt(at(layer.value, i));
    }
    return score;
}

// Partitions of four, each normalised by the range of the next one; scored tokens keep their score.
inline Doubles lagkv(const loci::LayerCandidates & layer) {
    const auto slots = static_cast<size_t>(layer.slots);
    constexpr size_t length = 4;
    Doubles score;
    for (size_t i = 0; i < layer.token.size(); i++) {
        const size_t base = i / slots * slots;
        size_t first = base; // the first slot without a score
        while (first < base + slots && layer.carried[first] >= 0.0f) {
            first++;
        }
        const size_t begin = i < first ? i : first + (i - first) / length * length;
        const size_t next = begin + length;
        if (layer.carried[i] >= 0.0f || next >= base + slots) {
            score.push_back(at(layer.carried, i));
            continue;
        }
        const size_t end = std::min(next + length, base + slots);
        double sum = 0.0;
        for (const auto * rows : { &layer.keys, &layer.values }) {
            Doubles weights;
            for (size_t t = begin; t < next; t++) {
                Doubles scaled;
                for (size_t c = 0; c < 4; c++) {
                    double low = HUGE_VAL;
                    double high = -HUGE_VAL;
                    for (size_t u = next; u < end; u++) {
                        low = std::min(low, at(*rows, 4 * u + c));
                        high = std::max(high, at(*rows, 4 * u + c));
                    }
                    scaled.push_back((at(*rows, 4 * t + c) - low) / std::max(high - low, 1e-6));
                }
                const double mean = std::accumulate(scaled.begin(), scaled.end(), 0.0) / 4.0;
                double square = 0.0;
                for (const double value : scaled) {
                    square += (value - mean) * (value - mean) / 4.0;
                }
                weights.push_back(std::sqrt(square));
            }
            const double most = *std::max_element(weights.begin(), weights.end());
            double total = 0.0;
            for (double & weight : weights) {
                weight = std::exp(weight - most);
                total += weight;
            }
            sum += weights[i - begin] / total / 2.0;
        }
        score.push_back(sum * static_cast<double>(length));
    }
    return score;
}

} // namespace loci_test

#include "policy/expected_score.h"

#include <algorithm>
#include <cmath>

namespace loci {

namespace {

// k.mu / sqrt(d) + k^T Sigma k / (2 d)
double expected_logit(const float * key, const float * mean, const float * covariance,
                      size_t size) {
    double linear = 0.0;
    double form = 0.0;
    for (size_t a = 0; a < size; a++) {
        double row = 0.0;
        for (size_t b = 0; b < size; b++) {
            row += static_cast<double>(covariance[a * size + b]) * static_cast<double>(key[b]);
        }
        form += row * static_cast<double>(key[a]);
        linear += static_cast<double>(mean[a]) * static_cast<double>(key[a]);
    }
    const double d = static_cast<double>(size);
    return linear / std::sqrt(d) + form / (2.0 * d);
}

} // namespace

LayerScore expected_score(ValueTerm term, double epsilon, const LayerCandidates & layer) {
    const auto slots = static_cast<size_t>(layer.slots);
    const auto size = static_cast<size_t>(layer.moments.size);
    const size_t group =
        static_cast<size_t>(layer.moments.heads) / static_cast<size_t>(layer.kv_heads);
    LayerScore score;
    score.rank.assign(layer.token.size(), 0.0f);
    std::vector<double> logits(slots);
    for (size_t head = 0; head < static_cast<size_t>(layer.moments.heads); head++) {
        const size_t base = head / group * slots;
        for (size_t i = 0; i < slots; i++) {
            logits[i] = expected_logit(layer.keys.data() + (base + i) * size,
                                       layer.moments.mean.data() + head * size,
                                       layer.moments.covariance.data() + head * size * size, size);
        }
        const double most = slots == 0 ? 0.0 : *std::max_element(logits.begin(), logits.end());
        double total = 0.0;
        for (double & value : logits) {
            value = std::exp(value - most);
            total += value;
        }
        for (size_t i = 0; i < slots; i++) {
            score.rank[base + i] +=
                static_cast<float>(logits[i] / total / static_cast<double>(group));
        }
    }
    for (size_t i = 0; i < score.rank.size(); i++) {
        const float value = layer.value.empty() ? 1.0f : layer.value[i];
        const float norm = term == ValueTerm::squared ? std::sqrt(value) : value;
        score.rank[i] = (score.rank[i] + static_cast<float>(epsilon)) * norm;
    }
    return score;
}

} // namespace loci

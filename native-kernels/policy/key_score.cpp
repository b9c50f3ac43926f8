#include "policy/score.h"

#include <cmath>

namespace loci {

namespace {

double norm_of(const float * key, size_t size) {
    double sum = 0.0;
    for (size_t i = 0; i < size; i++) {
        sum += static_cast<double>(key[i]) * static_cast<double>(key[i]);
    }
    return std::sqrt(sum);
}

} // namespace

LayerScore knorm_score(const LayerCandidates & layer) {
    const size_t size = layer.keys.size() / std::max<size_t>(layer.token.size(), 1);
    LayerScore score;
    for (size_t i = 0; i < layer.token.size(); i++) {
        score.rank.push_back(static_cast<float>(-norm_of(layer.keys.data() + i * size, size)));
    }
    return score;
}

LayerScore keydiff_score(const LayerCandidates & layer) {
    const auto slots = static_cast<size_t>(layer.slots);
    const size_t size = layer.keys.size() / std::max<size_t>(layer.token.size(), 1);
    LayerScore score;
    for (size_t head = 0; head < static_cast<size_t>(layer.kv_heads); head++) {
        const float * keys = layer.keys.data() + head * slots * size;
        std::vector<double> norms(slots);
        std::vector<double> anchor(size, 0.0);
        for (size_t i = 0; i < slots; i++) {
            norms[i] = norm_of(keys + i * size, size);
            for (size_t c = 0; norms[i] > 0.0 && c < size; c++) {
                anchor[c] += static_cast<double>(keys[i * size + c]) / norms[i];
            }
        }
        double length = 0.0;
        for (const double value : anchor) {
            length += value * value;
        }
        length = std::sqrt(length);
        for (size_t i = 0; i < slots; i++) {
            double product = 0.0;
            for (size_t c = 0; c < size; c++) {
                product += static_cast<double>(keys[i * size + c]) * anchor[c];
            }
            const double scale = norms[i] * length;
            score.rank.push_back(static_cast<float>(scale > 0.0 ? -product / scale : 0.0));
        }
    }
    return score;
}

} // namespace loci

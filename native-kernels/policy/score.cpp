#include "policy/score.h"

#include "policy/drawing.h"

#include <algorithm>

namespace loci {

std::vector<float> & AttentionStatistics::of(Statistic statistic) noexcept {
    switch (statistic) {
        case Statistic::sum: return sum;
        case Statistic::l2: return l2;
        case Statistic::maximum: return maximum;
        case Statistic::apart: break;
    }
    return apart;
}

const std::vector<float> & AttentionStatistics::of(Statistic statistic) const noexcept {
    return const_cast<AttentionStatistics *>(this)->of(statistic);
}

LayerScore position_score(const LayerCandidates & layer) {
    LayerScore score;
    score.rank.resize(layer.token.size());
    std::transform(layer.token.begin(), layer.token.end(), score.rank.begin(),
                   [](int32_t token) { return static_cast<float>(token); });
    return score;
}

LayerScore random_score(uint32_t seed, const LayerCandidates & layer, const ScorePlace & place) {
    LayerScore score;
    const auto slots = static_cast<size_t>(layer.slots);
    for (size_t i = 0; i < layer.token.size(); i++) {
        score.rank.push_back(static_cast<float>(
            uniform_hash(seed, place.layer, place.head + i / slots, layer.token[i])));
    }
    return score;
}

} // namespace loci

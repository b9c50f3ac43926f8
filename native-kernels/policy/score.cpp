#include "policy/score.h"

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

LayerScore score_layer(const Settings & settings, const LayerCandidates & layer,
                       const ScorePlace & place) {
    switch (settings.score) {
        case ScoreKind::attention: return attention_score(settings, layer, place);
        case ScoreKind::keydiff: return keydiff_score(layer);
        case ScoreKind::knorm: return knorm_score(layer);
        case ScoreKind::lagkv: return lag_score(settings, layer);
        case ScoreKind::expected: return expected_score(settings, layer);
        case ScoreKind::position: return position_score(layer);
        case ScoreKind::random: break;
    }
    return random_score(settings, layer, place);
}

LayerScore position_score(const LayerCandidates & layer) {
    LayerScore score;
    score.rank.resize(layer.token.size());
    std::transform(layer.token.begin(), layer.token.end(), score.rank.begin(),
                   [](int32_t token) { return static_cast<float>(token); });
    return score;
}

LayerScore random_score(const Settings & settings, const LayerCandidates & layer,
                        const ScorePlace & place) {
    LayerScore score;
    const auto slots = static_cast<size_t>(layer.slots);
    for (size_t i = 0; i < layer.token.size(); i++) {
        score.rank.push_back(static_cast<float>(
            uniform_hash(settings.seed, place.layer, place.head + i / slots, layer.token[i])));
    }
    return score;
}

double uniform_hash(uint32_t seed, size_t layer, size_t head, int32_t token) noexcept {
    // SplitMix64 (Steele et al., OOPSLA 2014).
    uint64_t state = (static_cast<uint64_t>(seed) << 32) ^ static_cast<uint32_t>(token);
    state += 0x9e3779b97f4a7c15u * (static_cast<uint64_t>(layer) * 4096 + head + 1);
    for (const uint64_t factor : { 0xbf58476d1ce4e5b9u, 0x94d049bb133111ebu }) {
        state = (state ^ (state >> 30)) * factor;
        state ^= state >> 27;
    }
    state ^= state >> 31;
    return (static_cast<double>(state >> 11) + 0.5) / 9007199254740992.0;
}

} // namespace loci

#include "policy/drawing.h"

#include <algorithm>
#include <cmath>

namespace loci {

void Drawing::declare(ParameterList & list) {
    list.word<bool>("select", sample, { { "best", false }, { "sample", true } },
                    "Keep the best tokens, or a random sample weighted by their scores.");
    list.whole("seed", seed, "What chance starts from.");
}

void draw(uint32_t seed, const LayerCandidates & layer, const ScorePlace & place,
          std::vector<float> & rank) {
    const auto slots = static_cast<size_t>(layer.slots);
    for (size_t i = 0; i < rank.size(); i++) {
        const double chance =
            uniform_hash(seed, place.layer, place.head + i / slots, layer.token[i]);
        const double weight = std::max(static_cast<double>(rank[i]), 1e-12);
        rank[i] = std::isfinite(rank[i]) ? static_cast<float>(std::log(chance) / weight) : rank[i];
    }
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

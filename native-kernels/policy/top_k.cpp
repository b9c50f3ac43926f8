#include "policy/top_k.h"

#include "core/error.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <numeric>

namespace loci {

uint32_t score_order(float score) noexcept {
    if (!std::isfinite(score)) {
        return 0;
    }
    score += 0.0f; // -0 becomes 0
    uint32_t bits = 0;
    std::memcpy(&bits, &score, sizeof(bits));
    // Negative floats sort backwards as integers.
    return (bits & 0x80000000u) != 0 ? ~bits : bits | 0x80000000u;
}

std::vector<int32_t> top_k(const float * scores, const uint8_t * forced, int64_t count, int64_t k) {
    require(count >= 0 && count <= std::numeric_limits<int32_t>::max(), "too many scores");
    if (k >= count) {
        std::vector<int32_t> all(static_cast<size_t>(count));
        std::iota(all.begin(), all.end(), 0);
        return all;
    }
    if (k <= 0) {
        return {};
    }
    // One unique key for each entry, so that the order is total: forced, score, lower index.
    constexpr uint64_t index_mask = 0x7fffffffu;
    std::vector<uint64_t> keys(static_cast<size_t>(count));
    for (int64_t i = 0; i < count; i++) {
        const uint64_t first = forced != nullptr && forced[i] != 0 ? 1 : 0;
        keys[static_cast<size_t>(i)] = first << 63 |
                                       static_cast<uint64_t>(score_order(scores[i])) << 31 |
                                       (index_mask - static_cast<uint64_t>(i));
    }
    std::nth_element(keys.begin(), keys.begin() + (k - 1), keys.end(), std::greater<>());
    std::vector<int32_t> best(static_cast<size_t>(k));
    for (size_t i = 0; i < best.size(); i++) {
        best[i] = static_cast<int32_t>(index_mask - (keys[i] & index_mask));
    }
    std::sort(best.begin(), best.end());
    return best;
}

} // namespace loci

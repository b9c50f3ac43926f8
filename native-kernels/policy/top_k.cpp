#include "policy/top_k.h"

#include "core/error.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <numeric>

namespace loci {

uint32_t score_order(float score) noexcept {
    if (!std::isfinite(score)) {
        return 0;
    }
    score += 0.0f; // -0 becomes 0
    uint32_t bits = 0;
    std::memcpy(&bits, &score, sizeof(bits));
    // As integers, negative floats sort in reverse.
    return (bits & 0x80000000u) != 0 ? ~bits : bits | 0x80000000u;
}

std::vector<int32_t> top_k(const float * scores, const uint8_t * forced, int64_t count, int64_t k) {
    require(count >= 0 && count < (int64_t{ 1 } << 30), "too many scores");
    if (k >= count) {
        std::vector<int32_t> all(static_cast<size_t>(count));
        std::iota(all.begin(), all.end(), 0);
        return all;
    }
    if (k <= 0) {
        return {};
    }
    // A unique key for each entry makes the order total: level, score, lower index.
    constexpr uint64_t last_index = (uint64_t{ 1 } << 30) - 1;
    const auto key_of = [&](int64_t i) {
        const uint64_t level = forced != nullptr ? forced[i] & 3u : 0;
        return level << 62 | static_cast<uint64_t>(score_order(scores[i])) << 30 |
               (last_index - static_cast<uint64_t>(i));
    };
    std::vector<uint64_t> keys(static_cast<size_t>(count));
    for (int64_t i = 0; i < count; i++) {
        keys[static_cast<size_t>(i)] = key_of(i);
    }
    std::nth_element(keys.begin(), keys.begin() + (k - 1), keys.end(), std::greater<>());
    const uint64_t last = keys[static_cast<size_t>(k - 1)];
    // A second pass in order of position is cheaper than sorting the result.
    std::vector<int32_t> best;
    best.reserve(static_cast<size_t>(k));
    for (int64_t i = 0; i < count; i++) {
        if (key_of(i) >= last) {
            best.push_back(static_cast<int32_t>(i));
        }
    }
    return best;
}

} // namespace loci

#include "policy/pooling.h"

#include "core/error.h"

#include <algorithm>
#include <cmath>

namespace loci {

void average_pool(const float * in, int64_t length, int width, float * out) {
    require(width >= 1 && width % 2 == 1, "a pooling width is not odd");
    const int64_t reach = (width - 1) / 2;
    for (int64_t i = 0; i < length; i++) {
        const int64_t begin = std::max<int64_t>(i - reach, 0);
        const int64_t end = std::min<int64_t>(i + reach + 1, length);
        // A fresh sum for each i: a sliding sum would accumulate rounding errors along the row.
        float sum = 0.0f;
        for (int64_t j = begin; j < end; j++) {
            sum += std::isfinite(in[j]) ? in[j] : 0.0f;
        }
        out[i] = sum / static_cast<float>(end - begin);
    }
}

void maximum_pool(const float * in, int64_t length, int width, float * out) {
    require(width >= 1 && width % 2 == 1, "a pooling width is not odd");
    const int64_t reach = (width - 1) / 2;
    for (int64_t i = 0; i < length; i++) {
        const int64_t end = std::min<int64_t>(i + reach + 1, length);
        float most = 0.0f;
        for (int64_t j = std::max<int64_t>(i - reach, 0); j < end; j++) {
            most = std::isfinite(in[j]) ? std::max(most, in[j]) : most;
        }
        out[i] = most;
    }
}

} // namespace loci

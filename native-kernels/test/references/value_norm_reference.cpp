#include "test/references/value_norm_reference.h"

#include <cmath>

namespace loci {

std::vector<float> squared_norm_reference(const std::vector<float> & values, int64_t head_size) {
    std::vector<float> norms;
    const auto size = static_cast<size_t>(head_size);
    for (size_t row = 0; row < values.size() / size; row++) {
        double sum = 0.0;
        for (size_t i = 0; i < size; i++) {
            const double value = static_cast<double>(values[row * size + i]);
            sum += value * value;
        }
        norms.push_back(static_cast<float>(sum));
    }
    return norms;
}

namespace {

// Mean over the group of a norm of v W_O^h; `norm` takes the projected value.
template <typename Norm>
std::vector<float> mean_of_projections(const std::vector<float> & values,
                                       const std::vector<float> & projection, int64_t head_size,
                                       int64_t kv_heads, int64_t heads, const Norm & norm) {
    const auto size = static_cast<size_t>(head_size);
    const auto group = static_cast<size_t>(heads / kv_heads);
    const size_t width = projection.size() / (size * static_cast<size_t>(heads));
    const size_t slots = values.size() / (size * static_cast<size_t>(kv_heads));
    std::vector<float> norms;
    for (size_t row = 0; row < slots * static_cast<size_t>(kv_heads); row++) {
        double mean = 0.0;
        for (size_t member = 0; member < group; member++) {
            const float * slice =
                projection.data() + ((row / slots) * group + member) * size * width;
            std::vector<double> projected(width, 0.0);
            for (size_t out = 0; out < width; out++) {
                for (size_t i = 0; i < size; i++) {
                    projected[out] += static_cast<double>(values[row * size + i]) *
                                      static_cast<double>(slice[i * width + out]);
                }
            }
            mean += norm(projected) / static_cast<double>(group);
        }
        norms.push_back(static_cast<float>(mean));
    }
    return norms;
}

} // namespace

std::vector<float> projected_norm_reference(const std::vector<float> & values,
                                            const std::vector<float> & projection,
                                            int64_t head_size, int64_t kv_heads, int64_t heads) {
    return mean_of_projections(values, projection, head_size, kv_heads, heads,
                               [](const std::vector<double> & projected) {
                                   double square = 0.0;
                                   for (const double value : projected) {
                                       square += value * value;
                                   }
                                   return std::sqrt(square);
                               });
}

std::vector<float> projected_l1_reference(const std::vector<float> & values,
                                          const std::vector<float> & projection, int64_t head_size,
                                          int64_t kv_heads, int64_t heads) {
    return mean_of_projections(values, projection, head_size, kv_heads, heads,
                               [](const std::vector<double> & projected) {
                                   double sum = 0.0;
                                   for (const double value : projected) {
                                       sum += std::fabs(value);
                                   }
                                   return sum;
                               });
}

std::vector<float> gram_reference(const std::vector<float> & projection, int64_t head_size,
                                  int64_t heads) {
    const auto size = static_cast<size_t>(head_size);
    const size_t width = projection.size() / (size * static_cast<size_t>(heads));
    std::vector<float> grams;
    for (size_t head = 0; head < static_cast<size_t>(heads); head++) {
        const float * slice = projection.data() + head * size * width;
        for (size_t a = 0; a < size; a++) {
            for (size_t b = 0; b < size; b++) {
                double sum = 0.0;
                for (size_t out = 0; out < width; out++) {
                    sum += static_cast<double>(slice[a * width + out]) *
                           static_cast<double>(slice[b * width + out]);
                }
                grams.push_back(static_cast<float>(sum));
            }
        }
    }
    return grams;
}

} // namespace loci

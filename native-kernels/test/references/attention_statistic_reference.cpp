#include "test/references/attention_statistic_reference.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace loci {

namespace {

double dot(const float * a, const float * b, int64_t size) {
    double sum = 0.0;
    for (int64_t i = 0; i < size; i++) {
        sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
    }
    return sum;
}

// `sink` is one more logit; -infinity: none.
void softmax(std::vector<double> & row, double sink) {
    const double most = std::max(*std::max_element(row.begin(), row.end()), sink);
    double sum = std::exp(sink - most);
    for (double & value : row) {
        value = std::exp(value - most);
        sum += value;
    }
    for (double & value : row) {
        value /= sum;
    }
}

} // namespace

std::vector<float> attention_statistic_reference(const AttentionShape & shape,
                                                 const std::vector<float> & queries,
                                                 const std::vector<float> & keys,
                                                 const std::vector<float> & mask, float scale,
                                                 Statistic statistic,
                                                 const std::vector<float> & sinks, float soft_cap) {
    const double most = soft_cap > 0.0F ? static_cast<double>(soft_cap) : 0.0;
    const int64_t group = shape.heads / shape.kv_heads;
    const auto slots = static_cast<size_t>(shape.slots);
    std::vector<float> result;
    std::vector<double> row(slots);
    for (int64_t kv_head = 0; kv_head < shape.kv_heads; kv_head++) {
        std::vector<double> total(slots, 0.0);
        std::vector<double> apart(slots * static_cast<size_t>(group), 0.0);
        for (int64_t t = 0; t < shape.rows; t++) {
            std::vector<double> mean(slots, 0.0);
            for (int64_t member = 0; member < group; member++) {
                const int64_t head = kv_head * group + member;
                const float * query = queries.data() + (head * shape.rows + t) * shape.head_size;
                for (int64_t i = 0; i < shape.slots; i++) {
                    const float * key = keys.data() + (kv_head * shape.slots + i) * shape.head_size;
                    const double product =
                        static_cast<double>(scale) * dot(query, key, shape.head_size);
                    row[static_cast<size_t>(i)] =
                        (most > 0.0 ? most * std::tanh(product / most) : product) +
                        static_cast<double>(mask[static_cast<size_t>(t * shape.slots + i)]);
                }
                softmax(row, sinks.empty() ? -std::numeric_limits<double>::infinity()
                                           : static_cast<double>(sinks[static_cast<size_t>(head)]));
                for (size_t i = 0; i < slots; i++) {
                    mean[i] += row[i] / static_cast<double>(group);
                    apart[static_cast<size_t>(member) * slots + i] += row[i] * row[i];
                    if (statistic == Statistic::maximum) {
                        total[i] = std::max(total[i], row[i]);
                    }
                }
            }
            for (size_t i = 0; i < slots; i++) {
                if (statistic == Statistic::sum || statistic == Statistic::l2) {
                    total[i] += statistic == Statistic::l2 ? mean[i] * mean[i] : mean[i];
                }
            }
        }
        const bool root = statistic == Statistic::l2 || statistic == Statistic::apart;
        for (const double value : statistic == Statistic::apart ? apart : total) {
            result.push_back(static_cast<float>(root ? std::sqrt(value) : value));
        }
    }
    return result;
}

} // namespace loci

#include "scores/query_moments.h"

#include "core/error.h"
#include "tensor/rotation.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace loci {

namespace {

// Multiplies a pair by (cosine, sine), whose length need not be 1.
template <typename Number>
void turn(Number * vector, size_t stride, const RopePair & pair, double cosine, double sine) {
    Number & x = vector[pair.first * stride];
    Number & y = vector[pair.second * stride];
    const double a = static_cast<double>(x);
    const double b = static_cast<double>(y);
    x = static_cast<Number>(a * cosine - b * sine);
    y = static_cast<Number>(a * sine + b * cosine);
}

} // namespace

QueryMomentSums::QueryMomentSums(int heads, int size)
    : heads_(heads), size_(size), sum_(static_cast<size_t>(heads) * static_cast<size_t>(size), 0.0),
      product_(sum_.size() * static_cast<size_t>(size), 0.0) {}

void QueryMomentSums::add(const std::vector<float> & queries, int64_t rows, int64_t position,
                          int64_t skipped, const RopeParameters & rope) {
    const std::vector<RopePair> pairs = rope.found ? rope_pairs(rope) : std::vector<RopePair>();
    const auto size = static_cast<size_t>(size_);
    std::vector<double> query(size);
    for (int64_t row = skipped; row < rows; row++) {
        std::vector<std::array<double, 2>> turns;
        for (const RopePair & pair : pairs) {
            const double angle = -pair.step * static_cast<double>(position + row);
            turns.push_back({ std::cos(angle), std::sin(angle) });
        }
        for (size_t head = 0; head < static_cast<size_t>(heads_); head++) {
            const float * own =
                queries.data() +
                (head * static_cast<size_t>(rows) + static_cast<size_t>(row)) * size;
            query.assign(own, own + size);
            for (size_t j = 0; j < pairs.size(); j++) {
                turn(query.data(), 1, pairs[j], turns[j][0], turns[j][1]);
            }
            double * sum = sum_.data() + head * size;
            double * product = product_.data() + head * size * size;
            for (size_t a = 0; a < size; a++) {
                sum[a] += query[a];
                for (size_t b = 0; b < size; b++) {
                    product[a * size + b] += query[a] * query[b];
                }
            }
        }
        count_++;
    }
}

QueryMoments QueryMomentSums::expected(int64_t position, int64_t horizon,
                                       const RopeParameters & rope) const {
    const auto size = static_cast<size_t>(size_);
    QueryMoments moments;
    moments.heads = heads_;
    moments.size = size_;
    moments.mean.resize(sum_.size(), 0.0f);
    moments.covariance.resize(product_.size(), 0.0f);
    if (count_ == 0) {
        return moments;
    }
    const double n = static_cast<double>(count_);
    std::vector<double> mean(sum_);
    std::vector<double> covariance(product_);
    for (double & value : mean) {
        value /= n;
    }
    for (size_t i = 0; i < covariance.size(); i++) {
        const size_t head = i / (size * size);
        const size_t a = i / size % size;
        covariance[i] = covariance[i] / n - mean[head * size + a] * mean[head * size + i % size];
    }
    for (const RopePair & pair : rope.found ? rope_pairs(rope) : std::vector<RopePair>()) {
        double cosine = 0.0;
        double sine = 0.0;
        for (int64_t p = position; p < position + horizon; p++) {
            cosine += std::cos(pair.step * static_cast<double>(p)) / static_cast<double>(horizon);
            sine += std::sin(pair.step * static_cast<double>(p)) / static_cast<double>(horizon);
        }
        for (size_t head = 0; head < static_cast<size_t>(heads_); head++) {
            turn(mean.data() + head * size, 1, pair, cosine, sine);
            double * own = covariance.data() + head * size * size;
            for (size_t other = 0; other < size; other++) {
                turn(own + other, size, pair, cosine, sine); // R Sigma
            }
            for (size_t other = 0; other < size; other++) {
                turn(own + other * size, 1, pair, cosine, sine); // (R Sigma) R^T
            }
        }
    }
    moments.mean.assign(mean.begin(), mean.end());
    moments.covariance.assign(covariance.begin(), covariance.end());
    return moments;
}

std::vector<double> QueryMomentSums::state() const {
    std::vector<double> all{ static_cast<double>(count_) };
    all.insert(all.end(), sum_.begin(), sum_.end());
    all.insert(all.end(), product_.begin(), product_.end());
    return all;
}

void QueryMomentSums::restore(const double * state, size_t count) {
    require(count == state_size(), "moments of other queries");
    count_ = static_cast<int64_t>(*state);
    std::copy_n(state + 1, sum_.size(), sum_.begin());
    std::copy_n(state + 1 + sum_.size(), product_.size(), product_.begin());
}

} // namespace loci

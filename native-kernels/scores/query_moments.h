#pragma once

#include "policy/policy.h"
#include "tensor/layer_shape.h"

#include <cstdint>
#include <vector>

namespace loci {

/// Accumulates mean and covariance of one layer's queries before RoPE over a stream
/// (ExpectedAttention, arXiv 2510.00636).
class QueryMomentSums {
  public:
    QueryMomentSums() = default;
    QueryMomentSums(int heads, int size);

    /// Adds queries after RoPE, [heads][rows][size], of `rows` tokens from `position` on, and
    /// rotates them back to position 0. Ignores the first `skipped` rows.
    void add(const std::vector<float> & queries, int64_t rows, int64_t position, int64_t skipped,
             const RopeParameters & rope);

    /// Returns the moments rotated to the average of the positions [position, position + horizon):
    /// R mu and R Sigma R^T, where R is the mean rotation. Zero if nothing was added.
    QueryMoments expected(int64_t position, int64_t horizon, const RopeParameters & rope) const;

    /// Returns the state to save: the count, the sums, the products.
    std::vector<double> state() const;
    /// Restores such a state. Throws Error(internal) if the size differs.
    void restore(const double * state, size_t count);
    size_t state_size() const noexcept { return 1 + sum_.size() + product_.size(); }

  private:
    int heads_ = 0;
    int size_ = 0;
    int64_t count_ = 0;
    std::vector<double> sum_;     ///< [heads][size]
    std::vector<double> product_; ///< [heads][size][size]
};

} // namespace loci

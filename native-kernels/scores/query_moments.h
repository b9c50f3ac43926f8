#pragma once

#include "policy/policy.h"
#include "tensor/layer_shape.h"

#include <cstdint>
#include <vector>

namespace loci {

/// Mean and covariance of one layer's queries before RoPE, summed up over a stream
/// (ExpectedAttention, arXiv 2510.00636).
class QueryMomentSums {
  public:
    QueryMomentSums() = default;
    QueryMomentSums(int heads, int size);

    /// Adds queries after RoPE, [heads][rows][size], of `rows` tokens from `position` on; they are
    /// turned back to position 0. The first `skipped` rows do not count.
    void add(const std::vector<float> & queries, int64_t rows, int64_t position, int64_t skipped,
             const RopeParameters & rope);

    /// The moments as seen from the average of the positions [position, position + horizon): with R
    /// the mean rotation, R mu and R Sigma R^T. Zero before anything was added.
    QueryMoments expected(int64_t position, int64_t horizon, const RopeParameters & rope) const;

    /// What was summed up, to be saved: the count, the sums, the products.
    std::vector<double> state() const;
    /// Takes such a state back. Throws Error(internal) where it is of another size.
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

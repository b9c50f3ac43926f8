#pragma once

#include "policy/attention_eviction.h"

#include <vector>

namespace loci {

/// DefensiveKV (arXiv 2510.13334): scores the worst case instead of the mean,
///
///     R_i = average pool of the maximum over the last w rows and the group of A[t][i]
///     s_i = max(R_i, mean of the head's R) * mean over the group of |v_i W_O^h|_1
///
/// and keeps first the tokens that make up `mass` (0.9) of the mean attention. `window` is 32,
/// `pool` 7. Deviations: pooling follows the maximum; value norms are not divided by their sum over
/// the heads; `mass` counts all columns, including the window's own; every head keeps the same
/// number of rows.
class Defensive : public ValueEviction {
  public:
    Defensive();

    LayerScore score(const LayerCandidates & layer, const ScorePlace & place) const override;

  protected:
    PolicyNeeds reads() const override;
    void declare_own(ParameterList & list) override;
    void reserve(const LayerCandidates & layer, const std::vector<float> & evidence, int rows,
                 std::vector<uint8_t> & kept) const override;

  private:
    bool defend = true;
    double mass = 0.9;
};

} // namespace loci

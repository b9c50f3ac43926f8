#include "policy/attention_eviction.h"

namespace loci {

namespace {

/// PyramidKV (arXiv 2406.02069): SnapKV's score, with budgets that decrease linearly from layer to
/// layer (`pyramid_wishes`). Besides the window, the last layer gets 1 / `beta` (20) of the mean.
class PyramidKv final : public AttentionEviction {
  public:
    PyramidKv() {
        observers.rows = Rows::last;
        observers.window = 64;
        attention.aggregate = Aggregate::mean;
        attention.pool = 5;
        allocation.share = share_pyramid;
        allocation.beta = 20.0;
    }

    LayerScore score(const LayerCandidates & layer, const ScorePlace &) const override {
        return attention_score(attention, layer);
    }
};

} // namespace

const MethodEntry pyramid_method = { "pyramid", make_method<PyramidKv> };

} // namespace loci

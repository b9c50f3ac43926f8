#include "policy/attention_eviction.h"

namespace loci {

namespace {

/// SnapKV (arXiv 2404.14469):
///
///     s_i = average pool over i of the mean over the last w rows t and the group of A[t][i]
///
/// `window` (64) and `pool` (5) are as in kvpress; the authors' code uses 32 and a maximum pool of
/// 7 (`--set window=32 --set pool=7 --set pooling=maximum`). The window is never evicted.
/// Deviation: scores are carried (`attention_score`).
class SnapKv final : public AttentionEviction {
  public:
    SnapKv() {
        observers.rows = Rows::last;
        observers.window = 64;
        attention.aggregate = Aggregate::mean;
        attention.pool = 5;
    }

    LayerScore score(const LayerCandidates & layer, const ScorePlace &) const override {
        return attention_score(attention, layer);
    }
};

} // namespace

const MethodEntry snapkv_method = { "snapkv", make_method<SnapKv> };

} // namespace loci

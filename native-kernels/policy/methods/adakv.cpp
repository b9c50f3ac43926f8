#include "policy/attention_eviction.h"

namespace loci {

namespace {

/// Ada-KV (arXiv 2407.11550): SnapKV's score and the same budget for every layer. Within a layer,
/// heads get rows by the number of their scores among the layer's best H k (`ada_wishes`):
///
///     B_h = f_h (1 - alpha) + alpha k
///
/// `alpha` (0.2) is the share of the rows that is divided equally among heads. The other defaults
/// are those of `snapkv`, so that the two differ only in their budgets (the authors' code: `--set
/// window=32 --set pool=7 --set pooling=maximum`). Ada-PyramidKV is `pyramid` with `--set
/// layout=ragged --set head-alpha=0.2`.
/// Deviations: scores are carried (`attention_score`); counts are rounded together so that their
/// sum is the budget, not head by head, and above `granule` rows to its multiples; protected tokens
/// win first.
class AdaKv final : public AttentionEviction {
  public:
    AdaKv() {
        observers.rows = Rows::last;
        observers.window = 64;
        attention.aggregate = Aggregate::mean;
        attention.pool = 5;
        allocation.share = share_ada;
        allocation.alpha = 0.2;
        layout.ragged = true;
    }

    LayerScore score(const LayerCandidates & layer, const ScorePlace &) const override {
        return attention_score(attention, layer);
    }
};

} // namespace

const MethodEntry adakv_method = { "adakv", make_method<AdaKv> };

} // namespace loci

#include "policy/attention_eviction.h"

namespace loci {

namespace {

/// CAKE (arXiv 2503.12491), over the w rows of the window (32), with pooling (5):
///
///     s_i = average pool of (mean + 200 * variance over the rows t of a[t][i])
///
/// where a is the mean over the group; layers get rows by entropy and variance of their attention
/// (`cake_wishes`).
class Cake final : public AttentionEviction {
  public:
    Cake() {
        observers.rows = Rows::last;
        observers.window = 32;
        attention.aggregate = Aggregate::variance;
        attention.pool = 5;
        allocation.share = share_cake;
    }

    LayerScore score(const LayerCandidates & layer, const ScorePlace &) const override {
        return attention_score(attention, layer);
    }
};

} // namespace

const MethodEntry cake_method = { "cake", make_method<Cake> };

} // namespace loci

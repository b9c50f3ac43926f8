#include "policy/attention_eviction.h"

namespace loci {

namespace {

/// LaProx (arXiv 2605.07234), per KV head:
///
///     a_i = L2 norm over the last w rows t of the mean over the group's query heads of A[t][i]
///     p_i = average pool of a, times the mean over the group of |v_i W_O^h|
///     s_i = p_i / sum of p over the whole layer (all heads, without the newest columns)
///
/// and one model-wide top-K over s (`share_model`). As in the paper's appendix, the group is
/// averaged before the product; the other reading is `aggregate=apart`: one product per head, then
/// the mean, then pooling.
/// `window` (32), `pool` (7); `floor` (0.2) is the share of the mean budget that each head's best
/// rows get before the heads compete.
/// Deviations: layers are rectangular (see `model_wide_wishes`); the floor; the attention is
/// carried.
class LaProx final : public ValueEviction {
  public:
    LaProx() {
        observers.rows = Rows::last;
        observers.window = 32;
        attention.aggregate = Aggregate::l2;
        attention.pool = 7;
        values.term = ValueTerm::projected;
        allocation.share = share_model;
        allocation.floor = 0.2;
    }

    LayerScore score(const LayerCandidates & layer, const ScorePlace &) const override {
        LayerScore score = attention_score(attention, layer);
        weigh_by_values(values, attention.aggregate, layer, score.rank);
        return score;
    }
};

} // namespace

const MethodEntry laprox_method = { "laprox", make_method<LaProx> };

} // namespace loci

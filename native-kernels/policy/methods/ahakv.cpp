#include "policy/attention_eviction.h"

namespace loci {

namespace {

/// AhaKV (arXiv 2506.03762), per KV head:
///
///     S_i = mean over the last r rows of softmax(lambda q.k)_i, mean over the group's query heads
///     v_i = |value_i|^2,  g = average pool of v,  score_i = g_i / max(g) * S_i
///
/// with lambda as in `self_guided_scale`; every head of every layer keeps the same number of rows.
/// `window` (32) is r; the paper does not state `value-pool` (7). Deviation: S is carried
/// (`attention_score`).
class AhaKv final : public ValueEviction {
  public:
    AhaKv() {
        observers.rows = Rows::last;
        observers.window = 32;
        observers.self_guided = true;
        attention.aggregate = Aggregate::mean;
        values.term = ValueTerm::squared;
        values.pool = 7;
    }

    LayerScore score(const LayerCandidates & layer, const ScorePlace &) const override {
        LayerScore score = attention_score(attention, layer);
        weigh_by_values(values, attention.aggregate, layer, score.rank);
        return score;
    }
};

} // namespace

const MethodEntry ahakv_method = { "ahakv", make_method<AhaKv> };

} // namespace loci

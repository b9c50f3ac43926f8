#include "policy/attention_eviction.h"

namespace loci {

namespace {

/// KVzip+ (arXiv 2601.07891): KVzip's attention times the norm of the projected value,
///
///     s_i = max over the rows of the repetition and the group of A[t][i], times |v_i W_O^h|
///
/// Deviations: not divided by the norm of the hidden state, which llama.cpp's graph does not
/// expose; layers are compared by shares.
class KvZipPlus final : public ValueEviction {
  public:
    KvZipPlus() {
        observers.rows = Rows::repeat;
        attention.aggregate = Aggregate::maximum;
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

const MethodEntry kvzip_plus_method = { "kvzip-plus", make_method<KvZipPlus> };

} // namespace loci

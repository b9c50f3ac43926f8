#include "policy/attention_eviction.h"

namespace loci {

namespace {

/// KVzip (arXiv 2505.23416): repeats the chunk after itself, teacher-forced,
///
///     s_i = max over the rows of the repetition and the group of A[t][i]
///
/// where the softmax runs only over the first tokens of the stream, the chunk and the repetition;
/// one top-K over all layers and heads. Costs more than a second prefill. Deviations: each chunk of
/// a stream is repeated when it is read, against the rows that are still held; scores are carried
/// and never recomputed; layers are rectangular, with a floor of 0.2.
class KvZip final : public AttentionEviction {
  public:
    KvZip() {
        observers.rows = Rows::repeat;
        attention.aggregate = Aggregate::maximum;
        allocation.share = share_model;
        allocation.normalise = false;
        allocation.floor = 0.2;
    }

    LayerScore score(const LayerCandidates & layer, const ScorePlace &) const override {
        return attention_score(attention, layer);
    }
};

} // namespace

const MethodEntry kvzip_method = { "kvzip", make_method<KvZip> };

} // namespace loci

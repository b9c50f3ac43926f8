#include "policy/eviction.h"

namespace loci {

namespace {

/// StreamingLLM (arXiv 2309.17453): the first tokens of the stream, which attract attention
/// whatever they say, and the most recent ones. Reads no scores. `sinks` is 4; other comparisons
/// use up to 128. Deviations: protected tokens stay too; keys keep the positions that the memory
/// gives them, where the paper rotates by cache position at every step.
class StreamingLlm final : public Eviction {
  public:
    StreamingLlm() { protection.sinks = 4; }

    LayerScore score(const LayerCandidates & layer, const ScorePlace &) const override {
        return position_score(layer);
    }

  protected:
    PolicyNeeds reads() const override { return {}; }
};

} // namespace

const MethodEntry streaming_method = { "streaming", make_method<StreamingLlm> };

} // namespace loci

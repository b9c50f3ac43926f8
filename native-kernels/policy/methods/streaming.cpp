#include "policy/eviction.h"

namespace loci {

namespace {

/// StreamingLLM (arXiv 2309.17453): keeps the first tokens of the stream, which attract attention
/// regardless of content, and the most recent ones. Needs no scores. `sinks` is 4; other
/// comparisons use up to 128. Deviations: protected tokens also stay; keys keep the positions
/// assigned by the memory, whereas the paper rotates by cache position at every step.
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

#include "policy/eviction.h"

namespace loci {

namespace {

/// Keeps a uniform sample of the tokens, different in every head: the baseline to beat.
class Random final : public Eviction {
  public:
    LayerScore score(const LayerCandidates & layer, const ScorePlace & place) const override {
        return random_score(drawing.seed, layer, place);
    }

  protected:
    PolicyNeeds reads() const override { return {}; }
};

} // namespace

const MethodEntry random_method = { "random", make_method<Random> };

} // namespace loci

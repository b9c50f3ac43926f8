#include "policy/eviction.h"

namespace loci {

namespace {

/// A uniform sample of the tokens, another one in every head: what any method must beat.
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

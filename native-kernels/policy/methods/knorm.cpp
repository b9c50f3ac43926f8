#include "policy/eviction.h"

namespace loci {

namespace {

/// Knorm (arXiv 2406.11430): keeps the keys with the smallest norms,
///
///     s_i = -|k_i|
///
class Knorm final : public Eviction {
  public:
    LayerScore score(const LayerCandidates & layer, const ScorePlace &) const override {
        return knorm_score(layer);
    }

  protected:
    PolicyNeeds reads() const override {
        PolicyNeeds needs;
        needs.keys = true;
        return needs;
    }
};

} // namespace

const MethodEntry knorm_method = { "knorm", make_method<Knorm> };

} // namespace loci

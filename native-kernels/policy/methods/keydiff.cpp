#include "policy/eviction.h"

namespace loci {

namespace {

/// KeyDiff (arXiv 2504.15364): keeps the keys that differ most from the mean direction of the keys
/// in their head,
///
///     s_i = -cos(k_i, mean over the head's slots j of k_j / |k_j|)
///
/// Needs no queries.
class KeyDiff final : public Eviction {
  public:
    LayerScore score(const LayerCandidates & layer, const ScorePlace &) const override {
        return keydiff_score(layer);
    }

  protected:
    PolicyNeeds reads() const override {
        PolicyNeeds needs;
        needs.keys = true;
        return needs;
    }
};

} // namespace

const MethodEntry keydiff_method = { "keydiff", make_method<KeyDiff> };

} // namespace loci

#include "policy/methods/defensive.h"

namespace loci {

namespace {

/// Layer-DefensiveKV (arXiv 2510.13334): DefensiveKV's score with one top-K over all layers and
/// heads (`share_model`; scores are shares of their layer, as raw scores of different layers are
/// not comparable).
class LayerDefensive final : public Defensive {
  public:
    LayerDefensive() {
        allocation.share = share_model;
        allocation.floor = 0.2;
    }
};

} // namespace

const MethodEntry layer_defensive_method = { "layer-defensive", make_method<LayerDefensive> };

} // namespace loci

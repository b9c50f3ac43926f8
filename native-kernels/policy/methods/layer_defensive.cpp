#include "policy/methods/defensive.h"

namespace loci {

namespace {

/// Layer-DefensiveKV (arXiv 2510.13334): DefensiveKV's score with one top-K over all layers and
/// heads (`share_model`, scores as shares of their layer: raw scores of layers are not comparable).
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

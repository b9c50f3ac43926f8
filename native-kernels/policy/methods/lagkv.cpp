#include "policy/eviction.h"
#include "policy/lag_score.h"

namespace loci {

namespace {

/// LagKV (arXiv 2504.04704), see `lag_score`. The newest partition stays until the next one has
/// been read, which its scores need.
class LagKv final : public Eviction {
  public:
    LagKv() {
        protection.sinks = 4;
        protection.recent = 128;
    }

    LayerScore score(const LayerCandidates & layer, const ScorePlace &) const override {
        return lag_score(partition, layer);
    }

  protected:
    PolicyNeeds reads() const override {
        PolicyNeeds needs;
        needs.keys = true;
        needs.values = true;
        return needs;
    }

    void declare_own(ParameterList & list) override {
        list.whole("partition", partition, 2, 1024,
                   "How many tokens are scored together, by the next ones.");
    }

  private:
    int partition = 128;
};

} // namespace

const MethodEntry lagkv_method = { "lagkv", make_method<LagKv> };

} // namespace loci

#include "core/error.h"
#include "policy/attention_score.h"
#include "policy/eviction.h"

namespace loci {

namespace {

/// TOVA (arXiv 2401.06104): the last row's attention, averaged over all heads of the layer; all
/// heads keep the same tokens,
///
///     s_i = mean over all query heads of A[last row][i]
///
/// Scores afresh at each compression: `carry` is 0.
class Tova final : public Eviction {
  public:
    Tova() {
        observers.rows = Rows::last;
        observers.window = 1;
    }

    LayerScore score(const LayerCandidates & layer, const ScorePlace &) const override {
        if (layer.attention.empty()) {
            return { layer.carried, layer.carried };
        }
        std::vector<float> evidence = aggregated(Aggregate::mean, layer);
        if (shared) {
            share_heads(layer, evidence);
        }
        join_carried(carry, layer, evidence);
        return { evidence, evidence };
    }

  protected:
    PolicyNeeds reads() const override {
        PolicyNeeds needs;
        needs.attention.statistics = { Statistic::sum };
        return needs;
    }

    void declare_own(ParameterList & list) override {
        declare_carry(list, carry);
        list.word<bool>("heads", shared, { { "apart", false }, { "shared", true } },
                        "Whether each head keeps its own tokens, or all of a layer the same.");
    }

    void check() const override {
        Eviction::check();
        if (layout.ragged && shared) {
            throw Error(ErrorCode::invalid_argument,
                        "The policy tova keeps the same tokens in all heads of a layer, so their "
                        "numbers cannot differ. Choose layout=rectangular or heads=apart.");
        }
    }

  private:
    double carry = 0.0;
    bool shared = true;
};

} // namespace

const MethodEntry tova_method = { "tova", make_method<Tova> };

} // namespace loci

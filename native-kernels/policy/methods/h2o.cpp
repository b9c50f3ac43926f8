#include "policy/attention_score.h"
#include "policy/eviction.h"

#include <algorithm>
#include <cmath>

namespace loci {

namespace {

/// H2O (arXiv 2306.14048): the attention that a token has received from all queries so far,
///
///     s_i = (sum over all rows t >= i of the mean over the group of A[t][i]) / (rows that saw i)
///
/// `carry` (1) is the weight of earlier chunks' sums. Deviations: sums are divided by the number of
/// rows that could see the token (as in kvpress; otherwise early tokens always win); the last
/// `recent` tokens stay, instead of half the budget for recent tokens.
class H2o final : public Eviction {
  public:
    H2o() { observers.rows = Rows::all; }

    LayerScore score(const LayerCandidates & layer, const ScorePlace & place) const override {
        LayerScore score;
        score.evidence = layer.attention.empty() ? layer.carried : layer.attention.sum;
        for (size_t i = 0; i < layer.attention.sum.size(); i++) {
            add_carried(layer.carried[i], score.evidence[i]);
        }
        score.rank = score.evidence;
        for (size_t i = 0; i < score.rank.size(); i++) {
            const int64_t seen = place.stream_tokens - layer.token[i];
            score.rank[i] /= static_cast<float>(std::max<int64_t>(seen, 1));
        }
        return score;
    }

  protected:
    PolicyNeeds reads() const override {
        PolicyNeeds needs;
        needs.attention.statistics = { Statistic::sum };
        return needs;
    }

    void declare_own(ParameterList & list) override { declare_carry(list, carry); }

    // Sums continue, so the newest rows count like all others.
    int unscored() const override { return 0; }

  private:
    void add_carried(float carried, float & sum) const {
        const float before = static_cast<float>(carry) * carried;
        if (std::isfinite(before) && carried >= 0.0f) {
            sum = std::isfinite(sum) ? sum + before : before;
        }
    }

    double carry = 1.0;
};

} // namespace

const MethodEntry h2o_method = { "h2o", make_method<H2o> };

} // namespace loci

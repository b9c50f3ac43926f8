#include "policy/eviction.h"
#include "policy/expected_score.h"

namespace loci {

namespace {

/// ExpectedAttention (arXiv 2510.00636): the expected attention of future queries, times |v|,
///
///     s_i = (softmax over i of (k_i.mu / sqrt(d) + k_i^T Sigma k_i / (2 d)) + epsilon) * |v_i|
///
/// with the softmax averaged over the group, see `expected_score`. `epsilon` is 0; with adaptive
/// budgets, use 0.02.
class Expected final : public Eviction {
  public:
    LayerScore score(const LayerCandidates & layer, const ScorePlace &) const override {
        return expected_score(term, epsilon, layer);
    }

  protected:
    PolicyNeeds reads() const override {
        PolicyNeeds needs;
        needs.keys = true;
        needs.query_moments = true;
        needs.value = need_of(term);
        return needs;
    }

    void declare_own(ParameterList & list) override { declare_value(list, term, epsilon); }

  private:
    ValueTerm term = ValueTerm::squared;
    double epsilon = 0.0;
};

} // namespace

const MethodEntry expected_method = { "expected", make_method<Expected> };

} // namespace loci

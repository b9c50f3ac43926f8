#include "policy/attention_eviction.h"

namespace loci {

namespace {

/// CriticalKV (arXiv 2502.03805): half of each head's rows by attention alone, the others by
///
///     (SnapKV's score + 1e-4) * mean over the group of |v_i W_O^h|_1
///
/// `value` may also be `projected`, the L2 norm by the Gram trick.
class CriticalKv final : public ValueEviction {
  public:
    CriticalKv() {
        observers.rows = Rows::last;
        observers.window = 64;
        attention.aggregate = Aggregate::mean;
        attention.pool = 5;
        values.term = ValueTerm::l1;
        values.epsilon = 1e-4;
    }

    LayerScore score(const LayerCandidates & layer, const ScorePlace &) const override {
        LayerScore score = attention_score(attention, layer);
        weigh_by_values(values, attention.aggregate, layer, score.rank);
        return score;
    }

  protected:
    void declare_own(ParameterList & list) override {
        ValueEviction::declare_own(list);
        list.real("critical", critical, 0, 1,
                  "The share of a head's tokens that the attention alone decides.");
    }

    void reserve(const LayerCandidates & layer, const std::vector<float> & evidence, int rows,
                 std::vector<uint8_t> & kept) const override {
        reserve_critical(critical, layer, evidence, rows, kept);
    }

  private:
    double critical = 0.5;
};

} // namespace

const MethodEntry criticalkv_method = { "criticalkv", make_method<CriticalKv> };

} // namespace loci

#include "policy/ahakv.h"

#include "core/error.h"
#include "policy/parallel.h"
#include "policy/parameters.h"
#include "policy/pooling.h"
#include "policy/selection.h"

#include <algorithm>
#include <cmath>

namespace loci {

float self_guided_scale(int visible, int budget, int head_size) {
    require(visible > 0 && budget > 0 && head_size > 0, "a self-guided scale of nothing");
    const double ratio = static_cast<double>(visible) / static_cast<double>(budget);
    const double spread = std::max(std::log(ratio), std::log(1.05));
    return static_cast<float>(std::sqrt(2.0 * spread / static_cast<double>(head_size)));
}

namespace {

/// AhaKV (arXiv 2506.03762), per KV head:
///
///     S_i = sum over the last r rows of softmax(lambda q.k)_i, mean over the group's query heads
///     v_i = |value_i|^2,  g = average pool of v,  score_i = g_i / max(g) * S_i
///
/// with lambda as in `self_guided_scale`; every head of every layer keeps the same number.
///
/// Parameters: `window` (32), the r observation rows; `pool` (7), the width of the value prior's
/// pooling, which the paper does not give; `carry` (1), see `apply_carried`.
/// Deviations: scores are carried; where layers do not divide the budget, the lowest get the rest;
/// the observation window's own columns are not carried, because they see themselves.
class AhaKv final : public Policy {
  public:
    AhaKv(int window, int pool, double carry) : window_(window), pool_(pool), carry_(carry) {}

    const char * name() const noexcept override { return "ahakv"; }

    PolicyNeeds needs() const noexcept override {
        return { { AttentionNeed::Rows::sum, window_, true }, ValueNeed::squared_norm };
    }

    std::vector<LayerSelection> select(const SelectionRequest & request) const override {
        check_request(request);
        if (everything_fits(request)) {
            return keep_everything(request);
        }
        check_scores(request, needs());
        const auto kept = kept_slots(request, 0);
        const auto rows =
            uniform_rows(layer_bounds(request, kept), request.budget_rows, request.granule);
        std::vector<LayerSelection> selections(request.layers.size());
        for_each_layer(selections.size(), entry_count(request), [&](size_t l) {
            const LayerCandidates & layer = request.layers[l];
            selections[l] = select_layer(layer, score(layer), kept[l], rows[l], window_);
        });
        return selections;
    }

  private:
    std::vector<float> score(const LayerCandidates & layer) const {
        std::vector<float> scores(layer.attention.size());
        std::vector<float> prior(static_cast<size_t>(layer.slots));
        for (size_t head = 0; head < static_cast<size_t>(layer.kv_heads); head++) {
            const size_t base = head * prior.size();
            average_pool(layer.value.data() + base, layer.slots, pool_, prior.data());
            const float most = prior.empty() ? 0.0f : *std::max_element(prior.begin(), prior.end());
            const float factor = most > 0.0f ? 1.0f / most : 0.0f;
            for (size_t i = 0; i < prior.size(); i++) {
                // A value that is not finite was pooled as zero; its own slot must not profit.
                const float own = std::isfinite(layer.value[base + i]) ? prior[i] * factor : NAN;
                scores[base + i] = own * layer.attention[base + i];
            }
        }
        apply_carried(layer.carried, carry_, scores);
        return scores;
    }

    int window_;
    int pool_;
    double carry_;
};

} // namespace

std::unique_ptr<Policy> make_ahakv(const PolicyParameters & parameters) {
    const auto values = resolve_parameters("ahakv",
                                           { { "window", 32, 1, 512, NumberKind::whole },
                                             { "pool", 7, 1, 63, NumberKind::odd },
                                             { "carry", 1.0, 0.0, 1.0, NumberKind::real } },
                                           parameters);
    return std::make_unique<AhaKv>(static_cast<int>(values[0]), static_cast<int>(values[1]),
                                   values[2]);
}

} // namespace loci
